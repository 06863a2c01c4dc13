package org.example.shop.sales;

import org.example.shop.NamedRepository;

public interface PurchaseOrderRepository extends NamedRepository<PurchaseOrder> {
}
