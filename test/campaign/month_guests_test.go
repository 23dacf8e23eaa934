package campaign

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

// offers are the plans, their method, the routers of their site, and how many of ten buy them.
var offers = []struct {
	plan, method string
	routers      []string
	of10         int
}{
	{"sejam", "qris", []string{"pojok"}, 3}, {"sehari", "qris", []string{"pojok"}, 2}, {"tiga-jam", "qris", []string{"taman"}, 3},
	{"seminggu", "va:BNI", []string{"pasar"}, 1}, {"bulanan", "va:BCA", []string{"melati-a", "melati-b"}, 1},
}

var validity = map[string]time.Duration{"sejam": time.Hour, "sehari": 24 * time.Hour, "tiga-jam": 3 * time.Hour, "seminggu": 168 * time.Hour, "bulanan": 720 * time.Hour}

// buy is one customer: most pay at once, some late, some not at all.
func (m *month) buy() {
	m.Helper()
	pick := m.rnd.IntN(10)
	i := 0
	for pick -= offers[0].of10; pick >= 0; pick -= offers[i].of10 {
		i++
	}
	offer := offers[i]
	if m.away { // the page does not open
		m.at(m.Clock.Now().Add(5*time.Minute), "waited for the shop", m.buy)
		return
	}
	o, err := m.Shop.Orders.Place(context.Background(), m.Form(offer.plan, offer.method))
	if fault.Is(err, fault.Limited) || fault.Is(err, fault.Unavailable) {
		return
	}
	m.Must(err)
	m.RunAll()
	m.phones++
	g := &guest{order: o, plan: offer.plan, routers: slices.Clone(offer.routers),
		mac: fmt.Sprintf("AC:00:00:00:%02X:%02X", m.phones/256, m.phones%256), ip: fmt.Sprintf("10.5.50.%d", 2+m.phones%250)}
	pay := func() {
		_, _ = m.Xendit.Pay(xenditPay(o)) // a charge that ended refuses
		m.all, m.guests = append(m.all, g), append(m.guests, g)
	}
	now := m.Clock.Now()
	switch chance := m.rnd.IntN(100); {
	case chance < 4: // never pays
	case chance < 8:
		m.at(o.ExpiresAt.Add(time.Duration(m.rnd.IntN(40)-20)*time.Minute), "paid late", pay)
	default:
		m.at(now.Add(time.Duration(5+m.rnd.IntN(300))*time.Second), "paid", pay)
	}
}

// learnEnd keeps what the books say of an end, which agrees with what the phone knows: the
// first login and the validity.
func (m *month) learnEnd(g *guest) {
	m.Helper()
	if g.order.Status != order.Activated {
		if g.order = m.Order(g.order); g.order.Status == order.Activated {
			m.sold++
		}
	}
	if g.order.Status != order.Activated || !g.end.IsZero() && m.Clock.Now().Before(g.end.Add(-far)) {
		return
	}
	v, found := m.voucherOf(g)
	switch {
	case !found:
	case !v.ValidUntil.IsZero():
		own := v.FirstLoginAt
		if !g.loggedIn.IsZero() && !own.IsZero() && (own.Sub(g.loggedIn) > 75*time.Second || own.Sub(g.loggedIn) < -2*time.Second) {
			m.Errorf("%s logged in at %s, the books say %s", g.order.Username, g.loggedIn, own)
		}
		g.end = v.ValidUntil
	case !g.loggedIn.IsZero(): // the shop has not seen it yet
		g.end = g.loggedIn.Add(validity[g.plan])
	}
	if found && v.State.Ended() && g.end.IsZero() {
		g.end = v.EndedAt
	}
}

// tryLogin has the phone join and log in where its user is; a refusal is tried again.
func (m *month) tryLogin(g *guest) {
	if g.order.Username == "" {
		return
	}
	for _, id := range g.routers {
		r := m.Routers[id]
		if err := r.Join(routerossim.Device{MAC: g.mac, IP: g.ip}); err != nil {
			continue
		}
		err := r.Command("/ip/hotspot/active/login", "=user="+g.order.Username, "=password="+g.order.Password, "=ip="+g.ip, "=mac-address="+g.mac)
		if err == nil {
			if g.loggedIn.IsZero() {
				g.loggedIn = m.Clock.Now()
			}
			return
		}
		r.Leave(g.mac)
	}
}

// extend is a customer who buys more time before the end.
func (m *month) extend() {
	m.Helper()
	for _, g := range m.guests {
		if m.away || g.order.Status != order.Activated || g.loggedIn.IsZero() || g.end.Sub(m.Clock.Now()) < far {
			continue
		}
		more, err := m.Shop.Orders.Extend(context.Background(), g.order.Token, orders.AgainIn{Nonce: m.NextNonce(), Client: "203.0.113.9"})
		if err != nil {
			continue
		}
		m.RunAll()
		_, _ = m.Xendit.Pay(xenditsim.PayIn{ReferenceID: m.Reference(more)}) // a gateway in trouble may have no charge yet
		g.end = time.Time{}
		return
	}
}
