package web

import "gerai/internal/fault"

// Faults of the panel itself that its error page decides by, with errors.Is.
var (
	// errWrongAddress: the form comes from a page at another address than the base URL.
	errWrongAddress = fault.New(fault.Denied, "staff.wrong_address")
	// errNotFromHere: the IP allowlist does not list the client's network.
	errNotFromHere = fault.New(fault.Denied, "staff.not_from_here")
)
