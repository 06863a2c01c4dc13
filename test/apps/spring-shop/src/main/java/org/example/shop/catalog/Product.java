package org.example.shop.catalog;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import org.example.shop.Named;

@Entity
public class Product extends Named {
    @PositiveOrZero
    private BigDecimal price;
    @ManyToOne
    private Category category;
    @ManyToOne
    private Supplier supplier;
}
