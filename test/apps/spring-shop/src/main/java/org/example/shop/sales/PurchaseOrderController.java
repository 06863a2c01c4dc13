package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/orders")
class PurchaseOrderController extends NamedController<PurchaseOrder> {
    PurchaseOrderController(PurchaseOrderRepository repository) {
        super(repository);
    }
}
