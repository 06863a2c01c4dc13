package org.example.shop;

import org.example.shop.catalog.ProductRepository;
import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class PageController {
    private final ProductRepository products;

    PageController(ProductRepository products) {
        this.products = products;
    }

    @GetMapping("/")
    String products(Model model) {
        model.addAttribute("products", products.findAll(Sort.by("name")));
        return "products";
    }
}
