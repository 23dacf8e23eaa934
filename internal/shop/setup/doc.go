// Package setup leads from an empty database to the first sale: what is done and what is missing, the
// first site and plan, the keys of the payment gateway, and a sale that is tried out.
// No step is stored: each follows from what the books hold. The keys of the environment go before
// those typed in the panel.
// admin/setup calls it, and internal/app has each process follow the keys that are stored.
package setup
