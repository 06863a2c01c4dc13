package org.example.shop.catalog;

import org.example.shop.NamedRepository;

public interface ReviewRepository extends NamedRepository<Review> {
}
