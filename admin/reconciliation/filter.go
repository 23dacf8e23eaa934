package reconciliation

import (
	"slices"
	"strings"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/store"
)

// rowsPerPage is how many rows a page lists.
const rowsPerPage = 50

// inquiry is what a list is narrowed to. Its sums are of a range of days in any case; the
// rows are of that range unless they are the open ones of all days.
type inquiry struct {
	store.ReconciliationFilter
	from, to report.Day
}

// inquire reads the parameters of a page or of a form. Errors: Invalid "report.day" at the
// field, "reconciliation.range" at "from".
func inquire(k *web.Request, value func(string, ...string) string) (q inquiry, err error) {
	last, err := lastDay(k)
	if err != nil {
		return q, err
	}
	q = inquiry{from: report.Monthly.Of(last), to: last}
	for _, x := range []struct {
		field string
		into  *report.Day
	}{{"from", &q.from}, {"to", &q.to}} {
		text := strings.Clone(value(x.field))
		if text == "" {
			continue
		}
		if *x.into, err = report.ParseDay(text); err != nil {
			return q, fault.AtField(x.field, "report.day")
		}
	}
	if q.from > q.to || q.from.Days(q.to) > 3660 {
		return q, fault.AtField("from", "report.range")
	}
	q.Open = value("view") != "all"
	if !q.Open || value("from")+value("to") != "" {
		q.From, q.To = q.from, q.to
	}
	if kind := reconcile.Kind(strings.Clone(value("kind"))); slices.Contains(reconcile.Kinds, kind) {
		q.Kind = kind
	}
	if state := reconcile.State(strings.Clone(value("state"))); slices.Contains(reconcile.States, state) {
		q.State = state
	}
	q.Owner = strings.Clone(web.Truncate(value("owner")))
	if day, id, ok := strings.Cut(strings.Clone(value("before")), "."); ok {
		q.Before = store.ReconciliationCursor{Day: report.Day(day), ID: id}
	}
	return q, nil
}

// lastDay is the latest day that was compared or is about to be; yesterday while there is
// none of this week.
func lastDay(k *web.Request) (report.Day, error) {
	today := k.Shop.Reports.ThisDay()
	days, err := k.Store.ReconciliationDays(k.AuditContext(), today.Add(1-shownDays), today)
	if err != nil || len(days) == 0 {
		return today.Add(-1), err
	}
	return days[len(days)-1].Day, nil
}

// pairs are the inquiry as parameters of an address.
func (q inquiry) pairs(more ...string) []string {
	view := ""
	if !q.Open {
		view = "all"
	}
	return append([]string{"view", view, "from", string(q.From), "to", string(q.To), "kind", string(q.Kind), "state", string(q.State), "owner", q.Owner}, more...)
}
