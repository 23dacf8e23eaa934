// Package catalog is what is sold and where it is delivered: sites, routers in words, plans, the brand, and the rules a valid catalogue obeys.
// It is pure: no SQL, no network and no order rules may live here.
// The store keeps it, the shop sells from it, templates show it.
package catalog
