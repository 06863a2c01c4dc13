package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface OrderLineRepository extends NamedRepository<OrderLine> {
}
