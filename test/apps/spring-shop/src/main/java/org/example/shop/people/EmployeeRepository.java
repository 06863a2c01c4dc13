package org.example.shop.people;

import org.example.shop.NamedRepository;

public interface EmployeeRepository extends NamedRepository<Employee> {
}
