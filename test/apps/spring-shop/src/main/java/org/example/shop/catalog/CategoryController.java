package org.example.shop.catalog;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/categories")
class CategoryController extends NamedController<Category> {
    CategoryController(CategoryRepository repository) {
        super(repository);
    }
}
