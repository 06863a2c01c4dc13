package org.example.shop.catalog;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/products")
class ProductController extends NamedController<Product> {
    ProductController(ProductRepository repository) {
        super(repository);
    }
}
