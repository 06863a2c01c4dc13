package org.example.shop.people;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/addresses")
class AddressController extends NamedController<Address> {
    AddressController(AddressRepository repository) {
        super(repository);
    }
}
