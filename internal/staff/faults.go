package staff

import "gerai/internal/fault"

// ErrSignedOut: the session has ended, or never was. Pages compare with errors.Is and send
// the browser to the sign-in page.
var ErrSignedOut = fault.New(fault.Denied, "staff.signed_out")
