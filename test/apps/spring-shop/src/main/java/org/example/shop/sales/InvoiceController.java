package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/invoices")
class InvoiceController extends NamedController<Invoice> {
    InvoiceController(InvoiceRepository repository) {
        super(repository);
    }
}
