// Package stock serves batches, stock levels, printing, outlets and the sale of printed vouchers.
// Making and pausing batches belongs to internal/shop/stock.
// Package admin mounts its routes.
package stock
