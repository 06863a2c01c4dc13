package org.example.shop.people;

import jakarta.persistence.Entity;
import java.time.LocalDate;
import org.example.shop.Named;

@Entity
public class Employee extends Named {
    private String position;
    private LocalDate hiredOn;
}
