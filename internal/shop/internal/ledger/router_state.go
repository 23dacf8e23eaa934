package ledger

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// seenEvery keeps a busy router from costing one write per sale.
const seenEvery = 15 * time.Second

// RouterSeen notes that a router answered, at most every seenEvery.
func (s *Ledger) RouterSeen(ctx context.Context, r catalog.Router) error {
	if unseen, err := s.Unseen(ctx, r); err != nil || !unseen {
		return err
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return s.NoteSeen(ctx, tx, r) })
}

// Unseen reports whether it is not noted that a router answered a moment ago.
func (s *Ledger) Unseen(ctx context.Context, r catalog.Router) (bool, error) {
	states, err := s.Store.RouterStates(ctx)
	for _, st := range states {
		if st.ID == r.ID && st.Failure == "" && clock.Within(st.SeenAt, s.Clock.Now(), seenEvery) {
			return false, nil
		}
	}
	return true, err
}

// NoteSeen is RouterSeen in a transaction that has more to write.
func (s *Ledger) NoteSeen(ctx context.Context, tx *store.Tx, r catalog.Router) error {
	if err := tx.SetRouterState(ctx, r.ID, tx.Now(), ""); err != nil {
		return err
	}
	if _, err := tx.CloseAlert(ctx, "router_down", r.ID); err != nil {
		return err
	}
	_, err := tx.CloseAlert(ctx, "router_failover", r.ID)
	return err
}

// RouterFailed notes that a router did not do its part, also when the context has ended.
// Repeating the same failure writes nothing.
func (s *Ledger) RouterFailed(ctx context.Context, r catalog.Router, cause error) error {
	ctx, cancel := ForRecord(ctx)
	defer cancel()
	code := fault.CodeOf(cause)
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return err
	}
	for _, st := range states {
		if st.ID == r.ID && st.Failure == code {
			return nil
		}
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if err := tx.SetRouterState(ctx, r.ID, time.Time{}, code); err != nil {
			return err
		}
		_, err := tx.OpenAlert(ctx, "router_down", r.ID, code)
		return err
	})
}
