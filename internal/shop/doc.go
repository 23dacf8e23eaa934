// Package shop holds the use cases: place, reconcile, activate and everything else that changes an order, one file each.
// No HTTP framework, no SQL text, no RouterOS words and no sentence for people may live here; rules about status and money are order.Derive's.
// Handlers and the job runner call it; besides staff and the runner it is the only package that opens a store transaction.
package shop
