package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface PaymentRepository extends NamedRepository<Payment> {
}
