package routers

import "gerai/internal/fault"

// errPinWithoutTLS: a certificate was typed for a router that is reached without TLS.
var errPinWithoutTLS = fault.AtField("fingerprint", "router.pin_without_tls")
