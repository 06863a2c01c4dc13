package org.example.shop.catalog;

import org.example.shop.NamedRepository;

public interface SupplierRepository extends NamedRepository<Supplier> {
}
