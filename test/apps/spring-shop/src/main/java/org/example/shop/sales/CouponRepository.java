package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface CouponRepository extends NamedRepository<Coupon> {
}
