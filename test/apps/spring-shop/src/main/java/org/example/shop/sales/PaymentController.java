package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/payments")
class PaymentController extends NamedController<Payment> {
    PaymentController(PaymentRepository repository) {
        super(repository);
    }
}
