package campaign

import (
	"context"
	"slices"
	"strconv"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

func xenditPay(o order.Order) xenditsim.PayIn {
	return xenditsim.PayIn{ReferenceID: string(o.Code) + "-1"}
}

// monthRouters are the routers in one order, so that a seed draws the same each time.
var monthRouters = []string{"melati-a", "melati-b", "pasar", "pojok", "taman"}

// plan draws what happens on which day.
func (m *month) plan(days, n int) {
	m.happened = map[string]int{}
	for d := range days {
		day := m.Clock.Now().Add(time.Duration(d) * 24 * time.Hour)
		for range n*(d+1)/days - n*d/days {
			m.at(m.sometime(day), "bought", m.buy)
		}
		for _, id := range monthRouters {
			if m.rnd.IntN(4) == 0 {
				m.at(m.sometime(day), "router away", func() { m.outage(id, time.Duration(5+m.rnd.IntN(175))*time.Minute) })
			}
			if m.rnd.IntN(10) == 0 {
				m.at(m.sometime(day), "router restarted", func() { m.Routers[id].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1}) })
			}
			m.at(day.Add(time.Minute), "router backed up", func() { m.backups[id] = m.rows(id) })
			if m.rnd.IntN(12) == 0 {
				m.at(m.sometime(day), "router set back to its backup", func() { m.setBack(id) })
			}
		}
		if m.rnd.IntN(3) == 0 {
			m.at(m.sometime(day), "shop away", func() { m.stop(time.Duration(5+m.rnd.IntN(85)) * time.Minute) })
		}
		for _, hour := range []time.Duration{8, 20} {
			m.at(day.Add(hour*time.Hour), "operator looked", m.putBack)
		}
		for range 3 {
			m.at(m.sometime(day), "manual change", m.change)
			m.at(m.sometime(day), "extended", m.extend)
		}
		m.at(m.sometime(day), "gateway failed", func() {
			m.Xendit.SetFaults(xenditsim.Faults{DupRatio: 0.2, LostRatio: 0.2, ReorderRatio: 0.1, APIErrorRatio: 0.05, TimeoutRatio: 0.02})
			m.at(m.Clock.Now().Add(time.Hour), "gateway well", func() { m.Xendit.SetFaults(xenditsim.Faults{}) })
		})
	}
}

// outage puts a router out of the shop's reach; phones stay online.
func (m *month) outage(id string, d time.Duration) {
	m.Routers[id].SetFaults(routerossim.Faults{Down: true})
	m.at(m.Clock.Now().Add(d), "router back", func() { m.Routers[id].SetFaults(routerossim.Faults{}) })
}

// stop has the shop do nothing for a while.
func (m *month) stop(d time.Duration) {
	m.away = true
	m.CloseWebhook()
	m.at(m.Clock.Now().Add(d), "shop back", func() {
		m.away, m.back = false, m.Clock.Now()
		m.OpenWebhook()
	})
}

// reached reports whether shop and router work: an end that is taken out of a router while the
// shop does not reach it is missing for longer than five minutes.
func (m *month) reached(id string) bool {
	now := m.Clock.Now()
	return !m.away && now.Sub(m.back) > 2*time.Minute && !m.Routers[id].Faults().Down && now.Sub(m.troubled[id]) > 2*time.Minute
}

// rows are our users of a router as its backup holds them.
func (m *month) rows(id string) (out []map[string]string) {
	for _, row := range m.marked(id) {
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b map[string]string) int {
		if a["name"] < b["name"] {
			return -1
		}
		return 1
	})
	return out
}

// kept are the fields of a user that a backup brings back.
var kept = []string{"name", "password", "profile", "limit-uptime", "limit-bytes-total", "comment", "disabled"}

// setBack restores the router's backup: users sold since are gone, ended ones live again.
func (m *month) setBack(id string) {
	m.Helper()
	if !m.reached(id) {
		return
	}
	then := m.backups[id]
	now := m.marked(id)
	for name := range now {
		if !slices.ContainsFunc(then, func(row map[string]string) bool { return row["name"] == name }) {
			m.command(id, "/ip/hotspot/user/remove", "=numbers="+name)
		}
	}
	present := map[string]bool{} // one whose comment was emptied is there, too
	for _, row := range m.Routers[id].Rows("ip/hotspot/user") {
		present[row["name"]] = true
	}
	for _, row := range then {
		words := []string{"/ip/hotspot/user/add"}
		if present[row["name"]] {
			words = []string{"/ip/hotspot/user/set", "=numbers=" + row["name"]}
		}
		for _, f := range kept {
			if row[f] != "" {
				words = append(words, "="+f+"="+row[f])
			}
		}
		if slices.ContainsFunc(m.Routers[id].Rows("ip/hotspot/user/profile"), func(p map[string]string) bool { return p["name"] == row["profile"] }) {
			m.command(id, words...)
		}
	}
}

// putBack is the operator who answers the alert: what was removed by hand comes back by one act.
func (m *month) putBack() {
	m.Helper()
	if m.away {
		return
	}
	ctx := context.Background()
	for id := range m.Routers {
		review, err := m.Shop.Vouchers.RouterReview(ctx, id, "")
		m.Must(err)
		if len(review.Lines) == 0 {
			continue
		}
		m.happened["put back"]++
		m.Must(m.Shop.Vouchers.RestoreUsers(ctx, vouchers.RestoreIn{ID: id, Typed: id, Reason: "hilang dari router", Actor: actor.Named("staff:budi")}))
	}
}

// change changes one user of a random router: Winbox, and what Mikhmon sends.
func (m *month) change() {
	m.Helper()
	id := monthRouters[m.rnd.IntN(len(monthRouters))]
	rows := m.rows(id)
	if len(rows) == 0 || !m.reached(id) {
		return
	}
	name := rows[m.rnd.IntN(len(rows))]["name"]
	set := func(words ...string) {
		m.command(id, append([]string{"/ip/hotspot/user/set", "=numbers=" + name}, words...)...)
	}
	kind := m.rnd.IntN(7)
	m.happened["manual change "+strconv.Itoa(kind)]++
	switch kind {
	case 0:
		set("=disabled=yes")
	case 1:
		set("=disabled=no")
	case 2:
		m.command(id, "/ip/hotspot/user/remove", "=numbers="+name)
	case 3: // Mikhmon's reset
		set("=limit-uptime=0s", "=comment=")
	case 4: // Mikhmon's change of the profile
		set("=profile=default")
	case 5:
		set("=password=diganti")
	default:
		set("=limit-uptime=1d")
	}
}
