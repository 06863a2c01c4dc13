package org.example.shop.stock;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/stock-levels")
class StockLevelController extends NamedController<StockLevel> {
    StockLevelController(StockLevelRepository repository) {
        super(repository);
    }
}
