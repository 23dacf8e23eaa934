// Package picture draws the PNGs a customer saves: the bare QR code and the payment ticket around it.
// What the texts say, in which language, and what the payload means may not live here; every string is handed in.
// The storefront calls it for the order page; equal input gives equal bytes, so results may be cached and compared.
package picture
