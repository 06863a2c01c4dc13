package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import java.time.LocalDate;
import org.example.shop.Named;

@Entity
public class Invoice extends Named {
    private LocalDate issuedOn;
    @ManyToOne
    private PurchaseOrder purchaseOrder;
}
