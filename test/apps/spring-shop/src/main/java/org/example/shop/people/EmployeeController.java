package org.example.shop.people;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/employees")
class EmployeeController extends NamedController<Employee> {
    EmployeeController(EmployeeRepository repository) {
        super(repository);
    }
}
