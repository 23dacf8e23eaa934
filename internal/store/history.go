package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gerai/internal/order"
)

// History is finished business in bulk: orders with everything that belongs to
// them. Rows go in as they are; nothing is derived, queued or announced.
type History struct {
	Orders   []order.Order
	Attempts []order.Attempt
	Payments []order.Payment
	Refunds  []order.Refund
	Vouchers []Voucher
	Events   []WebhookEvent
	Alerts   []Alert
	Batches  []Batch
	Prints   []Print
}

// historyPart is the rows of one table.
type historyPart struct {
	table, columns string
	rows           func() ([][]any, error)
}

// parts lists the tables, parents first. They name the columns they know; later
// ones keep their defaults.
func (h History) parts(keys sealer) []historyPart {
	return []historyPart{
		{"orders", `id, code, token_hash, token_sealed, nonce, site_id, plan_id, lang, phone, item, total, username, password, hint_mac, hint_ip, hint_login, router_id, router_touched,
			attempt_no, test, status, flags, attention, created_ms, expires_ms, expired_ms, cancelled_ms, paid_ms, activate_ms, activated_ms, valid_until_ms, checked_ms,
			phone_tail, phone_key`, func() ([][]any, error) { return h.orders(keys) }},
		{"attempts", `id, order_id, no, method, amount, reference, idem_key, state, gateway_id, method_id, qr, va, expires_ms, failure, created_ms`, h.attempts},
		{"payments", `gateway, key, order_id, attempt_no, reference, method, amount, currency, paid_ms, recorded_ms, disputed`, h.payments},
		{"refunds", `id, order_id, payment_key, amount, reason, state, due_ms, done_ms, closed_ms`, h.refunds},
		{"batches", batchColumns, h.batches},
		{"prints", printColumns, h.prints},
		{"vouchers", `id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms, batch_id, no, password, made_ms`, func() ([][]any, error) { return h.vouchers(keys) }},
		{"events", `id, gateway, key, name, gateway_id, reference, claim, sample, body, state, order_id, note, received_ms`, h.events},
		{"alerts", `id, kind, subject, detail, opened_ms, closed_ms`, h.alerts},
	}
}

// AddHistory writes history made elsewhere, with few statements.
func (t *Tx) AddHistory(ctx context.Context, h History) error {
	for _, part := range h.parts(t.sealer) {
		rows, err := part.rows()
		if err == nil {
			err = t.bulk(ctx, part.table, part.columns, rows)
		}
		if err != nil {
			return fmt.Errorf("add history of %s: %w", part.table, err)
		}
	}
	return nil
}

func (h History) orders(keys sealer) ([][]any, error) {
	rows := make([][]any, 0, len(h.Orders))
	for _, o := range h.Orders {
		item, err := json.Marshal(o.Item)
		if err != nil {
			return nil, err
		}
		x, err := keys.order(o)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{string(o.ID), string(o.Code), x.tokenHash, x.token, nonceHash(o.Nonce), o.SiteID, o.Item.PlanID, o.Lang, x.phone, string(item), int64(o.Total), x.username, x.password,
			o.Hints.MAC, o.Hints.IP, o.Hints.LoginURL, o.RouterID, o.RouterTouched, o.AttemptNo, o.Test, string(o.Status), joinFlags(o.Flags), string(o.Attention),
			at(o.CreatedAt), at(o.ExpiresAt), at(o.ExpiredAt), at(o.CancelledAt), at(o.PaidAt), at(o.ActivateAt), at(o.ActivatedAt), at(o.ValidUntil), at(o.CheckedAt), x.phoneTail, x.phoneKey})
	}
	return rows, nil
}

func (h History) attempts() ([][]any, error) {
	rows := make([][]any, 0, len(h.Attempts))
	for _, a := range h.Attempts {
		rows = append(rows, []any{a.ID, string(a.OrderID), a.No, string(a.Method), int64(a.Amount), a.Reference, a.Key, string(a.State), orNull(a.GatewayID), a.MethodID, a.QR, a.VA,
			at(a.ExpiresAt), a.Failure, at(a.CreatedAt)})
	}
	return rows, nil
}

func (h History) payments() ([][]any, error) {
	rows := make([][]any, 0, len(h.Payments))
	for _, p := range h.Payments {
		rows = append(rows, []any{p.Gateway, p.Key, orNull(string(p.OrderID)), p.AttemptNo, p.Reference, string(p.Method), int64(p.Amount), p.Currency, at(p.PaidAt), at(p.RecordedAt), p.Disputed})
	}
	return rows, nil
}

func (h History) refunds() ([][]any, error) {
	rows := make([][]any, 0, len(h.Refunds))
	for _, f := range h.Refunds {
		state := order.RefundRequested
		if !f.DoneAt.IsZero() {
			state = order.RefundDone
		}
		rows = append(rows, []any{f.ID, string(f.OrderID), f.PaymentKey, int64(f.Amount), string(f.Reason), string(state), at(f.DueAt), at(f.DoneAt), at(f.DoneAt)})
	}
	return rows, nil
}

func (h History) vouchers(keys sealer) ([][]any, error) {
	rows := make([][]any, 0, len(h.Vouchers))
	for _, v := range h.Vouchers {
		name, password, err := keys.voucher(v)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{v.ID, orNull(string(v.OrderID)), v.SiteID, v.PlanID, v.RouterID, name, string(v.State), at(v.SoldAt), at(v.FirstLoginAt), at(v.ValidUntil), at(v.EndedAt),
			orNull(v.BatchID), v.No, password, at(v.MadeAt)})
	}
	return rows, nil
}

func (h History) events() ([][]any, error) {
	rows := make([][]any, 0, len(h.Events))
	for _, e := range h.Events {
		rows = append(rows, []any{e.ID, e.Gateway, e.Key, e.Name, e.GatewayID, e.Reference, string(e.Status), e.Sample, e.Body, e.State, e.OrderID, e.Note, at(e.ReceivedAt)})
	}
	return rows, nil
}

func (h History) alerts() ([][]any, error) {
	rows := make([][]any, 0, len(h.Alerts))
	for _, a := range h.Alerts {
		rows = append(rows, []any{a.ID, a.Kind, a.Subject, a.Detail, at(a.OpenedAt), at(a.ClosedAt)})
	}
	return rows, nil
}

func (h History) batches() ([][]any, error) {
	rows := make([][]any, 0, len(h.Batches))
	for _, b := range h.Batches {
		item, err := json.Marshal(b.Item)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{b.ID, b.Code, b.Nonce, b.SiteID, b.RouterID, b.PlanID, string(item), b.Server, b.Mode, string(b.Charset), b.Length, b.Prefix, b.Note, b.Comment,
			b.Count, b.Drawn, b.State, b.Problem, b.CreatedBy, at(b.CreatedAt), at(b.DoneAt)})
	}
	return rows, nil
}

func (h History) prints() ([][]any, error) {
	rows := make([][]any, 0, len(h.Prints))
	for _, p := range h.Prints {
		rows = append(rows, []any{p.ID, p.BatchID, p.Nonce, p.First, p.Last, p.Format, p.Actor, p.StaffID, at(p.At)})
	}
	return rows, nil
}
