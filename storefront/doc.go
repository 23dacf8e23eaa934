// Package storefront holds the customer's handlers: routes, one file per page action, and nothing else.
// No rule about orders or money, no SQL and no sentence for people may live here.
// The composition root mounts it on the server; it calls shop's use cases, the store's reads and templates.
package storefront
