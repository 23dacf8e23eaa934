// Package orders serves the order list and one order with its timeline and actions.
// What may be done with an order is decided by internal/order and internal/shop/orders.
// Package admin mounts its routes.
package orders
