insert into category (name, description) values ('Tea', 'Leaves and bags'), ('Coffee', 'Beans and ground'), ('Cups', 'To drink from');
insert into supplier (name, country, email) values ('Hill Garden', 'LK', 'sales@hill.example'), ('Roast House', 'IT', 'sales@roast.example');
insert into product (name, price, category_id, supplier_id) values
  ('Assam', 5.20, 1, 1), ('Darjeeling', 7.90, 1, 1), ('Sencha', 6.40, 1, 1), ('Espresso', 8.50, 2, 2), ('Filter roast', 7.10, 2, 2), ('Blue cup', 12.00, 3, 2);
insert into customer (name, email, newsletter) values ('Ada', 'ada@mail.example', true), ('Grace', 'grace@mail.example', false);
insert into address (name, street, city, customer_id) values ('home', '1 Long Lane', 'London', 1), ('work', '2 Short Street', 'New York', 2);
insert into warehouse (name, city) values ('North', 'Leeds'), ('South', 'Dover');
insert into stock_level (name, amount, product_id, warehouse_id) values ('Assam north', 40, 1, 1), ('Espresso south', 15, 4, 2);
insert into purchase_order (name, customer_id, deliver_to_id) values ('first order', 1, 1);
insert into order_line (name, quantity, product_id, purchase_order_id) values ('tea for Ada', 2, 1, 1);
