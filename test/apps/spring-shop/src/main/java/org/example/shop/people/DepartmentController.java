package org.example.shop.people;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/departments")
class DepartmentController extends NamedController<Department> {
    DepartmentController(DepartmentRepository repository) {
        super(repository);
    }
}
