// Package counter sells for cash, by transfer and from stock, and keeps shifts, outlets and fees.
// What is online belongs to orders.
// The panel calls it.
package counter
