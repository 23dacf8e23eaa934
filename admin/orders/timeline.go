package orders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/orders"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/payments/counter"
	"gerai/templates"
)

// timeline lists everything that happened to an order, in order. Raw messages and audit
// details need the right to see the audit trail and are folded.
func timeline(k *web.Request, p templates.Panel, s orders.OrderDetail) []templates.TimelineEntry {
	var out []templates.TimelineEntry
	add := func(m templates.TimelineEntry) {
		if !m.At.IsZero() {
			out = append(out, m)
		}
	}
	raw, money := k.Principal.May(staff.SeeAudit), k.Principal.May(staff.SeeMoney)
	for _, row := range once(s.Audit) {
		m := templates.TimelineEntry{At: row.At, What: p.Act(row.Action), Who: web.Who(p, row.Actor), Text: web.ReasonOf(row)}
		if raw {
			m.Raw = row.Detail
		}
		add(m)
	}
	for _, ev := range s.Events {
		m := templates.TimelineEntry{At: ev.ReceivedAt, What: p.T("orders.timeline.webhook"), Who: ev.Gateway, Text: ev.Name}
		if raw {
			m.Raw = pretty(ev.Body)
		}
		add(m)
	}
	for _, a := range s.Attempts {
		text := p.MethodName(a.Method)
		if money {
			text += " · " + a.Amount.String() + " · " + a.Reference
		}
		if a.Failure != "" {
			text += " · " + p.Why(a.Failure)
		}
		add(templates.TimelineEntry{At: a.CreatedAt, What: p.T("orders.timeline.attempt", "n", a.No), Text: text, Tone: web.Tone(a.Failure != "", "warn")})
	}
	if money {
		for _, pay := range s.Payments {
			add(templates.TimelineEntry{At: pay.PaidAt, What: p.T("orders.timeline.payment"), Who: strings.TrimPrefix(pay.Gateway, counter.Name), Text: pay.Amount.String() + " · " + web.MethodName(p, pay.Method), Tone: "good"})
		}
		for _, f := range s.Refunds {
			add(templates.TimelineEntry{At: f.DoneAt, What: p.T("orders.timeline.refunded"), Text: f.Amount.String()})
		}
	}
	if s.HasPass {
		add(templates.TimelineEntry{At: s.Pass.StartedAt, What: p.T("orders.timeline.pass"), Text: p.T("orders.timeline.until", "time", p.When(s.Pass.EndsAt))})
	}
	for _, o := range s.Extensions {
		add(templates.TimelineEntry{At: o.ActivatedAt, What: p.T("orders.timeline.longer"), Text: o.Code.Pretty()})
	}
	for _, n := range s.Notes {
		add(templates.TimelineEntry{At: n.At, What: p.T("orders.timeline.note"), Who: n.StaffName, Text: n.Text})
	}
	for _, j := range s.Jobs {
		add(jobEntry(p, j))
	}
	slices.SortStableFunc(out, func(a, b templates.TimelineEntry) int { return b.At.Compare(a.At) })
	return out
}

// once drops the second audit row of one act: an act on money or a voucher is recorded
// for itself and for the order that it changed. The first is enough.
func once(trail []store.AuditRow) []store.AuditRow {
	type act struct {
		at            int64
		actor, action string
	}
	told := map[act]bool{}
	key := func(r store.AuditRow) act { return act{r.At.UnixMilli(), r.Actor, r.Action} }
	follows := func(r store.AuditRow) bool { return strings.Contains(r.Detail, `"status":`) }
	for _, r := range trail {
		told[key(r)] = told[key(r)] || !follows(r)
	}
	return slices.DeleteFunc(slices.Clone(trail), func(r store.AuditRow) bool { return follows(r) && told[key(r)] })
}

// jobEntry says how background work on the order went.
func jobEntry(p templates.Panel, j store.JobLine) templates.TimelineEntry {
	m := templates.TimelineEntry{At: j.CreatedAt, What: p.Job(j.Kind), Who: p.T("orders.timeline.job"), Text: p.T("orders.timeline.job." + j.State)}
	if j.FinishedAt.After(j.CreatedAt) {
		m.At = j.FinishedAt
	}
	if n := j.Attempts + j.Snoozes; n > 0 {
		m.Text += " · " + p.T("orders.timeline.tries", "n", n+1)
	}
	if j.Failure != "" && j.State != "done" {
		m.Text, m.Tone = m.Text+" · "+p.Why(fault.CodeIn(j.Failure)), "warn"
	}
	if j.State == "dead" {
		m.Tone = "bad"
	}
	return m
}

// pretty indents a JSON message and leaves any other as it came.
func pretty(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return fmt.Sprintf("%q", body)
	}
	return b.String()
}
