// Package actor says who does something: the one type that use cases take and the audit trail names.
// Rights and sessions may not live here: they are those of package staff.
// Handlers make one from the signed-in account; what the server and customers do has names of its own.
package actor
