package web

import (
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// Serial names a voucher of a batch among people.
func Serial(b store.Batch, v store.Voucher) string { return vouchers.VoucherName(v, b) }

// FoundPerPage is how many vouchers a page of a search lists.
const FoundPerPage = 50
