package ledger

import (
	"context"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
)

const (
	// EndRetry is when an end is tried again that the clock is not believed about.
	EndRetry = 15 * time.Second
	// CorrectStep bounds what one look puts right.
	CorrectStep = 200
)

// ErrClock is why an end waits.
var ErrClock = fault.New(fault.Unavailable, "clock.unverified")

// ErrHeld is why something waits in a shop that was restored.
var ErrHeld = fault.New(fault.Unavailable, "recovery.stands")

// MayKeepOut reports whether a user may be kept out or removed whose end is recorded: no
// clock is asked for that, but a shop that was restored may have forgotten an extension.
func (s *Ledger) MayKeepOut() bool { return s.Held == nil || !s.Held() }

// HeldBack snoozes what was decided before the restore of a shop that does not know yet what
// happened since its backup: it may have been taken back. What is decided afterwards counts at once.
func (s *Ledger) HeldBack(ctx context.Context, decided time.Time) error {
	if s.MayKeepOut() {
		return nil
	}
	m, err := s.Store.LastRecovery(ctx)
	if err != nil || !m.Stands() || !decided.Before(m.Since) {
		return err
	}
	return &jobs.Snooze{After: EndRetry, Err: ErrHeld}
}

// refundsFor is how long what was paid before a restore waits for the gateway's refunds to be
// read, which may have ended it.
const refundsFor = 15 * time.Minute

// RefundsUnread reports whether the money of an order that was paid before the shop was
// restored, or of the one that it extends, may have gone back since the backup without the
// books knowing of it yet. Where the gateway cannot be read, who has paid does not wait longer
// than refundsFor.
func (s *Ledger) RefundsUnread(ctx context.Context, o order.Order) (bool, error) {
	if s.MayKeepOut() {
		return false, nil
	}
	m, err := s.Store.LastRecovery(ctx)
	if err != nil || !m.Stands() || !o.PaidAt.Before(m.Since) {
		return false, err
	}
	if s.Clock.Now().Sub(Later(o.ActivateAt, m.Since)) > refundsFor {
		return false, nil
	}
	if m.ReadTo.Before(m.Since) {
		return true, nil
	}
	n, err := s.Store.OpenRefundsOf(ctx, m.Since, o)
	return n > 0, err
}

// mayEnd reports by what is known whether something may be ended because its
// time is over; it makes no call and may be used in a transaction.
func (s *Ledger) mayEnd() bool {
	return s.MayKeepOut() && (s.Verifier == nil || s.Verifier.Verdict().Ends())
}

// Ends is mayEnd after the outside was asked, where the clock is not known to
// be right, and after what a wrong clock wrote was put right.
func (s *Ledger) Ends(ctx context.Context) bool {
	switch {
	case !s.MayKeepOut():
		return false
	case s.Verifier == nil:
		return true
	}
	verdict := s.Verifier.Verify(ctx)
	if verdict.State == clock.Agreed {
		if err := s.CorrectTimes(ctx); err != nil {
			s.Log.WarnContext(ctx, "times of a wrong clock not put right", "error", err)
			return false
		}
	}
	return verdict.Ends()
}
