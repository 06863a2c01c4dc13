package org.example.shop.stock;

import org.example.shop.NamedRepository;

public interface CarrierRepository extends NamedRepository<Carrier> {
}
