package org.example.shop.catalog;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/suppliers")
class SupplierController extends NamedController<Supplier> {
    SupplierController(SupplierRepository repository) {
        super(repository);
    }
}
