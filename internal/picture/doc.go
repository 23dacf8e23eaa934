// Package picture draws the PNGs a customer saves, the bare QR code and the payment ticket around it, and the codes of a poster.
// What the texts say, in which language, and what the payload means may not live here; every string is handed in.
// The storefront calls it for order pages and posters; equal input gives equal bytes, so results may be cached and compared.
package picture
