// Package order is the core: what an order is, and how its status, flags and next steps follow from recorded facts.
// It is pure: no SQL, no network, no clock and no sentence for people may live here.
// Use cases in internal/shop call Derive with the facts the store keeps, and write down what it says.
package order
