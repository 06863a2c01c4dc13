package org.example.shop.stock;

import org.example.shop.NamedRepository;

public interface WarehouseRepository extends NamedRepository<Warehouse> {
}
