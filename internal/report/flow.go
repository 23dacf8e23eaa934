package report

import (
	"maps"
	"slices"
)

// Flow is what became of the orders created on one day at one site, by the
// router they were delivered to ("" while there is none).
type Flow struct {
	Day      Day
	SiteID   string
	RouterID string
	Test     bool
	Numbers
}

// Numbers are counts of orders. They are kept as JSON, so that a new count
// needs no new column; days summed before it say 0.
type Numbers struct {
	Created   int64 `json:"created,omitempty"`
	Shown     int64 `json:"shown,omitempty"` // a QR code or account number was there to pay
	Paid      int64 `json:"paid,omitempty"`  // in full
	Expired   int64 `json:"expired,omitempty"`
	Cancelled int64 `json:"cancelled,omitempty"`
	Activated int64 `json:"activated,omitempty"`
	InMinute  int64 `json:"in_minute,omitempty"` // active at most 60 s after they were to be
	InDay     int64 `json:"in_day,omitempty"`    // at most 24 h
	Late      int64 `json:"late,omitempty"`
	Under     int64 `json:"under,omitempty"`
	Over      int64 `json:"over,omitempty"`
	Double    int64 `json:"double,omitempty"`
	Online    int64 `json:"online,omitempty"`  // paid through the gateway
	Webhook   int64 `json:"webhook,omitempty"` // of these: heard by webhook before our own read found it
	Counter   int64 `json:"desk,omitempty"`    // paid at the counter
	Undone    int64 `json:"undone,omitempty"`  // of these: given back by staff
	// Waits and CounterWaits count orders by whole seconds from creation to
	// activation, CounterWaits those of the counter.
	Waits        Waits `json:"waits,omitempty"`
	CounterWaits Waits `json:"desk_waits,omitempty"`
	Hours        Hours `json:"hours,omitempty"`
}

// Hours are orders by the hour of the day in which they were created: how many could be
// paid online, and how many of these were paid in full by any method. Sales at the
// counter are not part of it.
type Hours map[int][2]int64

// Add counts orders of an hour, 0 to 23.
func (h *Hours) Add(hour int, shown, paid int64) {
	if shown == 0 && paid == 0 {
		return
	}
	if *h == nil {
		*h = Hours{}
	}
	have := (*h)[hour]
	(*h)[hour] = [2]int64{have[0] + shown, have[1] + paid}
}

// Total is all hours together.
func (h Hours) Total() (shown, paid int64) {
	for _, x := range h {
		shown, paid = shown+x[0], paid+x[1]
	}
	return shown, paid
}

// Waits counts by seconds.
type Waits map[int64]int64

// longest is where waits are no longer told apart: a day.
const longest = 24 * 60 * 60

// Add counts n waits of some seconds.
func (w *Waits) Add(seconds, n int64) {
	if *w == nil {
		*w = Waits{}
	}
	(*w)[min(max(seconds, 0), longest)] += n
}

// Median is the wait of the middle one in seconds, the lower of two; known is
// false without any.
func (w Waits) Median() (seconds int64, known bool) { return w.Percentile(50) }

// Percentile is the wait in seconds that percent of all do not exceed; known is
// false without any.
func (w Waits) Percentile(percent int64) (seconds int64, known bool) {
	var all, seen int64
	for _, n := range w {
		all += n
	}
	for _, s := range slices.Sorted(maps.Keys(w)) {
		if seen += w[s]; 100*seen >= percent*all {
			return s, true
		}
	}
	return 0, false
}

// Plus adds other numbers.
func (n *Numbers) Plus(o Numbers) {
	for _, x := range []struct {
		to   *int64
		more int64
	}{{&n.Created, o.Created}, {&n.Shown, o.Shown}, {&n.Paid, o.Paid}, {&n.Expired, o.Expired}, {&n.Cancelled, o.Cancelled}, {&n.Activated, o.Activated},
		{&n.InMinute, o.InMinute}, {&n.InDay, o.InDay}, {&n.Late, o.Late}, {&n.Under, o.Under}, {&n.Over, o.Over}, {&n.Double, o.Double}, {&n.Online, o.Online},
		{&n.Webhook, o.Webhook}, {&n.Counter, o.Counter}, {&n.Undone, o.Undone}} {
		*x.to += x.more
	}
	for s, k := range o.Waits {
		n.Waits.Add(s, k)
	}
	for s, k := range o.CounterWaits {
		n.CounterWaits.Add(s, k)
	}
	for hour, x := range o.Hours {
		n.Hours.Add(hour, x[0], x[1])
	}
}

// MatchesFlow reports whether a flow is part of the report: plan, channel and
// method do not narrow it.
func (f Filter) MatchesFlow(x Flow) bool {
	return x.Day >= f.From && x.Day <= f.To && f.Serves(x.SiteID) && x.Test == f.Test
}

// Gather adds up flows by any key, keys in order.
func Gather(flows []Flow, key func(Flow) string) (keys []string, by map[string]*Numbers) {
	by = map[string]*Numbers{}
	for _, x := range flows {
		k := key(x)
		if by[k] == nil {
			by[k] = &Numbers{}
		}
		by[k].Plus(x.Numbers)
	}
	return slices.Sorted(maps.Keys(by)), by
}
