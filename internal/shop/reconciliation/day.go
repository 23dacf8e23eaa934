package reconciliation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/report"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

const (
	// readFor is how long one try reads pages before it lets others work, pageWithin how
	// long one page may take.
	readFor    = 4 * time.Second
	pageWithin = 5 * time.Second
	// pagePause keeps reading below the gateway's limit for test keys, 60 calls a minute.
	pagePause = time.Second
	// readBeyond is how far behind its payment the gateway may list a line.
	readBeyond = time.Hour
	// followUpTime is how long the books get to take up what was found in the list.
	followUpTime = 30 * time.Second
	// longestWait is how long a gateway that cannot be read is left alone.
	longestWait = 15 * time.Minute
)

// mostTries is after how many tries a day's list counts as one without an end: each try
// reads a page at least, and a day of a hundred thousand lines takes three hundred.
const mostTries = 2000

var (
	// errAskedAgain: the day was asked for again, and another job compares it.
	errAskedAgain = errors.New("asked for again")
	errEndless    = fault.New(fault.Refused, "reconciliation.endless")
)

// CompareDay compares one day: it reads the gateway's list page by page, has what the books
// lack looked up, and keeps the rows. A page that was read is not read again when it is
// interrupted.
func (s *Service) CompareDay(ctx context.Context, j jobs.Job) error {
	d, err := s.Store.ReconciliationDay(ctx, report.Day(j.Subject))
	if err != nil || d.State == store.DayDone {
		return err
	}
	if s.Gateway == nil {
		d.State = store.DayRead
	}
	if d.State != store.DayRead {
		if j.Snoozes >= mostTries {
			return s.unread(ctx, j, d, errEndless)
		}
		pages, err := s.read(ctx, &d)
		if errors.Is(err, errAskedAgain) {
			return nil
		}
		if err != nil {
			return s.unread(ctx, j, d, err)
		}
		if d.State != store.DayRead {
			return &jobs.Snooze{After: time.Duration(pages) * pagePause}
		}
	}
	asked, err := s.compare(ctx, d.Day)
	if err != nil {
		return fmt.Errorf("compare %s: %w", d.Day, err)
	}
	if asked > 0 {
		return &jobs.Snooze{After: followUpTime}
	}
	if err := s.compareAccess(ctx); err != nil {
		return err
	}
	d.State, d.DoneAt, d.Failure, d.FailedAt = store.DayDone, s.Clock.Now(), "", time.Time{}
	_, err = s.save(ctx, d)
	return err
}

// save writes how far a day has come; false means that it was asked for again.
func (s *Service) save(ctx context.Context, d store.ReconciliationDay) (saved bool, err error) {
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		saved, err = tx.SaveDay(ctx, d)
		return err
	})
	return saved, err
}

// read reads pages of the gateway's list until time is up or the day is read, and returns
// how many.
func (s *Service) read(ctx context.Context, d *store.ReconciliationDay) (pages int, err error) {
	from, until := d.Day.Start(s.Zone), d.Day.End(s.Zone).Add(readBeyond)
	for began := clock.Elapsed(s.Clock); d.State != store.DayRead && (pages == 0 || clock.Elapsed(s.Clock)-began < readFor); pages++ {
		page, cancel := context.WithTimeout(ctx, pageWithin)
		lines, next, err := s.Gateway.Transactions(page, from, until, d.NextPage)
		cancel()
		if err != nil {
			return pages, err
		}
		d.NextPage, d.State, d.Failure, d.FailedAt = next, store.DayReading, "", time.Time{}
		if next == "" {
			d.State = store.DayRead
		}
		saved := false
		err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			if err := tx.KeepTransactions(ctx, s.gateway(), lines); err != nil {
				return err
			}
			saved, err = tx.SaveDay(ctx, *d)
			return err
		})
		if err != nil {
			return pages, err
		}
		if !saved {
			return pages, errAskedAgain
		}
	}
	return pages, nil
}

// unread keeps why a day cannot be read and tries again later: a list that cannot be read
// delays no other work.
func (s *Service) unread(ctx context.Context, j jobs.Job, d store.ReconciliationDay, cause error) error {
	wait := ledger.Backoff(j.Snoozes, 5*time.Second, longestWait)
	switch fault.KindOf(cause) {
	case fault.Limited, fault.Unavailable, fault.Unknown, fault.Config, fault.Refused:
		var f *fault.Error
		if errors.As(cause, &f) {
			wait = max(wait, f.After)
		}
	default:
		return cause
	}
	d.Failure, d.FailedAt = fault.CodeOf(cause), s.Clock.Now()
	if _, err := s.save(ctx, d); err != nil {
		return err
	}
	return &jobs.Snooze{After: wait, Err: fmt.Errorf("read list of %s: %w", d.Day, cause)}
}
