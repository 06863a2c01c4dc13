package org.example.shop.stock;

import jakarta.persistence.Entity;
import org.example.shop.Named;

@Entity
public class Carrier extends Named {
    private String phone;
}
