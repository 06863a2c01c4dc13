package org.example.shop.catalog;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import org.example.shop.Named;

@Entity
public class PriceChange extends Named {
    @PositiveOrZero
    private BigDecimal oldPrice;
    @PositiveOrZero
    private BigDecimal newPrice;
    @ManyToOne
    private Product product;
}
