package order

import (
	"math/rand"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/money"
)

var t0 = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func facts(payments ...Payment) Facts {
	return Facts{Total: 5000, ExpiresAt: t0.Add(30 * time.Minute), Payments: payments}
}

func pay(key string, amount money.Rupiah, after time.Duration) Payment {
	return Payment{Key: key, Amount: amount, Currency: money.Currency, PaidAt: t0.Add(after)}
}

func TestDerive(t *testing.T) {
	onTime, late := 5*time.Minute, 40*time.Minute
	active := &Activation{RouterID: "r", Username: "u", At: t0.Add(6 * time.Minute)}
	cancel := func(f Facts) Facts { f.CancelledAt = t0.Add(time.Minute); return f }
	expire := func(f Facts) Facts { f.ExpiredAt = t0.Add(33 * time.Minute); return f }
	with := func(f Facts, change func(*Facts)) Facts { change(&f); return f }
	for _, c := range []struct {
		name      string
		f         Facts
		now       time.Duration
		status    Status
		flags     []Flag
		attention Reason
		activate  bool
		owed      money.Rupiah
	}{
		{"fresh", facts(), 0, Pending, nil, NoReason, false, 0},
		{"last second of grace", facts(), 32 * time.Minute, Pending, nil, NoReason, false, 0},
		{"time is over", facts(), 33 * time.Minute, Expired, nil, NoReason, false, 0},
		{"expired stays expired when the clock jumps back", expire(facts()), 0, Expired, nil, NoReason, false, 0},
		{"paid", facts(pay("a", 5000, onTime)), onTime, Paid, nil, NoReason, true, 0},
		{"paid inside the grace is on time", facts(pay("a", 5000, 31*time.Minute)), late, Paid, nil, NoReason, true, 0},
		{"paid late", expire(facts(pay("a", 5000, late))), late, Paid, []Flag{FlagLate}, NoReason, true, 0},
		{"heard late but paid in time", expire(facts(pay("a", 5000, onTime))), late, Paid, nil, NoReason, true, 0},
		{"late, site refunds", with(expire(facts(pay("a", 5000, late))), func(f *Facts) { f.Policies.RefundLate = true }), late, Paid,
			[]Flag{FlagLate, FlagAttention}, ReasonLateRefund, false, 5000},
		{"underpaid", facts(pay("a", 3000, onTime)), onTime, Pending, []Flag{FlagUnderpaid, FlagAttention}, ReasonUnderpaid, false, 0},
		{"underpaid and over", facts(pay("a", 3000, onTime)), late, Expired, []Flag{FlagUnderpaid, FlagAttention}, ReasonUnderpaid, false, 0},
		{"paid in parts", facts(pay("a", 3000, onTime), pay("b", 2000, onTime+1)), onTime, Paid, nil, NoReason, true, 0},
		{"overpaid", facts(pay("a", 7000, onTime)), onTime, Paid, []Flag{FlagOverpaid}, NoReason, true, 2000},
		{"paid twice", facts(pay("a", 5000, onTime), pay("b", 5000, onTime+1)), onTime, Paid, []Flag{FlagDuplicate}, NoReason, true, 5000},
		{"activated", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Activation = active }), late, Activated, nil, NoReason, false, 0},
		{"activated, then paid again", with(facts(pay("a", 5000, onTime), pay("b", 5000, late)), func(f *Facts) { f.Activation = active }), late, Activated,
			[]Flag{FlagDuplicate}, NoReason, false, 5000},
		{"cancelled", cancel(facts()), late, Cancelled, nil, NoReason, false, 0},
		{"paid on a cancelled order", cancel(facts(pay("a", 5000, onTime))), onTime, Cancelled, []Flag{FlagAttention}, ReasonCancelledPaid, false, 5000},
		{"router refuses", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Problem = ReasonRouterRefused }), onTime, Paid,
			[]Flag{FlagAttention}, ReasonRouterRefused, false, 0},
		{"a problem of the past is forgotten once active", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Problem, f.Activation = ReasonRouterRefused, active }), onTime,
			Activated, nil, NoReason, false, 0},
		{"two amounts for one payment", facts(Payment{Key: "a", Amount: 5000, Currency: "IDR", PaidAt: t0, Disputed: true}), onTime, Paid,
			[]Flag{FlagAttention}, ReasonDisputed, false, 0},
		{"foreign currency", facts(Payment{Key: "a", Amount: 5000, Currency: "USD", PaidAt: t0}), onTime, Pending, []Flag{FlagAttention}, ReasonDisputed, false, 0},
		{"negative amount counts for nothing", facts(pay("a", -5000, onTime)), onTime, Pending, nil, NoReason, false, 0},
		{"refunded", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Refunds = []Refund{{Amount: 5000, DoneAt: t0.Add(late)}} }), late, Refunded, nil, NoReason, false, 0},
		{"refund only waits", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Refunds = []Refund{{Amount: 5000}} }), late, Paid, nil, NoReason, true, 0},
		{"excess given back is no refund of the order", with(facts(pay("a", 7000, onTime)), func(f *Facts) { f.Refunds = []Refund{{Amount: 2000, DoneAt: t0}} }), late, Paid,
			[]Flag{FlagOverpaid}, NoReason, true, 2000},
		{"paid again after all was given back", with(facts(pay("a", 5000, onTime), pay("b", 5000, late)), func(f *Facts) {
			f.ClosedAt, f.Refunds = t0, []Refund{{PaymentKey: "a", Amount: 5000, Reason: RefundStaff, DoneAt: t0}}
		}), late, Refunded, []Flag{FlagDuplicate}, NoReason, false, 10000},
		{"late money promised back, then money from before is heard of", with(facts(pay("b", 5000, late), pay("a", 5000, onTime)), func(f *Facts) {
			f.Policies.RefundLate, f.Refunds = true, []Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundLate}}
		}), late, Paid, []Flag{FlagDuplicate, FlagAttention}, ReasonLateRefund, false, 10000},
		{"forced although cancelled", with(cancel(facts(pay("a", 5000, onTime))), func(f *Facts) { f.ForcedAt = t0 }), onTime, Paid, nil, NoReason, true, 0},
		{"forced although late", with(expire(facts(pay("a", 5000, late))), func(f *Facts) { f.Policies.RefundLate, f.ForcedAt = true, t0 }), late, Paid, []Flag{FlagLate}, NoReason, true, 0},
		{"a refund that somebody asked for stops nothing", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Refunds = []Refund{{Amount: 5000, State: RefundRequested}} }), late, Paid, nil, NoReason, true, 0},
		{"an approved refund stops the activation", with(facts(pay("a", 5000, onTime)), func(f *Facts) { f.Refunds = []Refund{{Amount: 5000, State: RefundApproved}} }), late, Paid,
			[]Flag{FlagAttention}, ReasonRefunding, false, 0},
		{"money for a closed order goes back", with(facts(pay("a", 5000, onTime), pay("b", 5000, late)), func(f *Facts) {
			f.ClosedAt, f.Refunds = t0.Add(late), []Refund{{PaymentKey: "a", Amount: 5000, State: RefundDone, DoneAt: t0.Add(late)}}
		}), late, Refunded, []Flag{FlagDuplicate}, NoReason, false, 10000},
		{"a rejected promise is none", with(facts(pay("a", 5000, onTime)), func(f *Facts) {
			f.Refunds = []Refund{{PaymentKey: "a", Amount: 5000, Reason: RefundLate, State: RefundRejected}}
		}), late, Paid, nil, NoReason, true, 0},
		{"free", with(facts(PaidByNothing(Order{ID: "a"}, t0)), func(f *Facts) { f.Total = 0 }), onTime, Paid, nil, NoReason, true, 0},
		{"free and not placed", with(facts(), func(f *Facts) { f.Total = 0 }), onTime, Pending, nil, NoReason, false, 0},
		{"nothing does not pay what costs something", facts(PaidByNothing(Order{ID: "a"}, t0)), onTime, Pending, nil, NoReason, false, 0},
		{"money for a free order goes back", with(facts(PaidByNothing(Order{ID: "a"}, t0), pay("b", 5000, onTime)), func(f *Facts) { f.Total = 0 }), onTime, Paid,
			[]Flag{FlagDuplicate}, NoReason, true, 5000},
		{"test order", with(facts(), func(f *Facts) { f.Test = true }), 0, Pending, []Flag{FlagTest}, NoReason, false, 0},
	} {
		v := Derive(c.f, t0.Add(c.now))
		var owed money.Rupiah
		for _, r := range v.RefundsDue {
			owed += r.Amount
		}
		if v.Status != c.status || !reflect.DeepEqual(v.Flags, c.flags) || v.Attention != c.attention || v.Activate != c.activate || owed != c.owed {
			t.Errorf("%s: got %s %v %q activate=%v owed=%d", c.name, v.Status, v.Flags, v.Attention, v.Activate, owed)
		}
	}
}

func TestActivationDelay(t *testing.T) {
	f := facts(pay("a", 5000, time.Minute))
	f.Policies.ActivationDelay = 90 * time.Second
	if v := Derive(f, t0); !v.ActivateAt.Equal(t0.Add(150 * time.Second)) {
		t.Fatalf("activate at %v", v.ActivateAt)
	}
}

func drawFacts(t *rapid.T) Facts {
	f := Facts{Total: money.Rupiah(rapid.Int64Range(1, 20000).Draw(t, "total")), ExpiresAt: t0.Add(30 * time.Minute)}
	minute := rapid.IntRange(0, 90)
	for i := range rapid.IntRange(0, 5).Draw(t, "payments") {
		f.Payments = append(f.Payments, Payment{Key: string(rune('a' + i)), Amount: money.Rupiah(rapid.Int64Range(-10, 30000).Draw(t, "amount")),
			Currency: rapid.SampledFrom([]string{"IDR", "IDR", "IDR", "USD"}).Draw(t, "currency"),
			PaidAt:   t0.Add(time.Duration(minute.Draw(t, "at")) * time.Minute), Disputed: rapid.IntRange(0, 9).Draw(t, "disputed") == 0})
	}
	if rapid.IntRange(0, 9).Draw(t, "free") == 0 {
		f.Total, f.Payments = 0, append(f.Payments, PaidByNothing(Order{ID: "free"}, t0))
	}
	if rapid.Bool().Draw(t, "cancelled") {
		f.CancelledAt = t0.Add(time.Minute)
	}
	if rapid.IntRange(0, 3).Draw(t, "forced") == 0 {
		f.ForcedAt = t0.Add(2 * time.Minute)
	}
	if rapid.Bool().Draw(t, "expired") {
		f.ExpiredAt = t0.Add(33 * time.Minute)
	}
	f.Policies.RefundLate = rapid.Bool().Draw(t, "refund late")
	if rapid.Bool().Draw(t, "problem") {
		f.Problem = ReasonRouterRefused
	}
	return f
}

func TestArrivalOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		now := t0.Add(time.Hour)
		want := Derive(f, now)
		shuffled := f
		shuffled.Payments = append([]Payment(nil), f.Payments...)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(shuffled.Payments), func(i, j int) {
			shuffled.Payments[i], shuffled.Payments[j] = shuffled.Payments[j], shuffled.Payments[i]
		})
		if got := Derive(shuffled, now); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\n%+v", got, want)
		}
	})
}

// Confirmed money is always delivered, about to be delivered, due back, or under
// attention.
func TestMoneyIsNeverForgotten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		v := Derive(f, t0.Add(time.Hour))
		if v.PaidTotal == 0 {
			return
		}
		var owed money.Rupiah
		for _, r := range v.RefundsDue {
			owed += r.Amount
		}
		kept := v.PaidTotal - owed
		switch {
		case v.Attention != NoReason:
		case (v.Activate || v.Status == Activated) && kept == f.Total:
		default:
			t.Fatalf("%d paid, %d owed back, %s, nobody looks", v.PaidTotal, owed, v.Status)
		}
	})
}

// What is missing in the queue is what was not requested yet.
func TestMissing(t *testing.T) {
	late := 40 * time.Minute
	done := func(key string, amount money.Rupiah, why RefundReason) Refund {
		return Refund{PaymentKey: key, Amount: amount, Reason: why, State: RefundDone, DoneAt: t0.Add(late)}
	}
	twice := []Payment{pay("a", 5000, time.Minute), pay("b", 5000, late)}
	for _, c := range []struct {
		name     string
		payments []Payment
		closed   bool
		refunds  []Refund
		want     []Refund
	}{
		{"paid twice", twice, false, nil, []Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundExcess}}},
		{"a gift comes on top", twice, false, []Refund{done("a", 2000, RefundStaff)}, []Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundExcess}}},
		{"so does what was given back at the gateway", twice, false, []Refund{done("a", 2000, RefundExternal)}, []Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundExcess}}},
		{"unless it was what is owed", twice, false, []Refund{done("b", 5000, RefundExternal)}, nil},
		{"or a part of it", twice, false, []Refund{done("b", 2000, RefundExternal)}, []Refund{{PaymentKey: "b", Amount: 3000, Reason: RefundExcess}}},
		{"money for a closed order", twice, true, []Refund{done("a", 5000, RefundStaff)}, []Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundExcess}}},
		{"a part of which went back already", twice, true, []Refund{done("a", 5000, RefundStaff), done("b", 2000, RefundExternal)}, []Refund{{PaymentKey: "b", Amount: 3000, Reason: RefundExcess}}},
		{"all of it went back", twice, true, []Refund{done("a", 5000, RefundStaff), done("b", 5000, RefundExternal)}, nil},
		{"what was rejected does not count", twice, true, []Refund{done("a", 5000, RefundStaff), {PaymentKey: "b", Amount: 5000, Reason: RefundStaff, State: RefundRejected}},
			[]Refund{{PaymentKey: "b", Amount: 5000, Reason: RefundExcess}}},
	} {
		f := facts(c.payments...)
		f.Refunds = c.refunds
		if c.closed {
			f.ClosedAt = t0.Add(late)
		}
		if got := Derive(f, t0.Add(late)).Missing(f); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// In whatever order money is recorded, and whatever was given back already, the refund
// queue ends up with exactly what is due.
func TestTheRefundQueueHoldsWhatIsOwed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		all := f.Payments
		now := t0.Add(time.Hour)
		var v View
		for n := range len(all) + 1 {
			f.Payments = all[:n]
			v = Derive(f, now)
			for _, r := range v.Missing(f) {
				for _, have := range f.Refunds {
					if have.PaymentKey == r.PaymentKey && have.Reason == r.Reason {
						t.Fatalf("payment %s gets a second refund as %s", r.PaymentKey, r.Reason)
					}
				}
				if rapid.Bool().Draw(t, "given back") {
					r.DoneAt = now
				}
				f.Refunds = append(f.Refunds, r)
			}
			v = Derive(f, now)
			if v.Status == Refunded && f.ClosedAt.IsZero() {
				f.ClosedAt = now
			}
			if queued := sum(f.Refunds); queued != sum(v.RefundsDue) && !(v.Status == Refunded && queued == v.PaidTotal) {
				t.Fatalf("%d queued, %d owed of %d, %s", queued, sum(v.RefundsDue), v.PaidTotal, v.Status)
			}
		}
	})
}

// Facts only ever get added; whatever is added, the status moves forward.
func TestStatusOnlyMovesForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.CancelledAt = time.Time{}
		partial := f
		partial.Payments = f.Payments[:rapid.IntRange(0, len(f.Payments)).Draw(t, "heard")]
		now := t0.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "now")) * time.Minute)
		before := Derive(partial, now)
		if before.Status == Expired {
			f.ExpiredAt = now
		}
		later := now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "later")) * time.Minute)
		if after := Derive(f, later); !before.Status.CanBecome(after.Status) {
			t.Fatalf("%s became %s", before.Status, after.Status)
		}
	})
}
