package alerts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// alertKind says how one kind of alert ends. over reports from the facts that it has
// ended; use cases that close an alert at once leave it as the fallback. seen is for
// alerts about an event: acknowledging closes them.
type alertKind struct {
	over func(ctx context.Context, r facts, a store.Alert) (bool, error)
	seen bool
}

// facts is what over reads.
type facts interface {
	Order(ctx context.Context, id order.ID) (order.Order, error)
	Attempt(ctx context.Context, id order.ID, no int) (order.Attempt, error)
	HasOpenRefund(ctx context.Context, id order.ID) (bool, error)
	HasOpenRefundOf(ctx context.Context, paymentKey string) (bool, error)
	CounterPayments(ctx context.Context, id order.ID) ([]store.CounterPayment, error)
	Voucher(ctx context.Context, id order.ID) (store.Voucher, bool, error)
	WebhookEvent(ctx context.Context, id string) (store.WebhookEvent, error)
	PaymentsByKey(ctx context.Context, key string) ([]order.Payment, error)
	RefundsOf(ctx context.Context, gateway, key string) ([]order.Refund, error)
	Refund(ctx context.Context, id string) (order.Refund, error)
	Router(ctx context.Context, id string) (catalog.Router, error)
	Batch(ctx context.Context, id string) (store.Batch, error)
}

var alertKinds = map[string]alertKind{
	"stuck":                 {over: ofOrder(func(o order.Order) bool { return o.Status != order.Paid })},
	"attention":             {over: ofOrder(func(o order.Order) bool { return o.Attention == order.NoReason })},
	"refund_due":            {over: refundDone},
	"gateway_down":          {},           // checkGateway
	"gateway_refuses":       {seen: true}, // a charge of the method that opens closes it
	"charge_unusable":       {over: chargeReplaced},
	"gateway_mismatch":      {over: ofOrder(func(o order.Order) bool { return o.Status == order.Activated || o.Status == order.Refunded }), seen: true},
	"gateway_unreadable":    {over: readAgain},
	"unconfirmed_claim":     {over: ofOrder(func(o order.Order) bool { return !o.PaidAt.IsZero() }), seen: true},
	"unmatched_money":       {over: matched, seen: true},
	"external_refund":       {seen: true},
	"transfer_unconfirmed":  {over: confirmedAll},
	"transfer_overdue":      {over: confirmedAll},
	"transfer_doubled":      {seen: true},
	"till_out":              {seen: true},
	"user_missing":          {seen: true}, // of a voucher: older processes told of each
	"router_down":           {over: routerOff},
	"router_failover":       {over: routerOff}, // RouterSeen
	"router_clock":          {over: routerOff},
	"orphan_users":          {over: routerOff},
	"router_users":          {over: routerOff}, // ReviewUsers
	"clock_wrong":           {},                // VerifyClock
	"clock_unverified":      {},                // VerifyClock
	"batch_stopped":         {over: ofBatch(func(b store.Batch) bool { return b.State != voucher.BatchStopped })},
	"stock_low":             {},           // CheckStock
	"stock_missing":         {seen: true}, // of a batch: likewise
	"job_dead":              {over: workDone, seen: true},
	"reconciliation_open":   {}, // reconciliation.Schedule
	"reconciliation_unread": {}, // reconciliation.Schedule
	"backup_failed":         {}, // backups.Run
	"backup_old":            {}, // backups.Schedule
	"drill_failed":          {}, // backups.Run, backups.DrillByHand
	"drill_by_hand_due":     {}, // backups.DrillByHand
	"recovery":              {}, // backups.Recover
}

// AlertKinds lists the kinds of alerts about orders, money, routers and stock.
func AlertKinds() []string { return slices.Sorted(maps.Keys(alertKinds)) }

func ofOrder(over func(order.Order) bool) func(context.Context, facts, store.Alert) (bool, error) {
	return func(ctx context.Context, r facts, a store.Alert) (bool, error) {
		o, err := r.Order(ctx, order.ID(a.Subject))
		return gone(err) || (err == nil && over(o)), UnlessGone(err)
	}
}

func ofBatch(over func(store.Batch) bool) func(context.Context, facts, store.Alert) (bool, error) {
	return func(ctx context.Context, r facts, a store.Alert) (bool, error) {
		b, err := r.Batch(ctx, a.Subject)
		return gone(err) || (err == nil && over(b)), UnlessGone(err)
	}
}

// gone reports whether an alert's subject is not there any more.
func gone(err error) bool { return fault.Is(err, fault.NotFound) }

// UnlessGone is err, unless it says that something is not there.
func UnlessGone(err error) error {
	if gone(err) {
		return nil
	}
	return err
}

func refundDone(ctx context.Context, r facts, a store.Alert) (bool, error) {
	waits, err := r.HasOpenRefund(ctx, order.ID(a.Subject))
	if err == nil && !waits {
		waits, err = r.HasOpenRefundOf(ctx, a.Subject)
	}
	return !waits && err == nil, err
}

// chargeReplaced: there is a code that can be paid, or nothing to be paid.
func chargeReplaced(ctx context.Context, r facts, a store.Alert) (bool, error) {
	o, err := r.Order(ctx, order.ID(a.Subject))
	if err != nil || o.Status != order.Pending {
		return err == nil || gone(err), UnlessGone(err)
	}
	t, err := r.Attempt(ctx, o.ID, o.AttemptNo)
	return err == nil && t.State == order.Open, err
}

func readAgain(ctx context.Context, r facts, a store.Alert) (bool, error) {
	o, err := r.Order(ctx, order.ID(a.Subject))
	return gone(err) || (err == nil && (!o.PaidAt.IsZero() || o.CheckedAt.After(a.OpenedAt))), UnlessGone(err)
}

// matched: all money of the event's charge belongs to an order or is refunded. An
// event without money ends when it is acknowledged.
func matched(ctx context.Context, r facts, a store.Alert) (bool, error) {
	stray, any, err := unmatchedOf(ctx, r, a)
	return any && !stray && err == nil, err
}

// unmatchedOf reports whether any money came with a webhook event, and whether some of
// it is still without a decision.
func unmatchedOf(ctx context.Context, r facts, a store.Alert) (stray, any bool, err error) {
	ev, err := r.WebhookEvent(ctx, a.Subject)
	if err != nil || ev.GatewayID == "" {
		return false, false, UnlessGone(err)
	}
	all, err := r.PaymentsByKey(ctx, ev.GatewayID)
	for _, p := range all {
		any = true
		if p.OrderID != "" {
			continue
		}
		back, err := r.RefundsOf(ctx, p.Gateway, p.Key)
		if err != nil {
			return false, true, err
		}
		stray = stray || len(back) == 0
	}
	return stray, any, err
}

func confirmedAll(ctx context.Context, r facts, a store.Alert) (bool, error) {
	all, err := r.CounterPayments(ctx, order.ID(a.Subject))
	return err == nil && !slices.ContainsFunc(all, func(c store.CounterPayment) bool {
		return c.Method.ByReference() && c.ConfirmedAt.IsZero() && c.WrittenOffAt.IsZero()
	}), err
}

func voucherEnded(ctx context.Context, r facts, a store.Alert) (bool, error) {
	v, _, err := r.Voucher(ctx, order.ID(a.Subject))
	return err == nil && !v.State.Living(), err
}

// routerOff: a router that is disabled or removed is not polled.
func routerOff(ctx context.Context, r facts, a store.Alert) (bool, error) {
	x, err := r.Router(ctx, a.Subject)
	return gone(err) || (err == nil && x.Disabled), UnlessGone(err)
}

// workDone: what the dead job was to do was done another way, or need not be
// done any more.
func workDone(ctx context.Context, r facts, a store.Alert) (bool, error) {
	kind, subject, _ := strings.Cut(a.Detail, " ")
	about := store.Alert{Subject: subject, OpenedAt: a.OpenedAt}
	switch jobs.Kind(kind) {
	case jobs.OrderActivate:
		return ofOrder(func(o order.Order) bool { return o.Status != order.Paid })(ctx, r, about)
	case jobs.ChargeCreate:
		return chargeReplaced(ctx, r, about)
	case jobs.OrderReconcile:
		return readAgain(ctx, r, about)
	case jobs.VoucherExpire:
		return voucherEnded(ctx, r, about)
	case jobs.BatchMake:
		return ofBatch(func(b store.Batch) bool { return b.State != voucher.BatchRunning })(ctx, r, about)
	case jobs.EventProcess:
		ev, err := r.WebhookEvent(ctx, subject)
		return gone(err) || (err == nil && ev.State != store.WebhookEventNew), UnlessGone(err)
	case jobs.RefundStop, jobs.RefundSend:
		f, err := r.Refund(ctx, subject)
		return gone(err) || (err == nil && !f.ClosedAt.IsZero()), UnlessGone(err)
	}
	return false, nil
}

// CloseResolvedAlerts closes every open alert that is over.
func (s *Service) CloseResolvedAlerts(ctx context.Context) error {
	open, err := s.Store.OpenAlerts(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range open {
		if over := alertKinds[a.Kind].over; over != nil {
			errs = append(errs, s.closeIfResolved(ctx, a, over))
		}
	}
	return errors.Join(errs...)
}

// OpenSubjects lists what the open alerts of a kind are about.
func (s *Service) OpenSubjects(ctx context.Context, kind string) (map[string]bool, error) {
	open, err := s.Store.OpenAlerts(ctx)
	out := map[string]bool{}
	for _, a := range open {
		if a.Kind == kind {
			out[a.Subject] = true
		}
	}
	return out, err
}

func (s *Service) closeIfResolved(ctx context.Context, a store.Alert, over func(context.Context, facts, store.Alert) (bool, error)) error {
	done, err := over(ctx, s.Store, a)
	if err != nil || !done {
		return err
	}
	if err := s.ledger.CloseAlert(ctx, a.Kind, a.Subject); err != nil {
		return err
	}
	// The condition may have begun again between the check and the closing; the
	// open alert was then taken for the one of the new occurrence.
	if done, err = over(ctx, s.Store, a); err != nil || done {
		return err
	}
	return s.ledger.Alert(ctx, a.Kind, a.Subject, a.Detail)
}

const longestAck = 300

// AckAlert acknowledges an alert; for a kind with seen that closes it. The first
// acknowledgement is kept, later ones change nothing. The note is not part of the audit
// trail, because people write names and numbers into notes. Errors: NotFound
// "alert.not_found", Invalid at "note".
func (s *Service) AckAlert(ctx context.Context, by actor.Actor, id, note string) error {
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > longestAck || !ledger.Plain(note) {
		return fault.AtField("note", "alert.note")
	}
	a, err := s.Store.Alert(ctx, id)
	if err != nil {
		return err
	}
	kind, ours := alertKinds[a.Kind]
	over := kind.seen || !ours // what others than the shop tell are things that happened
	if a.Kind == "unmatched_money" {
		stray, _, err := unmatchedOf(ctx, s.Store, a)
		if err != nil {
			return err
		}
		over = !stray
	}
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		fresh, err := tx.AckAlert(ctx, a.ID, by.Name, note, over)
		if err != nil || !fresh {
			return err
		}
		tx.Audit("alert.ack", "alert:"+a.ID, map[string]any{"kind": a.Kind, "about": a.Subject, "closed": over})
		return nil
	})
	if err != nil {
		return fmt.Errorf("acknowledge alert %s: %w", id, err)
	}
	s.open.Clear()
	s.AlertAcknowledged()
	return nil
}
