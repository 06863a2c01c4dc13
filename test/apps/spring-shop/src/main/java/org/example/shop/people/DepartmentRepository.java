package org.example.shop.people;

import org.example.shop.NamedRepository;

public interface DepartmentRepository extends NamedRepository<Department> {
}
