package order_test

import (
	"testing"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/payments"
)

// under says of every state of a refund whether its money is leaving or gone.
var under = map[order.RefundState]bool{order.RefundRequested: false, order.RefundApproved: true, order.RefundSent: true, order.RefundManual: true, order.RefundDone: true, order.RefundRejected: false}

var refundReasons = []order.RefundReason{order.RefundExcess, order.RefundLate, order.RefundCancelled, order.RefundStaff, order.RefundExternal}

func rupiah(n int64) money.Rupiah { return money.Rupiah(n) }

// everyRefund makes each refund by state, reason, and what it does to the voucher.
func everyRefund(try func(order.Refund)) {
	for state := range under {
		for _, why := range refundReasons {
			for _, ends := range []bool{false, true} {
				for _, off := range []time.Time{{}, time.Unix(9, 0)} {
					for _, id := range []order.ID{"", "o"} {
						try(order.Refund{OrderID: id, State: state, Reason: why, EndsVoucher: ends, DisabledAt: off, AskedID: "siti"})
					}
				}
			}
		}
	}
}

func TestRulesOfEveryRefund(t *testing.T) {
	everyRefund(func(f order.Refund) {
		wants := func(name string, err error, want string) {
			t.Helper()
			if got := codeOf(err); got != want {
				t.Errorf("%s of %+v: %q, want %q", name, f, got, want)
			}
		}
		in := func(state order.RefundState, otherwise string) string {
			if f.State != state {
				return "refund.decided"
			}
			return otherwise
		}
		wants("MayApprove", order.MayApprove(f, order.Approval{ActorID: "budi", Received: true}), in(order.RefundRequested, ""))
		wants("MayApprove before it came", order.MayApprove(f, order.Approval{ActorID: "budi"}), in(order.RefundRequested, "refund.not_received"))
		owed := ""
		if f.Reason != order.RefundStaff {
			owed = "refund.owed"
		}
		wants("MayReject", order.MayReject(f), in(order.RefundRequested, owed))
		stopping := "refund.decided"
		if f.EndsVoucher && f.DisabledAt.IsZero() {
			stopping = ""
		}
		wants("MaySkipStop", order.MaySkipStop(f), in(order.RefundApproved, stopping))
		wants("MayHandOver", order.MayHandOver(f, false), in(order.RefundManual, ""))
		wants("MayHandOver of cash", order.MayHandOver(f, true), in(order.RefundManual, "refund.in_cash"))
		wants("MayPayOut", order.MayPayOut(f, true), in(order.RefundManual, ""))
		wants("MayPayOut of a transfer", order.MayPayOut(f, false), in(order.RefundManual, "refund.not_cash"))
		seen := ""
		if f.Reason != order.RefundExternal {
			seen = "refund.ours"
		}
		wants("MayAck", order.MayAck(f), seen)
	})
}

func TestMayStop(t *testing.T) {
	everyRefund(func(f order.Refund) {
		for _, status := range order.Statuses {
			for _, lives := range []bool{false, true} {
				want := ""
				switch {
				case f.Reason != order.RefundExternal, f.OrderID == "":
					want = "refund.ours"
				case f.EndsVoucher:
					want = "refund.decided"
				case status != order.Refunded:
					want = "refund.part"
				case !lives:
					want = "voucher.ended"
				}
				if got := codeOf(order.MayStop(f, order.Order{Status: status}, lives)); got != want {
					t.Errorf("%+v of %s, lives %v: %q, want %q", f, status, lives, got, want)
				}
			}
		}
	})
}

// Above the limit a second person approves; what others asked for does not count.
func TestMayApproveOwnRequest(t *testing.T) {
	f := order.Refund{State: order.RefundRequested, AskedID: "siti"}
	for _, c := range []struct {
		actor       string
		asked, most int64
		want        string
	}{
		{"siti", 5000, 5000, ""}, {"siti", 5001, 5000, "refund.second_person"}, {"siti", 1, 0, "refund.second_person"}, {"budi", 5001, 5000, ""},
	} {
		a := order.Approval{ActorID: c.actor, Received: true, Asked: rupiah(c.asked), Limit: rupiah(c.most)}
		if got := codeOf(order.MayApprove(f, a)); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestMayRequestRefund(t *testing.T) {
	p := order.Payment{Gateway: "g", Key: "k", Amount: 5000}
	of := func(gateway, key string, amount int64, state order.RefundState) order.Refund {
		return order.Refund{Gateway: gateway, PaymentKey: key, Amount: rupiah(amount), State: state}
	}
	for _, c := range []struct {
		name     string
		refunds  []order.Refund
		received bool
		most     int64
		code     string
	}{
		{"all of it", nil, true, 5000, ""},
		{"not here", nil, false, 0, "refund.not_received"},
		{"the rest", []order.Refund{of("g", "k", 2000, order.RefundRequested), of("g", "k", 1000, order.RefundDone)}, true, 2000, ""},
		{"nothing left", []order.Refund{of("g", "k", 5000, order.RefundSent)}, true, 0, "refund.too_much"},
		{"turned down", []order.Refund{of("g", "k", 5000, order.RefundRejected)}, true, 5000, ""},
		{"of another payment", []order.Refund{of("g", "x", 5000, order.RefundDone), of("x", "k", 5000, order.RefundDone)}, true, 5000, ""},
	} {
		if most, err := order.MayRequestRefund(p, c.refunds, c.received); most != rupiah(c.most) || codeOf(err) != c.code {
			t.Errorf("%s: %d, %v", c.name, most, err)
		}
	}
}

func TestMayAssign(t *testing.T) {
	p := order.Payment{Gateway: "g", Key: "k", Amount: 5000}
	for state := range under {
		want := "refund.under_way"
		if state == order.RefundRejected {
			want = ""
		}
		if got := codeOf(order.MayAssign(p, []order.Refund{{Gateway: "g", PaymentKey: "k", Amount: 1, State: state}})); got != want {
			t.Errorf("%s: %q", state, got)
		}
	}
	p.OrderID = "o"
	if got := codeOf(order.MayAssign(p, nil)); got != "payment.matched" {
		t.Errorf("%q", got)
	}
}

func TestRulesOfTheCounter(t *testing.T) {
	for _, c := range []struct {
		r    order.Receivable
		code string
		cash bool
	}{
		{order.Receivable{Method: payments.Transfer}, "", false},
		{order.Receivable{Method: payments.Credit}, "", true},
		{order.Receivable{Method: payments.Credit, WrittenOffAt: time.Unix(9, 0)}, "", true},
		{order.Receivable{Method: payments.Cash, ConfirmedAt: time.Unix(9, 0)}, "counter.confirmed", false},
	} {
		if codeOf(order.MayConfirm(c.r)) != c.code || codeOf(order.MayWriteOff(c.r)) != c.code || order.MayComeInCash(c.r) != c.cash {
			t.Errorf("%+v", c)
		}
	}
	for _, c := range []struct {
		actor  string
		closed time.Time
		code   string
	}{{"siti", time.Time{}, ""}, {"siti", time.Unix(9, 0), "shift.closed"}, {"budi", time.Time{}, "shift.not_found"}} {
		if got := codeOf(order.MayCloseShift("siti", c.closed, c.actor)); got != c.code {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
