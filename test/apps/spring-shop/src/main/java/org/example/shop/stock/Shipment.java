package org.example.shop.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import java.time.LocalDate;
import org.example.shop.Named;
import org.example.shop.sales.PurchaseOrder;

@Entity
public class Shipment extends Named {
    private LocalDate sentOn;
    @ManyToOne
    private Carrier carrier;
    @ManyToOne
    private PurchaseOrder purchaseOrder;
}
