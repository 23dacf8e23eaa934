package order_test

import (
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
)

var reasons = []order.Reason{order.NoReason, order.ReasonUnderpaid, order.ReasonCancelledPaid, order.ReasonLateRefund, order.ReasonDisputed, order.ReasonRouterRefused,
	order.ReasonRouterConfig, order.ReasonNoRouter, order.ReasonOutOfStock, order.ReasonPatience, order.ReasonRefunding}

// answers is what a rule says of an order in each status, "" for yes.
type answers map[order.Status]string

// every asks a rule of every order of a status: with each reason for attention and each flag.
func every(t *testing.T, name string, rule func(order.Order) error, want func(order.Order) string) {
	t.Helper()
	flags := []order.Flag{"", order.FlagLate, order.FlagUnderpaid, order.FlagOverpaid, order.FlagDuplicate, order.FlagWrittenOff, order.FlagTest, order.FlagAttention}
	for _, status := range order.Statuses {
		for _, why := range reasons {
			for _, flag := range flags {
				o := order.Order{Status: status, Attention: why, Flags: []order.Flag{flag}}
				if got := codeOf(rule(o)); got != want(o) {
					t.Errorf("%s of %s, attention %q, flag %q: %q, want %q", name, status, why, flag, got, want(o))
				}
			}
		}
	}
}

// yes turns an answer without a reason into one that the tables can name.
func yes(may bool) error {
	if may {
		return nil
	}
	return fault.New(fault.Conflict, "no")
}

func TestRulesOfEveryStatus(t *testing.T) {
	for _, r := range []struct {
		name string
		rule func(order.Order) error
		want answers
	}{
		{"MayPayAtCounter", order.MayPayAtCounter, answers{order.Cancelled: "counter.cancelled", order.Paid: "order.already_paid", order.Activated: "order.already_paid", order.Refunded: "order.already_paid"}},
		{"MayPoll", func(o order.Order) error { return yes(order.MayPoll(o)) }, answers{order.Paid: "no", order.Activated: "no", order.Cancelled: "no", order.Refunded: "no"}},
		{"MayCancel", order.MayCancel, answers{order.Paid: "order.not_pending", order.Activated: "order.not_pending", order.Expired: "order.not_pending", order.Cancelled: "order.not_pending", order.Refunded: "order.not_pending"}},
		{"MayRetry", order.MayRetry, answers{order.Pending: "order.not_waiting", order.Activated: "order.not_waiting", order.Expired: "order.not_waiting", order.Cancelled: "order.not_waiting", order.Refunded: "order.not_waiting"}},
		{"MayForce", func(o order.Order) error { return order.MayForce(o, nil) }, answers{order.Activated: "order.already_active", order.Refunded: "order.closed"}},
		{"MayExtend", order.MayExtend, answers{order.Pending: "order.not_active", order.Paid: "order.not_active", order.Expired: "order.not_active", order.Cancelled: "order.not_active", order.Refunded: "order.not_active"}},
		{"MayGrantPass", order.MayGrantPass, answers{order.Paid: "pass.not_pending", order.Activated: "pass.not_pending", order.Expired: "pass.not_pending", order.Cancelled: "pass.not_pending", order.Refunded: "pass.not_pending"}},
	} {
		every(t, r.name, r.rule, func(o order.Order) string { return r.want[o.Status] })
	}
}

func TestMayPollNow(t *testing.T) {
	if codeOf(order.MayPollNow(nil)) != "attempt.not_found" || order.MayPollNow([]order.Attempt{{State: order.Failed}}) != nil {
		t.Error("orders with a charge can be polled, and no other")
	}
}

func TestMaySwitchMethod(t *testing.T) {
	every(t, "MaySwitchMethod", order.MaySwitchMethod, func(o order.Order) string {
		if o.Status == order.Pending || o.Status == order.Expired && o.Attention == order.ReasonUnderpaid {
			return ""
		}
		return "order.not_payable"
	})
}

func TestMayRenew(t *testing.T) {
	for _, alive := range []bool{false, true} {
		every(t, "MayRenew", func(o order.Order) error { return order.MayRenew(o, alive) }, func(o order.Order) string {
			switch o.Status {
			case order.Cancelled:
				return "order.cancelled"
			case order.Refunded:
				return "order.closed"
			}
			open := o.Status == order.Pending || o.Status == order.Paid || o.Status == order.Expired && o.Attention != order.NoReason || o.Status == order.Activated && alive
			if open {
				return "order.not_expired"
			}
			return ""
		})
	}
}

func TestMayConnect(t *testing.T) {
	for _, alive := range []bool{false, true} {
		every(t, "MayConnect", func(o order.Order) error { return order.MayConnect(o, alive) }, func(o order.Order) string {
			switch {
			case o.Status != order.Activated:
				return "order.not_active"
			case !alive:
				return "voucher.ended"
			}
			return ""
		})
	}
}

func TestMayPayAtCounterLate(t *testing.T) {
	for _, status := range order.Statuses {
		o := order.Order{Status: status, Item: order.Item{SitePolicies: order.Policies{RefundLate: true}}}
		if got := codeOf(order.MayPayAtCounter(o)); (got == "counter.too_late") != (status == order.Expired) {
			t.Errorf("%s: %q", status, got)
		}
	}
}

func TestMayForceWithRefunds(t *testing.T) {
	for state := range under {
		for _, why := range []order.RefundReason{order.RefundExcess, order.RefundLate, order.RefundCancelled, order.RefundStaff, order.RefundExternal} {
			f := order.Refund{State: state, Reason: why}
			if got := order.MayForce(order.Order{Status: order.Paid}, []order.Refund{f}) == nil; got != (!under[state] || why == order.RefundExcess) {
				t.Errorf("%s %s: %v", state, why, got)
			}
		}
	}
}

func TestMayErase(t *testing.T) {
	done, waiting := order.Refund{State: order.RefundDone, DoneAt: time.Unix(9, 0)}, order.Refund{State: order.RefundRequested}
	here, owed := order.Receivable{ConfirmedAt: time.Unix(9, 0)}, order.Receivable{WrittenOffAt: time.Unix(9, 0)}
	for _, c := range []struct {
		refunds []order.Refund
		counted []order.Receivable
		open    bool
	}{{}, {refunds: []order.Refund{done}}, {refunds: []order.Refund{done, waiting}, open: true}, {counted: []order.Receivable{here}}, {counted: []order.Receivable{here, owed}, open: true}} {
		every(t, "MayErase", func(o order.Order) error { return order.MayErase(o, c.refunds, c.counted) }, func(o order.Order) string {
			if c.open || o.Status == order.Pending || o.Status == order.Paid || o.Attention != order.NoReason {
				return "order.still_open"
			}
			return ""
		})
	}
}

func TestMaySeeCredentials(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	sold := order.Order{Status: order.Activated, SellerID: "siti", PaidAt: now.Add(-time.Hour)}
	for _, status := range order.Statuses {
		o := sold
		o.Status = status
		if got := order.MaySeeCredentials(o, order.Viewer{Any: true}, now); got != (status == order.Activated) {
			t.Errorf("%s: %v", status, got)
		}
	}
	online, old, unpaid := sold, sold, sold
	online.SellerID, old.PaidAt = "", now.Add(-order.OwnFor)
	unpaid.PaidAt, unpaid.CreatedAt = time.Time{}, now.Add(-time.Hour)
	for _, c := range []struct {
		name string
		o    order.Order
		by   order.Viewer
		want bool
	}{
		{"own sale", sold, order.Viewer{ID: "siti", Own: true}, true},
		{"own sale without the right", sold, order.Viewer{ID: "siti"}, false},
		{"another person's", sold, order.Viewer{ID: "budi", Own: true}, false},
		{"nobody's", online, order.Viewer{Own: true}, false},
		{"a day ago", old, order.Viewer{ID: "siti", Own: true}, false},
		{"a day ago, with the right to any", old, order.Viewer{ID: "siti", Any: true}, true},
		{"on credit", unpaid, order.Viewer{ID: "siti", Own: true}, true},
	} {
		if got := order.MaySeeCredentials(c.o, c.by, now); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// codeOf is an error's code, "" for none.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}
