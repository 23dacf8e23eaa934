package reconcile

import (
	"time"

	"gerai/internal/fault"
	"gerai/internal/report"
)

// Month is a month of the operator's time zone, "2026-11". Months sort as text.
type Month string

// MonthOf is the month that a day lies in.
func MonthOf(d report.Day) Month { return Month(d[:7]) }

// ParseMonth reads a month as addresses carry it.
func ParseMonth(s string) (Month, error) {
	d, err := report.ParseDay(s + "-01")
	if err != nil {
		return "", err
	}
	return MonthOf(d), nil
}

// First and Last are its days.
func (m Month) First() report.Day { return report.Day(m) + "-01" }

// Last is its last day.
func (m Month) Last() report.Day { return report.Monthly.Next(m.First()).Add(-1) }

// Next is the month after it.
func (m Month) Next() Month { return MonthOf(m.Last().Add(1)) }

// Refusals to close a month or a row.
var (
	// ErrMonthRunning: the month is not over.
	ErrMonthRunning = fault.New(fault.Conflict, "reconciliation.month_running")
	// ErrMonthUnread: some of its days were not compared since they ended.
	ErrMonthUnread = fault.New(fault.Conflict, "reconciliation.month_unread")
	// ErrMonthOpen: some of its rows need a person.
	ErrMonthOpen = fault.New(fault.Conflict, "reconciliation.month_open")
	// ErrMonthUnsettled: the gateway has not settled all of its money.
	ErrMonthUnsettled = fault.New(fault.Conflict, "reconciliation.month_unsettled")
	// ErrMonthClosed: it is closed; nothing of it changes any more.
	ErrMonthClosed = fault.New(fault.Conflict, "reconciliation.month_closed")
	// ErrRowDone: the row needs nothing.
	ErrRowDone = fault.New(fault.Conflict, "reconciliation.row_done")
)

// MonthState is what decides whether a month may be closed.
type MonthState struct {
	Month    Month
	ClosedAt time.Time
	Unread   int64 // days that were not compared since they ended
	Open     int64 // rows that need a person
	Awaiting int64 // rows that the gateway has not finished
}

// MayClose reports whether a month may be closed.
func MayClose(s MonthState, today report.Day) error {
	switch {
	case !s.ClosedAt.IsZero():
		return ErrMonthClosed
	case s.Month >= MonthOf(today):
		return ErrMonthRunning
	case s.Unread > 0:
		return ErrMonthUnread
	case s.Open > 0:
		return ErrMonthOpen
	case s.Awaiting > 0:
		return ErrMonthUnsettled
	}
	return nil
}

// MayExplain reports whether a row may be closed by hand with a reason, assigned
// or looked into: only while it is open.
func MayExplain(s State, closedAt time.Time) error {
	if !s.Open() || !closedAt.IsZero() {
		return ErrRowDone
	}
	return nil
}
