package org.example.shop.people;

import org.example.shop.NamedRepository;

public interface AddressRepository extends NamedRepository<Address> {
}
