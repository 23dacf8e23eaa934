package routeros

import (
	"fmt"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// What a sentence to the router is answered with and this package decides by.
var (
	errPermission     = fault.New(fault.Config, "router.permission")
	errProfileMissing = fault.New(fault.Refused, "router.profile_missing")
)

// traps maps the beginning or a part of RouterOS' error texts to what they
// mean for us. The category attribute is often missing, so text it is.
var traps = []struct {
	part  string
	means *fault.Error
}{
	{"already have user with this name", hotspot.ErrExists},
	{"already have", hotspot.ErrExists},
	{"not enough permissions", errPermission},
	{"not allowed by device-mode", fault.New(fault.Config, "router.device_mode")},
	{"configuration flagged", fault.New(fault.Config, "router.device_mode")},
	{"contents too long", fault.New(fault.Refused, "router.contents_too_long")},
	{"cannot log in", fault.New(fault.Config, "router.login_rejected")},
	{"invalid user name or password", fault.New(fault.Config, "router.login_rejected")},
	{"input does not match any value of profile", errProfileMissing},
	{"no such item", fault.New(fault.NotFound, "router.no_item")},
	{"unknown host IP", hotspot.ErrNotSeen},
	{"no more sessions are allowed", hotspot.ErrTooMany},
	{"has reached uptime limit", hotspot.ErrUsedUp},
	{"has reached traffic limit", hotspot.ErrUsedUp},
	{"wrong MAC provided", hotspot.ErrNotSeen},
	{"is not allowed to log in from this MAC", fault.New(fault.Refused, "device.other")},
	{"invalid username or password", fault.New(fault.NotFound, "voucher.not_on_router")},
	{"user unknown", fault.New(fault.NotFound, "voucher.not_on_router")},
}

// classify turns a trap into a fault. The text stays in the cause, for logs.
func classify(command, text string) error {
	cause := fmt.Errorf("%s: trap: %s", command, text)
	for _, t := range traps {
		if strings.Contains(text, t.part) {
			return t.means.With(cause)
		}
	}
	return fault.Wrap(fault.Refused, "router.refused", cause)
}
