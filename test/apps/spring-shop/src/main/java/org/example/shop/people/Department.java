package org.example.shop.people;

import jakarta.persistence.Entity;
import jakarta.persistence.ManyToOne;
import org.example.shop.Named;

@Entity
public class Department extends Named {
    @ManyToOne
    private Employee head;
}
