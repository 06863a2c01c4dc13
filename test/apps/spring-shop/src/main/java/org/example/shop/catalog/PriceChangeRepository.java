package org.example.shop.catalog;

import org.example.shop.NamedRepository;

public interface PriceChangeRepository extends NamedRepository<PriceChange> {
}
