package org.example.shop.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.Min;
import org.example.shop.Named;
import org.example.shop.catalog.Product;

@Entity
public class StockLevel extends Named {
    @Min(0)
    private int amount;
    @ManyToOne
    private Product product;
    @ManyToOne
    private Warehouse warehouse;
}
