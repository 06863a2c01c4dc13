package org.example.shop.people;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/customers")
class CustomerController extends NamedController<Customer> {
    CustomerController(CustomerRepository repository) {
        super(repository);
    }
}
