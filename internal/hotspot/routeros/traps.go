package routeros

import (
	"fmt"
	"strings"

	"gerai/internal/fault"
)

// traps maps the beginning or a part of RouterOS' error texts to what they
// mean for us. The category attribute is often missing, so text it is.
var traps = []struct {
	part string
	kind fault.Kind
	code string
}{
	{"already have user with this name", fault.Conflict, "router.exists"},
	{"already have", fault.Conflict, "router.exists"},
	{"not enough permissions", fault.Config, "router.permission"},
	{"not allowed by device-mode", fault.Config, "router.device_mode"},
	{"configuration flagged", fault.Config, "router.device_mode"},
	{"contents too long", fault.Refused, "router.contents_too_long"},
	{"cannot log in", fault.Config, "router.login_rejected"},
	{"invalid user name or password", fault.Config, "router.login_rejected"},
	{"input does not match any value of profile", fault.Refused, "router.profile_missing"},
	{"no such item", fault.NotFound, "router.no_item"},
	{"unknown host IP", fault.NotFound, "device.not_seen"},
	{"no more sessions are allowed", fault.Conflict, "device.too_many"},
	{"has reached uptime limit", fault.Refused, "voucher.used_up"},
	{"has reached traffic limit", fault.Refused, "voucher.used_up"},
	{"wrong MAC provided", fault.NotFound, "device.not_seen"},
	{"is not allowed to log in from this MAC", fault.Refused, "device.other"},
	{"invalid username or password", fault.NotFound, "voucher.not_on_router"},
	{"user unknown", fault.NotFound, "voucher.not_on_router"},
}

// classify turns a trap into a fault. The text stays in the cause, for logs.
func classify(command, text string) error {
	cause := fmt.Errorf("%s: trap: %s", command, text)
	for _, t := range traps {
		if strings.Contains(text, t.part) {
			return fault.Wrap(t.kind, t.code, cause)
		}
	}
	return fault.Wrap(fault.Refused, "router.refused", cause)
}
