package org.example.shop.stock;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/deliveries")
class DeliveryController extends NamedController<Delivery> {
    DeliveryController(DeliveryRepository repository) {
        super(repository);
    }
}
