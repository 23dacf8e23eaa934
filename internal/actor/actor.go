package actor

import "strings"

// Actor is who does something: a signed-in account, a customer, the server itself,
// or a command at the server's terminal. Only accounts have an ID.
type Actor struct {
	ID, Name  string
	AuditName string   // as the audit trail names them
	Sites     []string // what an account is limited to; none means all
}

// Those without an account.
var (
	Customer = Named("customer")
	Server   = Named("server")
)

// staffPrefix marks the names of accounts in the audit trail.
const staffPrefix = "staff:"

// Named is an actor without an account.
func Named(auditName string) Actor { return Actor{AuditName: auditName} }

// Staff is an account.
func Staff(id, name string, sites []string) Actor {
	return Actor{ID: id, Name: name, AuditName: staffPrefix + name, Sites: sites}
}

// StaffName is the name of the account that an audit name stands for; ok is false for
// all others, whose audit name is returned.
func StaffName(auditName string) (name string, ok bool) {
	return strings.CutPrefix(auditName, staffPrefix)
}
