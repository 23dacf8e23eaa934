// Package staff holds the operator's people: accounts, roles, passwords and sessions.
// No HTTP framework, no SQL text and nothing about orders may live here.
// The panel's handlers and the command line call it; it opens store transactions of its own.
package staff
