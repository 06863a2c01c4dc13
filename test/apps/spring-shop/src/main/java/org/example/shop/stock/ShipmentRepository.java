package org.example.shop.stock;

import org.example.shop.NamedRepository;

public interface ShipmentRepository extends NamedRepository<Shipment> {
}
