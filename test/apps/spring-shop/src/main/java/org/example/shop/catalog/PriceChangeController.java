package org.example.shop.catalog;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/price-changes")
class PriceChangeController extends NamedController<PriceChange> {
    PriceChangeController(PriceChangeRepository repository) {
        super(repository);
    }
}
