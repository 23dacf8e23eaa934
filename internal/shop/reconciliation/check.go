package reconciliation

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"gerai/internal/report"
)

const (
	// openFor is how long a row may need a person before an alert says so.
	openFor = 24 * time.Hour
	// unreadFor is how long after its night a day may wait for the gateway's list.
	unreadFor = 24 * time.Hour
	// workFor is how long comparing many days at once may take.
	workFor = 2 * time.Hour
)

// Subjects of the alerts: there is one reconciliation.
const subjectOfAlerts = "reconciliation"

// check opens alerts about rows that are open for too long and about days that cannot be
// compared, and closes them when that is over.
func (s *Service) check(ctx context.Context, last report.Day) error {
	n, oldest, err := s.Store.OpenReconciliations(ctx, s.Clock.Now().Add(-openFor))
	if err != nil {
		return err
	}
	detail := ""
	if n > 0 {
		detail = strconv.FormatInt(n, 10) + " " + string(report.DayOf(oldest, s.Zone))
	}
	if err := s.tell(ctx, "reconciliation_open", detail); err != nil {
		return err
	}
	if detail, err = s.unreadSince(ctx, last); err != nil {
		return err
	}
	return s.tell(ctx, "reconciliation_unread", detail)
}

// unreadSince is the oldest day that waits for too long, and why; "" for none.
func (s *Service) unreadSince(ctx context.Context, last report.Day) (string, error) {
	days, err := s.Store.ReconciliationDays(ctx, last.Add(1-lookBack), last)
	if err != nil {
		return "", err
	}
	for _, d := range days {
		late := s.Clock.Now().Sub(d.Day.End(s.Zone).Add(nightly)) > unreadFor
		fails := d.Failure != "" || s.Clock.Now().Sub(d.AskedAt) > workFor
		if d.DoneAt.Before(d.Day.End(s.Zone)) && late && fails {
			return string(d.Day) + " " + d.Failure, nil
		}
	}
	return "", nil
}

// tell opens an alert of a kind with a detail, or closes it without one.
func (s *Service) tell(ctx context.Context, kind, detail string) error {
	open, err := s.alerts.OpenSubjects(ctx, kind)
	if err != nil {
		return err
	}
	switch {
	case detail != "" && !open[subjectOfAlerts]:
		err = s.ledger.Alert(ctx, kind, subjectOfAlerts, detail)
	case detail == "" && open[subjectOfAlerts]:
		err = s.ledger.CloseAlert(ctx, kind, subjectOfAlerts)
	}
	if err != nil {
		return fmt.Errorf("tell %s: %w", kind, err)
	}
	return nil
}
