package org.example.shop.stock;

import org.example.shop.NamedRepository;

public interface StockLevelRepository extends NamedRepository<StockLevel> {
}
