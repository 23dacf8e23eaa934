package reconciliation

import (
	"time"

	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

const (
	// shownDays is how many of the latest days the page says how far they are.
	shownDays = 7
	// staleAfter is when the latest comparison of a router is told as old: the review looks
	// at each twice a minute.
	staleAfter = 10 * time.Minute
)

// fillRouters lists the routers with their latest comparison.
func fillRouters(k *web.Request, page *templates.ReconciliationPage) error {
	all, err := k.Shop.Reconciliation.Routers(k.AuditContext())
	for _, r := range all {
		l := templates.ReconciliationRouterLine{Name: r.Name, Href: web.Root + "/routers/" + r.ID + "/review", Seen: r.Seen, At: r.At, Users: r.Users, Left: r.Left, Tone: "good"}
		switch {
		case r.Left > 0:
			l.Tone = "bad"
		case !r.Seen || k.Clock.Now().Sub(r.At) > staleAfter:
			l.Tone = "warn"
		}
		page.Routers = append(page.Routers, l)
	}
	return err
}

func fillDays(k *web.Request, page *templates.ReconciliationPage) error {
	today := k.Shop.Reports.ThisDay()
	days, err := k.Store.ReconciliationDays(k.AuditContext(), today.Add(1-shownDays), today)
	for _, d := range days {
		l := templates.ReconciliationDayLine{Day: page.Date(d.Day.Date()), State: page.T("reconciliation.day." + d.State), Done: d.DoneAt, Tone: web.Tone(d.State == store.DayDone, "good")}
		if d.Failure != "" {
			l.Tone, l.Failure = "bad", page.Trouble(d.Failure)
			if key := "fault." + d.Failure; templates.HasText(key) {
				l.Failure = page.T(key)
			}
		}
		page.Days = append(page.Days, l)
	}
	return err
}

func fillMonths(k *web.Request, page *templates.ReconciliationPage) error {
	all, err := k.Shop.Reconciliation.Months(k.AuditContext())
	for _, m := range all {
		l := templates.ReconciliationMonthLine{Month: page.Month(m.Month.First().Date()), In: m.Figures.In, Back: m.Figures.Back, Fee: m.Figures.Fee, Difference: m.Figures.Difference(), Open: m.State.Open,
			ClosedAt: m.ClosedAt, ClosedBy: web.Who(page.Panel, m.ClosedBy), Why: m.Why}
		switch {
		case m.May == nil:
			l.Close = web.Root + "/reconciliation/months/" + string(m.Month) + "/close"
		case m.ClosedAt.IsZero():
			l.Waits = templates.FaultText(page.Lang, m.May)
		}
		page.Months = append(page.Months, l)
	}
	return err
}
