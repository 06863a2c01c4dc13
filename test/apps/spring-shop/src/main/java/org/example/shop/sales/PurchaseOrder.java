package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import org.example.shop.Named;
import org.example.shop.people.Address;
import org.example.shop.people.Customer;

@Entity
public class PurchaseOrder extends Named {
    @ManyToOne
    private Customer customer;
    @ManyToOne
    private Address deliverTo;
    @ManyToOne
    private Coupon coupon;
}
