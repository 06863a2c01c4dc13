package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface ReturnRequestRepository extends NamedRepository<ReturnRequest> {
}
