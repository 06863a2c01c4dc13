package org.example.shop.stock;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/shipments")
class ShipmentController extends NamedController<Shipment> {
    ShipmentController(ShipmentRepository repository) {
        super(repository);
    }
}
