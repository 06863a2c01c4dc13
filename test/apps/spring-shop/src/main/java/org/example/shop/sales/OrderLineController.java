package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/order-lines")
class OrderLineController extends NamedController<OrderLine> {
    OrderLineController(OrderLineRepository repository) {
        super(repository);
    }
}
