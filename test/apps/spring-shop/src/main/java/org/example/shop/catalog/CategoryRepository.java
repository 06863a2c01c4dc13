package org.example.shop.catalog;

import org.example.shop.NamedRepository;

public interface CategoryRepository extends NamedRepository<Category> {
}
