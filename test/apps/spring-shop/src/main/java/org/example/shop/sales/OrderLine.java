package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.Min;
import org.example.shop.Named;
import org.example.shop.catalog.Product;

@Entity
public class OrderLine extends Named {
    @Min(0)
    private int quantity;
    @ManyToOne
    private Product product;
    @ManyToOne
    private PurchaseOrder purchaseOrder;
}
