package org.example.shop.stock;

import org.example.shop.NamedRepository;

public interface DeliveryRepository extends NamedRepository<Delivery> {
}
