package org.example.shop.stock;

import jakarta.persistence.Entity;
import org.example.shop.Named;

@Entity
public class Warehouse extends Named {
    private String city;
}
