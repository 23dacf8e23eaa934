// Package refunds serves the money page: refunds, receivables, write-offs and payments that name no order.
// Whether money goes back is decided by internal/order and internal/shop/refunds.
// Package admin mounts its routes.
package refunds
