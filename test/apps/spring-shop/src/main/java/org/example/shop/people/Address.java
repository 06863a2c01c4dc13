package org.example.shop.people;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import org.example.shop.Named;

@Entity
public class Address extends Named {
    private String street;
    private String city;
    @ManyToOne
    private Customer customer;
}
