package org.example.shop.stock;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/warehouses")
class WarehouseController extends NamedController<Warehouse> {
    WarehouseController(WarehouseRepository repository) {
        super(repository);
    }
}
