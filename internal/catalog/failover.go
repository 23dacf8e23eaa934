package catalog

import (
	"time"

	"gerai/internal/clock"
	"gerai/internal/typed"
)

// DefaultFailoverAfter is FailoverAfter of a site that says nothing: longer than a router
// takes to come back from a lost link, shorter than a customer waits.
const DefaultFailoverAfter = 15 * time.Second

// MostFailoverAfter bounds FailoverAfter.
const MostFailoverAfter = time.Hour

// Away is since when routers have not answered, by id; one that answers is not in it.
type Away map[string]time.Time

// Longer reports whether a router has been away for d or longer. An instant ahead of now was
// written by a wrong clock: such a router is not waited for.
func (a Away) Longer(id string, now time.Time, d time.Duration) bool {
	since, away := a[id]
	return away && !clock.Within(since, now, d)
}

// Has reports whether a router is away.
func (a Away) Has(id string) bool {
	_, away := a[id]
	return away
}

// StandIns are the routers of a site that its new users may be given, by priority: with
// failover the first and those that serve the same hotspot, else the first alone. A user on
// a router that customers cannot reach would be no delivery.
func (s Site) StandIns(byPriority []Router) []Router {
	if len(byPriority) == 0 {
		return nil
	}
	first := byPriority[0]
	out := byPriority[:1:1]
	for _, r := range byPriority[1:] {
		if s.Failover && r.Hotspot == first.Hotspot {
			out = append(out, r)
		}
	}
	return out
}

// Serving are the routers to be tried for a new user, in order. One that has been away for
// longer than the site waits comes after those that answer; one that has been away for less
// is waited for, so that none comes after it.
func (s Site) Serving(byPriority []Router, away Away, now time.Time) []Router {
	var out, late []Router
	for _, r := range s.StandIns(byPriority) {
		if away.Longer(r.ID, now, s.FailoverAfter) {
			late = append(late, r)
			continue
		}
		out = append(out, r)
		if away.Has(r.ID) {
			return out
		}
	}
	if len(out) > 0 && s.FailoverAfter > 0 {
		return out[:1] // one that turns out to be away now is waited for as well
	}
	return append(out, late...)
}

// StandIn is the router that takes the new users of one that is away; false where none does.
func (s Site) StandIn(r Router, byPriority []Router, away Away, now time.Time) (Router, bool) {
	serving := s.Serving(byPriority, away, now)
	if len(serving) == 0 || r.Disabled || !away.Has(r.ID) {
		return Router{}, false
	}
	in := serving[0]
	switch {
	case in.ID == r.ID, in.Hotspot != r.Hotspot, away.Has(in.ID):
		return Router{}, false
	case in.Priority < r.Priority: // it would be asked first in any case
		return Router{}, false
	}
	return in, true
}

// Stocking are the routers whose stock may be sold: without those that have been away for
// longer than the site waits, where others are not.
func (s Site) Stocking(byPriority []Router, away Away, now time.Time) []Router {
	all := s.StandIns(byPriority)
	var out []Router
	for _, r := range all {
		if !away.Longer(r.ID, now, s.FailoverAfter) {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// HotspotForm reports whether a text can be what routers that serve one hotspot have in
// common.
func HotspotForm(s string) bool {
	clean, ok := typed.Name(s, 40)
	return s == "" || ok && clean == s
}
