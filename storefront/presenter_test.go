package storefront

import (
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
	"gerai/templates"
)

// TestStates covers what the roads cannot bring about, and every decision once.
// TestStates has a row for every state that the page knows and every status of an order.
func TestStates(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	qr := order.Attempt{State: order.Open, Method: payments.QRIS, Amount: 5000}
	va := order.Attempt{State: order.Open, Method: payments.VA("BCA"), Amount: 5000, VA: "8808"}
	seen, of := map[templates.OrderState]bool{}, map[order.Status]bool{}
	for _, c := range []struct {
		name string
		v    orders.View
		want templates.OrderState
	}{
		{"code", orders.View{Order: order.Order{Status: order.Pending}, Attempt: qr, QR: "x"}, templates.StatePayQR},
		{"no code in an open attempt", orders.View{Order: order.Order{Status: order.Pending}, Attempt: qr}, templates.StateBadQR},
		{"bank", orders.View{Order: order.Order{Status: order.Pending}, Attempt: va}, templates.StatePayVA},
		{"being made", orders.View{Order: order.Order{Status: order.Pending}, Attempt: order.Attempt{State: order.Creating}, Trouble: "gateway.busy"}, templates.StateMaking},
		{"tried before", orders.View{Order: order.Order{Status: order.Pending}, Attempt: order.Attempt{State: order.Creating, Failure: "gateway.busy"}}, templates.StateBusy},
		{"refused", orders.View{Order: order.Order{Status: order.Pending}, Attempt: order.Attempt{State: order.Failed}, Trouble: "gateway.channel_off"}, templates.StateChannelOff},
		{"bad code", orders.View{Order: order.Order{Status: order.Pending}, Attempt: order.Attempt{State: order.Failed}, Trouble: "qris.invalid"}, templates.StateBadQR},
		{"ordered with keys of the other mode", orders.View{Order: order.Order{Status: order.Pending}, Attempt: order.Attempt{State: order.Failed}, Trouble: "gateway.other_mode"}, templates.StateRestart},
		{"rest by a new attempt", orders.View{Order: order.Order{Status: order.Pending}, Attempt: qr, QR: "x", PaidTotal: 2000, Remaining: 5000}, templates.StatePayQR},
		{"rest, old attempt", orders.View{Order: order.Order{Status: order.Pending}, Attempt: qr, QR: "x", PaidTotal: 2000, Remaining: 3000}, templates.StateShort},
		{"rest, too late", orders.View{Order: order.Order{Status: order.Expired, Attention: order.ReasonUnderpaid}, Attempt: qr, QR: "x", PaidTotal: 2000, Remaining: 3000}, templates.StateExpiredShort},
		{"rest, too late, new attempt", orders.View{Order: order.Order{Status: order.Expired, Attention: order.ReasonUnderpaid}, Attempt: va, PaidTotal: 2000, Remaining: 5000}, templates.StatePayVA},
		{"two amounts named", orders.View{Order: order.Order{Status: order.Pending, Attention: order.ReasonDisputed}, Attempt: qr, QR: "x"}, templates.StateHelp},
		{"expired, two amounts named", orders.View{Order: order.Order{Status: order.Expired, Attention: order.ReasonDisputed}}, templates.StateHelp},
		{"paid, two amounts named", orders.View{Order: order.Order{Status: order.Paid, Attention: order.ReasonDisputed}}, templates.StateHelp},
		{"patience over", orders.View{Order: order.Order{Status: order.Paid, Attention: order.ReasonPatience}, RouterAway: true, Now: now}, templates.StateHelp},
		{"away only a moment", orders.View{Order: order.Order{Status: order.Paid, ActivateAt: now.Add(-5 * time.Second)}, RouterAway: true, Now: now}, templates.StatePreparing},
		{"away", orders.View{Order: order.Order{Status: order.Paid, ActivateAt: now.Add(-awayAfter)}, RouterAway: true, Now: now}, templates.StateAway},
		{"later", orders.View{Order: order.Order{Status: order.Paid, ActivateAt: now.Add(time.Minute)}, RouterAway: true, Now: now}, templates.StateDelayed},
		{"works", orders.View{Order: order.Order{Status: order.Activated, ValidUntil: now.Add(1)}, Now: now}, templates.StateActive},
		{"works for ever", orders.View{Order: order.Order{Status: order.Activated}, Now: now}, templates.StateActive},
		{"over to the second", orders.View{Order: order.Order{Status: order.Activated, ValidUntil: now}, Now: now}, templates.StateEnded},
		{"switched off", orders.View{Order: order.Order{Status: order.Activated}, Voucher: store.Voucher{State: "disabled"}, Now: now}, templates.StateEnded},
		{"suspended", orders.View{Order: order.Order{Status: order.Activated}, Voucher: store.Voucher{State: voucher.Active, SuspendedAt: now}, Now: now}, templates.StateSuspended},
		{"suspended and over", orders.View{Order: order.Order{Status: order.Activated}, Voucher: store.Voucher{State: voucher.Active, SuspendedAt: now, ValidUntil: now}, Now: now}, templates.StateEnded},
		{"used up", orders.View{Order: order.Order{Status: order.Activated}, Used: vouchers.Used{Usage: hotspot.Usage{Uptime: time.Hour, LimitUptime: time.Hour}, At: now}, Now: now}, templates.StateUsedUp},
		{"used up and over", orders.View{Order: order.Order{Status: order.Activated, ValidUntil: now}, Used: vouchers.Used{Usage: hotspot.Usage{Uptime: time.Hour, LimitUptime: time.Hour}, At: now}, Now: now}, templates.StateEnded},
		{"not paid in time", orders.View{Order: order.Order{Status: order.Expired}, Attempt: qr, QR: "x"}, templates.StateExpired},
		{"paid too late, goes back", orders.View{Order: order.Order{Status: order.Paid, Attention: order.ReasonLateRefund}, Now: now}, templates.StateLateRefund},
		{"cancelled", orders.View{Order: order.Order{Status: order.Cancelled}, Attempt: qr, QR: "x"}, templates.StateCancelled},
		{"cancelled, then paid", orders.View{Order: order.Order{Status: order.Cancelled, Attention: order.ReasonCancelledPaid}, PaidTotal: 5000}, templates.StateCancelledPaid},
		{"refunded", orders.View{Order: order.Order{Status: order.Refunded}, PaidTotal: 5000}, templates.StateRefunded},
	} {
		if got := stateOf(c.v); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		seen[c.want], of[c.v.Order.Status] = true, true
	}
	for _, state := range templates.OrderStates {
		if !seen[state] {
			t.Errorf("no row shows the state %s", state)
		}
	}
	for _, status := range order.Statuses {
		if !of[status] {
			t.Errorf("no row has an order that is %s", status)
		}
	}
}

// TestLookChangesWithWhatIsShown: the script exchanges the page by it.
func TestLookChangesWithWhatIsShown(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	base := templates.Base{Lang: templates.Indonesian, Theme: templates.NewTheme(catalog.DefaultBrand), Now: now}
	v := orders.View{Order: order.Order{Status: order.Pending, ExpiresAt: now.Add(time.Hour)}, Attempt: order.Attempt{No: 1, State: order.Open, Method: payments.QRIS}, QR: "x", Remaining: 5000, Now: now}
	first := presentOrder(base, v).Fingerprint
	later := v
	later.Now, later.RouterSeen = now.Add(3*time.Second), now
	base.Now = later.Now
	if presentOrder(base, later).Fingerprint != first {
		t.Error("time alone must not exchange the page under somebody's finger")
	}
	for name, change := range map[string]func(*orders.View){
		"another code": func(v *orders.View) { v.QR = "y" },
		"the rest":     func(v *orders.View) { v.Remaining = 10 },
		"paid":         func(v *orders.View) { v.Order.Status = order.Paid },
		"a refund":     func(v *orders.View) { v.Refunds = []order.Refund{{Amount: 1}} },
		"oddity":       func(v *orders.View) { v.Order.Flags = []order.Flag{order.FlagOverpaid} },
	} {
		w := v
		change(&w)
		if presentOrder(base, w).Fingerprint == first {
			t.Errorf("%s does not show", name)
		}
	}
}

func TestAddressIsShort(t *testing.T) {
	for in, want := range map[string]string{"https://wifi.example": "wifi.example/klaim", "http://10.5.50.1:8080": "10.5.50.1:8080/klaim", "wifi.example": "wifi.example/klaim"} {
		if got := address(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

// The page offers nothing that the rules refuse, whatever its order's state.
func TestThePageOffersWhatTheRulesAllow(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	base := templates.Base{Lang: templates.Indonesian, Theme: templates.NewTheme(catalog.DefaultBrand), Now: now}
	reasons := []order.Reason{order.NoReason, order.ReasonUnderpaid, order.ReasonCancelledPaid, order.ReasonLateRefund, order.ReasonDisputed, order.ReasonPatience, order.ReasonRefunding}
	for _, status := range order.Statuses {
		for _, why := range reasons {
			for _, attempt := range []order.AttemptState{order.Creating, order.Open, order.Superseded, order.Failed, order.Settled} {
				for _, until := range []time.Time{{}, now, now.Add(time.Hour)} {
					for _, state := range []voucher.State{voucher.Sold, voucher.Active, voucher.Expired, voucher.Disabled} {
						o := order.Order{Status: status, Attention: why}
						v := orders.View{Order: o, Attempt: order.Attempt{State: attempt, Method: payments.QRIS}, QR: "x", Now: now, Live: true,
							More: catalog.Plan{ID: "p"}, Allowed: order.Item{Validity: time.Hour}, Voucher: store.Voucher{State: state, ValidUntil: until}}
						alive := v.Voucher.Facts().Alive(now)
						p := presentOrder(base, v)
						offers := func(what string, offered bool, refused error) {
							t.Helper()
							if offered && refused != nil {
								t.Errorf("%s of %s, attention %q, attempt %s, voucher %s until %s: the page %s offers it: %v", what, status, why, attempt, state, until, p.State, refused)
							}
						}
						if p.CanCheck() && !order.MayPoll(o) {
							t.Errorf("the page %s of %s, attention %q offers to read the gateway", p.State, status, why)
						}
						offers("ordering again", p.Orders() && p.State == templates.StateExpired, order.MayRenew(o, alive))
						offers("more", p.Orders() && p.State != templates.StateExpired, order.MayExtend(o))
						offers("connecting", p.State == templates.StateActive, order.MayConnect(o, alive))
					}
				}
			}
		}
	}
}
