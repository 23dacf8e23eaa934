package shop

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gerai/internal/shop/orders"
)

// nameOf is the method that a hook calls: "vouchers.FreeStopped".
func nameOf(hook any) string {
	name := runtime.FuncForPC(reflect.ValueOf(hook).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndex(name, "/")+1:], "-fm")
	return strings.Replace(name, ".(*Service)", "", 1)
}

// What runs against the order of the areas, and in which order.
func TestHooks(t *testing.T) {
	s := New(Options{})
	var back []string
	for _, hook := range s.Routers.RouterBack {
		back = append(back, nameOf(hook))
	}
	for what, c := range map[string]struct{ got, want string }{
		"a router answers":        {strings.Join(back, " "), "vouchers.FreeStopped vouchers.SweepPasses"},
		"a refund at the gateway": {nameOf(s.Orders.RefundEvent), "refunds.RefundNews"},
		"an order is unknown":     {nameOf(s.Orders.Remake), "backups.Remake"},
		"something is over":       {nameOf(s.ledger.Held), "backups.Recovering"},
		"times are corrected":     {nameOf(s.ledger.CorrectTimes), "vouchers.CorrectTimes"},
		"an alert is seen":        {nameOf(s.Alerts.AlertAcknowledged), "reports.DropDashboards"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", what, c.got, c.want)
		}
	}
	if s.ledger.Views == nil || s.ledger.Views != (*orders.Service).Views(s.Orders) {
		t.Error("an order's change drops no page")
	}
}
