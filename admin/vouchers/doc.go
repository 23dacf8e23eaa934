// Package vouchers serves one voucher, the search for vouchers, and switching them off and on.
// Batches and printing belong to package stock beside it.
// Package admin mounts its routes.
package vouchers
