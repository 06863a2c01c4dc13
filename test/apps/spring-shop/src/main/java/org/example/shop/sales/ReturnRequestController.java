package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/returns")
class ReturnRequestController extends NamedController<ReturnRequest> {
    ReturnRequestController(ReturnRequestRepository repository) {
        super(repository);
    }
}
