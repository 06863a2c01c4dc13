package org.example.shop.people;

import org.example.shop.NamedRepository;

public interface CustomerRepository extends NamedRepository<Customer> {
}
