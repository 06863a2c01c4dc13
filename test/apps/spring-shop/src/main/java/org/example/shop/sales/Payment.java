package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import org.example.shop.Named;

@Entity
public class Payment extends Named {
    @PositiveOrZero
    private BigDecimal amount;
    @ManyToOne
    private PurchaseOrder purchaseOrder;
}
