// Package qris reads and checks EMV merchant-presented QR payloads as QRIS uses them.
// It is pure: no drawing, no gateway and no order rules may live here.
// The shop validates every payload with it before a customer sees one.
package qris
