package org.example.shop.catalog;

import jakarta.persistence.Entity;
import jakarta.validation.constraints.Email;
import org.example.shop.Named;

@Entity
public class Supplier extends Named {
    private String country;
    @Email
    private String email;
}
