package routers

import "gerai/internal/fault"

// Faults that pages and use cases decide by, with errors.Is.
var (
	// ErrPinAsk: the router shows a certificate that it is not known by; a person has to say
	// whether it is right.
	ErrPinAsk = fault.New(fault.Conflict, "router.pin_ask")
	// ErrProbeHost: the walled garden would open an address by which phones find out whether
	// they are online; a person has to insist.
	ErrProbeHost = fault.AtField("dst-host", "router.probe_host")
)
