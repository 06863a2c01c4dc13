package org.example.shop.catalog;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/reviews")
class ReviewController extends NamedController<Review> {
    ReviewController(ReviewRepository repository) {
        super(repository);
    }
}
