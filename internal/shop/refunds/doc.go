// Package refunds asks for, approves, sends and watches refunds, writes off what never came, assigns unmatched money, revokes extensions, and takes up refunds made at the gateway.
// Whether a refund is owed is decided by package order.
// The panel, the job runner and gateway messages about refunds call it.
package refunds
