package org.example.shop.sales;

import org.example.shop.NamedController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/coupons")
class CouponController extends NamedController<Coupon> {
    CouponController(CouponRepository repository) {
        super(repository);
    }
}
