package routerossim

import "time"

// endOf is when and why a session will end without a command; ok is false when only a
// command ends it.
func (r *Router) endOf(a *row, memo map[*row]time.Time) (at time.Time, cause string, ok bool) {
	at, cause, ok = r.limitOf(a, memo)
	if t := durOf(a.f["idle-timeout"]); t > 0 {
		if idle := milli(a.f["#seen"]).Add(t); !ok || idle.Before(at) {
			return idle, causeIdle, true
		}
	}
	return at, cause, ok
}

// limitOf is the same for time limits alone, as session-time-left shows it.
// memo, which may be nil, saves working out a user's end for each session.
func (r *Router) limitOf(a *row, memo map[*row]time.Time) (at time.Time, cause string, ok bool) {
	earliest := func(t time.Time, why string) {
		if !ok || t.Before(at) {
			at, cause, ok = t, why, true
		}
	}
	if t := durOf(a.f["#timeout"]); t > 0 {
		earliest(milli(a.f["#start"]).Add(t), causeTimeout)
	}
	u := r.tables[userPath].byID[a.f["#user"]]
	if u == nil {
		if t := durOf(a.f["#limit"]); t > 0 {
			earliest(milli(a.f["#start"]).Add(t-durOf(a.f["#used"])), causeUptime)
		}
		return at, cause, ok
	}
	end, known := memo[u]
	if !known {
		if end = r.userEnd(u); memo != nil {
			memo[u] = end
		}
	}
	if !end.IsZero() {
		earliest(end, causeUptime)
	}
	return at, cause, ok
}

// userEnd is when a user's limit-uptime is used up, zero for never. Its n
// sessions use it n times as fast: used + sum(end - since) = limit.
func (r *Router) userEnd(u *row) time.Time {
	limit := durOf(u.f["limit-uptime"])
	list := r.sessionsOf(u)
	if limit <= 0 || len(list) == 0 {
		return time.Time{}
	}
	first := milli(list[0].f["#since"])
	left := limit - durOf(u.f["uptime"])
	for _, a := range list {
		left += milli(a.f["#since"]).Sub(first)
	}
	return first.Add(left / time.Duration(len(list)))
}

// wake makes applyDue look again at the given time. Waking too early is harmless, so only
// what may end sooner than expected has to call it.
func (r *Router) wake(at time.Time) {
	if r.nextEnd.IsZero() || at.Before(r.nextEnd) {
		r.nextEnd = at
	}
}

// wakeFor is wake for a session.
func (r *Router) wakeFor(a *row) {
	if at, _, ok := r.endOf(a, nil); ok {
		r.wake(at)
	}
}

// applyDue brings the router up to the present: sessions, cookies and timed list entries
// end and schedulers run, each at its own moment, earliest first.
func (r *Router) applyDue() {
	now := r.now()
	for _, run := range r.dueRuns(now) {
		r.endDue(run.at)
		r.moment = run.at
		r.runScheduled(run)
		r.moment = time.Time{}
	}
	r.endDue(now)
}

// endDue ends what is over by then.
func (r *Router) endDue(now time.Time) {
	for !r.nextEnd.IsZero() && !now.Before(r.nextEnd) {
		due, at, why := r.nextDue()
		if r.nextEnd = at; due == nil || now.Before(at) {
			break
		}
		if at.Before(r.appliedUntil) { // a limit was set below what is used: it ends when that was written
			at = r.appliedUntil
		}
		switch {
		case why != "":
			r.closeSession(due, why, at)
		case due.f["#expires"] != "":
			r.delete(r.tables[cookiePath], due)
		default:
			r.delete(r.tables["ip/firewall/address-list"], due)
		}
	}
	r.appliedUntil = now
}

// nextDue finds what ends first; why is empty for what is not a session.
func (r *Router) nextDue() (due *row, at time.Time, why string) {
	look := func(x *row, t time.Time, cause string) {
		if due == nil || t.Before(at) {
			due, at, why = x, t, cause
		}
	}
	memo := map[*row]time.Time{}
	r.tables[activePath].each(func(a *row) bool {
		if t, cause, ok := r.endOf(a, memo); ok {
			look(a, t, cause)
		}
		return true
	})
	r.tables[cookiePath].each(func(x *row) bool {
		if t := milli(x.f["#expires"]); !t.IsZero() {
			look(x, t, "")
		}
		return true
	})
	for x := range r.timed {
		look(x, milli(x.f["#until"]), "")
	}
	return due, at, why
}
