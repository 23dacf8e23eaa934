package ledger

import (
	"context"

	"gerai/internal/clock"
	"gerai/internal/store"
)

// NoteClock notes that a transaction writes instants by a clock that outside
// sources say is wrong.
func (s *Ledger) NoteClock(ctx context.Context, tx *store.Tx, kind, id string) error {
	if s.Verifier == nil {
		return nil
	}
	v := s.Verifier.Verdict()
	if v.State != clock.Disagreed {
		return nil
	}
	run, base := s.Verifier.Base()
	return tx.NoteClockError(ctx, store.ClockError{Kind: kind, ID: id, Off: v.Offset, Run: run, Base: base})
}
