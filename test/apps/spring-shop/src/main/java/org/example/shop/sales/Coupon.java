package org.example.shop.sales;

import jakarta.persistence.Entity;
import jakarta.validation.constraints.Min;
import java.time.LocalDate;
import org.example.shop.Named;

@Entity
public class Coupon extends Named {
    @Min(0)
    private int percent;
    private LocalDate validUntil;
}
