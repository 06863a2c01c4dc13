package org.example.shop.stock;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/carriers")
class CarrierController extends NamedController<Carrier> {
    CarrierController(CarrierRepository repository) {
        super(repository);
    }
}
