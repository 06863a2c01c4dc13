package org.example.shop.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.Min;
import org.example.shop.Named;
import org.example.shop.catalog.Supplier;

@Entity
public class Delivery extends Named {
    @Min(0)
    private int pallets;
    @ManyToOne
    private Supplier supplier;
    @ManyToOne
    private Warehouse warehouse;
}
