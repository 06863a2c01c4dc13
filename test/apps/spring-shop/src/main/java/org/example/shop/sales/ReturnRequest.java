package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import org.example.shop.Named;

@Entity
public class ReturnRequest extends Named {
    private String reason;
    @ManyToOne
    private OrderLine orderLine;
}
