package org.example.shop.catalog;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import jakarta.validation.constraints.Min;
import org.example.shop.Named;

@Entity
public class Review extends Named {
    @Min(0)
    private int stars;
    @ManyToOne
    private Product product;
}
