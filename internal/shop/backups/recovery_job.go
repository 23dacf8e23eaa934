package backups

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

const (
	// recoverFor is how long one try works before it lets others, pageWithin how long one
	// page of the gateway's list may take.
	recoverFor = 4 * time.Second
	pageWithin = 5 * time.Second
	// pagePause keeps reading below the gateway's limit for test keys, 60 calls a minute.
	pagePause = time.Second
	// readAgain is the pace at which the end of the list is read until it cannot lack
	// anything from before the restore.
	readAgain = time.Minute
	// lookAgain is when a look is taken at what became of what was asked for.
	lookAgain = 2 * time.Second
	// longestWait is how long a gateway that cannot be read is left alone.
	longestWait = 5 * time.Minute
)

// RecoveryJob does a part of the recovery: it reads the gateway's list since the backup
// page by page, has each payment and refund that the books lack looked up, takes over users
// of routers that no order stands behind, lists those that tell of forgotten acts of staff, and
// ends the recovery when all was read and has its place. Each page and each row is written down as it is done, so that nothing is lost
// where it is interrupted, and nothing done twice.
func (s *Service) RecoveryJob(ctx context.Context, j jobs.Job) error {
	m, err := s.LookAtRecovery(ctx)
	if err != nil || !m.Stands() {
		return err
	}
	wait, err := s.recoverPart(ctx, m)
	switch {
	case err == nil:
		return &jobs.Snooze{After: wait}
	case errors.Is(err, errOver):
		return nil
	case fault.MayPass(err), errors.Is(err, context.DeadlineExceeded):
		return s.unread(ctx, j, m, err)
	}
	return err
}

// recoverPart returns when the next part is due.
func (s *Service) recoverPart(ctx context.Context, m backup.Recovery) (time.Duration, error) {
	began := clock.Elapsed(s.Clock)
	if s.due(m) {
		pages, next, err := s.readList(ctx, m)
		switch {
		case err != nil:
			return 0, err
		case !next.Until.IsZero():
			return time.Duration(pages) * pagePause, nil
		}
		m = next
	}
	open, err := s.placeAll(ctx, m, began)
	if err == nil && m.Failure != "" { // it answers again
		m, err = s.change(ctx, actor.Server, m.Since, func(_ *store.Tx, m *backup.Recovery) error {
			m.Failure, m.FailedAt = "", time.Time{}
			return nil
		})
	}
	switch {
	case err != nil:
		return 0, err
	case open > 0:
		return lookAgain, nil
	case !m.AllRead():
		return max(m.ReadTo.Add(readAgain).Sub(s.Clock.Now()), time.Second), nil
	}
	if waits, err := s.adoptUsers(ctx, m); err != nil || waits {
		return readAgain, err
	}
	if waits, err := s.extensionsWait(ctx, m); err != nil || waits {
		return lookAgain, err
	}
	if waits, err := s.undelivered(ctx, m); err != nil || waits {
		return lookAgain, err
	}
	if waits, err := s.noteActs(ctx, m); err != nil || waits {
		return readAgain, err
	}
	return lookAgain, s.endByRule(ctx, m)
}

// due reports whether the list is to be read now: from the beginning, where it goes on, or
// once more at its end.
func (s *Service) due(m backup.Recovery) bool {
	if !m.Until.IsZero() || m.ReadTo.IsZero() {
		return true
	}
	return !m.AllRead() && !s.Clock.Now().Before(m.ReadTo.Add(readAgain))
}

// readList reads pages until time is up or the span is read. Without a gateway there is
// nothing to read.
func (s *Service) readList(ctx context.Context, m backup.Recovery) (pages int, _ backup.Recovery, err error) {
	if !payments.Online(s.Gateway) {
		m, err = s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
			m.ReadTo = ledger.Later(tx.Now(), m.Since.Add(backup.StatementLag))
			return nil
		})
		return 0, m, err
	}
	from, until := m.Span(s.Clock.Now())
	for began := clock.Elapsed(s.Clock); pages == 0 || !m.Until.IsZero() && clock.Elapsed(s.Clock)-began < recoverFor; pages++ {
		page, cancel := context.WithTimeout(ctx, pageWithin)
		lines, next, err := s.Gateway.Transactions(page, from, until, m.NextPage)
		cancel()
		if err != nil {
			return pages, m, err
		}
		rows, err := s.rowsOf(ctx, m, lines)
		if err != nil {
			return pages, m, err
		}
		m, err = s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
			m.Until, m.NextPage, m.Failure, m.FailedAt = until, next, "", time.Time{}
			m.Pages++
			if next == "" {
				m.ReadTo, m.Until = until, time.Time{}
			}
			return tx.NoteRecoveryRows(ctx, m.Since, rows)
		})
		if err != nil {
			return pages, m, err
		}
	}
	return pages, m, nil
}

// rowsOf are the lines that moved a customer's money, and whether the books have it.
func (s *Service) rowsOf(ctx context.Context, m backup.Recovery, lines []payments.Transaction) (rows []store.RecoveryRow, err error) {
	for _, x := range lines {
		if x.Status != payments.TransactionDone {
			continue
		}
		row := store.RecoveryRow{Key: x.ID, State: backup.FoundOpen, ChargeID: x.ChargeID, ProductID: x.ProductID, Reference: x.Reference, Amount: x.Amount, MadeAt: x.CreatedAt}
		switch x.Type {
		case payments.PaymentTransaction:
			row.Kind = backup.FoundPayment
			err = s.knownPayment(ctx, m, &row)
		case payments.RefundTransaction:
			row.Kind = backup.FoundRefund
			err = s.knownRefund(ctx, &row)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Service) knownPayment(ctx context.Context, m backup.Recovery, row *store.RecoveryRow) error {
	if row.ChargeID == "" {
		return nil
	}
	p, err := s.Store.Payment(ctx, s.Gateway.Name(), row.ChargeID)
	if fault.Is(err, fault.NotFound) || err == nil && p.OrderID == "" {
		return nil // it may be that of an order which can be made again
	}
	if err == nil && p.RecordedAt.Before(m.Since) {
		row.State, row.OrderID = backup.FoundKnown, p.OrderID
	}
	return err
}

func (s *Service) knownRefund(ctx context.Context, row *store.RecoveryRow) error {
	f, found, err := s.Store.RefundByGatewayID(ctx, row.ProductID)
	if found && !f.DoneAt.IsZero() {
		row.State, row.OrderID = backup.FoundKnown, f.OrderID
	}
	return err
}

// unread keeps why the gateway cannot be read, and tries again later.
func (s *Service) unread(ctx context.Context, j jobs.Job, m backup.Recovery, cause error) error {
	ctx, cancel := ledger.ForRecord(ctx)
	defer cancel()
	wait := ledger.Backoff(j.Snoozes, 5*time.Second, longestWait)
	var f *fault.Error
	if errors.As(cause, &f) {
		wait = max(wait, f.After)
	}
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
		m.Failure, m.FailedAt = fault.CodeOf(cause), tx.Now()
		return nil
	})
	if err != nil && !errors.Is(err, errOver) {
		return err
	}
	return &jobs.Snooze{After: wait, Err: fmt.Errorf("read what was paid since the backup: %w", cause)}
}
