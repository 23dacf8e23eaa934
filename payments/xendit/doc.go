// Package xendit speaks to Xendit's Payments API v2 through the official SDK, behind the payments.Gateway port.
// The SDK's types never leave it, and no order rule, SQL or HTTP framework may live here.
// The composition root builds it; internal/shop and payments/webhook use it through the port.
package xendit
