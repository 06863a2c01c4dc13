package org.example.shop.people;

import jakarta.persistence.Entity;
import jakarta.validation.constraints.Email;
import org.example.shop.Named;

@Entity
public class Customer extends Named {
    @Email
    private String email;
    private boolean newsletter;
}
