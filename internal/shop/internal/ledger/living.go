package ledger

import (
	"context"
	"slices"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// OrderMark precedes the order's code in a user's comment.
const OrderMark = "gerai."

// Serves reports whether a person of the sites works on one; no sites are all.
func Serves(sites []string, siteID string) bool {
	return len(sites) == 0 || slices.Contains(sites, siteID)
}

func BatchJob(kind jobs.Kind, b store.Batch, tx *store.Tx) jobs.New {
	return jobs.New{Kind: kind, Queue: jobs.BulkQueue(b.RouterID), Subject: b.ID, DueAt: tx.Now()}
}

// BatchMark precedes the batch's code in a user's comment.
const BatchMark = "gb."

// FreeOfStock refuses a user name that a voucher has, as if another order had
// it.
func FreeOfStock(ctx context.Context, tx *store.Tx, username string) error {
	_, err := tx.VoucherByName(ctx, username)
	switch {
	case err == nil:
		return fault.Wrap(fault.Conflict, "order.taken", &store.Taken{Column: "username"})
	case fault.Is(err, fault.NotFound):
		return nil
	}
	return err
}

// Seen records in the audit trail that hidden data was shown: "credentials" or "phone"
// of an order, or the "link" to its page.
func (s *Ledger) Seen(ctx context.Context, by Actor, id order.ID, what string) error {
	return s.Store.InTx(ctx, by.AuditName, func(tx *store.Tx) error {
		tx.Audit("order.reveal", "order:"+string(id), map[string]any{"what": what})
		return nil
	})
}

// SteerGateway decides when gateway work is tried again.
func SteerGateway(j jobs.Job, err error) error {
	switch fault.KindOf(err) {
	case "":
		return nil
	case fault.Unavailable, fault.Unknown, fault.Limited, fault.Config:
		return &jobs.Snooze{After: Backoff(j.Snoozes, time.Second, 15*time.Second), Err: err}
	}
	return err
}

func OrElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// seenEvery keeps a busy router from costing one write per sale.
const seenEvery = 15 * time.Second

// RouterSeen notes that a router answered, at most every seenEvery.
func (s *Ledger) RouterSeen(ctx context.Context, r catalog.Router) error {
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return err
	}
	for _, st := range states {
		if st.ID == r.ID && st.Failure == "" && clock.Within(st.SeenAt, s.Clock.Now(), seenEvery) {
			return nil
		}
	}
	return s.Store.InTx(ctx, ActorServer, func(tx *store.Tx) error {
		if err := tx.SetRouterState(ctx, r.ID, tx.Now(), ""); err != nil {
			return err
		}
		_, err := tx.CloseAlert(ctx, "router_down", r.ID)
		return err
	})
}

// RouterFailed notes that a router did not do its part. Repeating the same
// failure writes nothing.
func (s *Ledger) RouterFailed(ctx context.Context, r catalog.Router, cause error) error {
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
	return s.Store.InTx(ctx, ActorServer, func(tx *store.Tx) error {
		if err := tx.SetRouterState(ctx, r.ID, time.Time{}, code); err != nil {
			return err
		}
		_, err := tx.OpenAlert(ctx, "router_down", r.ID, code)
		return err
	})
}

const LongestNote = 1000

// SubjectOf is a voucher's subject in the audit trail: its order, or itself without one.
func SubjectOf(v store.Voucher) string {
	if v.OrderID == "" {
		return "voucher:" + v.ID
	}
	return "order:" + string(v.OrderID)
}
