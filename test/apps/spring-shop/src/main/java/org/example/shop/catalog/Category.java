package org.example.shop.catalog;

import jakarta.persistence.Entity;
import org.example.shop.Named;

@Entity
public class Category extends Named {
    private String description;
}
