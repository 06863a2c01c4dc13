package org.example.shop.catalog;

import org.example.shop.NamedRepository;

public interface ProductRepository extends NamedRepository<Product> {
}
