package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface InvoiceRepository extends NamedRepository<Invoice> {
}
