package store

import (
	"context"
	"time"

	"gerai/internal/money"
)

// Trouble is a time in which money did not add up or an order needed a person:
// an alert that says so, or a customer who asked for an order again.
type Trouble struct {
	Kind, Subject     string
	SiteID            string // "" where there is no order
	Test              bool
	BeganAt, SolvedAt time.Time // SolvedAt is zero while it lasts
}

// Outstanding is money that the counter counted and that is not confirmed.
type Outstanding struct {
	SiteID string
	Test   bool
	N      int64
	Amount money.Rupiah
}

// Reach is how often a router was asked and how often it answered.
type Reach struct {
	RouterID        string
	Checks, Answers int64
}

// aboutMoney are the alerts about money that does not add up: it belongs to no order,
// is to be refunded, was refunded at the gateway, or an order has too little, too late
// or of the wrong kind.
const aboutMoney = ` (a.kind IN ('unmatched_money', 'refund_due', 'external_refund')
	OR (a.kind = 'attention' AND a.detail IN ('underpaid', 'cancelled_paid', 'late_refund', 'disputed', 'refunding'))) `

var (
	sqlSolved = request(`SELECT a.kind, a.subject, COALESCE(o.site_id, ''), COALESCE(o.test, FALSE), a.opened_ms, a.closed_ms FROM alerts a LEFT JOIN orders o ON o.id = a.subject
		WHERE a.closed_ms >= $1 AND a.closed_ms < $2 AND` + aboutMoney)
	sqlHelped = request(`SELECT a.kind, a.subject, o.site_id, o.test, a.opened_ms, a.closed_ms FROM alerts a JOIN orders o ON o.id = a.subject
		WHERE a.opened_ms >= $1 AND a.opened_ms < $2 AND a.kind IN ('attention', 'refund_due')
		UNION ALL SELECT 'claim', c.order_id, o.site_id, o.test, c.at_ms, c.at_ms FROM claims c JOIN orders o ON o.id = c.order_id WHERE c.at_ms >= $1 AND c.at_ms < $2`)
	sqlOutstanding = request(`SELECT o.site_id, o.test, COUNT(*), CAST(SUM(c.amount) AS BIGINT) FROM counter_payments c JOIN orders o ON o.id = c.order_id
		WHERE c.confirmed_ms IS NULL AND c.written_ms IS NULL AND c.taken_ms >= $1 AND c.taken_ms < $2 GROUP BY 1, 2`)
	sqlReach = request(`SELECT router_id, CAST(SUM(checks) AS BIGINT), CAST(SUM(answers) AS BIGINT) FROM router_slots WHERE slot_ms >= $1 AND slot_ms < $2 GROUP BY 1`)
)

func scanTrouble(r scanner) (Trouble, error) {
	var t Trouble
	var began, solved unixMillis
	err := r.Scan(&t.Kind, &t.Subject, &t.SiteID, &t.Test, &began, &solved)
	t.BeganAt, t.SolvedAt = began.Time, solved.Time
	return t, err
}

// Solved lists what was wrong about money and was put right from an instant
// until before another.
func (r reads) Solved(ctx context.Context, from, until time.Time) ([]Trouble, error) {
	return queryAll(ctx, r.q, scanTrouble, sqlSolved, at(from), at(until))
}

// Helped lists the orders that needed a person from an instant until before
// another: a customer looked for one again, or it stood for attention or refund.
// An order may be there more than once.
func (r reads) Helped(ctx context.Context, from, until time.Time) ([]Trouble, error) {
	return queryAll(ctx, r.q, scanTrouble, sqlHelped, at(from), at(until))
}

// Outstanding adds up what the counter took from an instant until before another and
// what is not confirmed.
func (r reads) Outstanding(ctx context.Context, from, until time.Time) ([]Outstanding, error) {
	return queryAll(ctx, r.q, func(row scanner) (Outstanding, error) {
		var o Outstanding
		var amount int64
		err := row.Scan(&o.SiteID, &o.Test, &o.N, &amount)
		o.Amount = money.Rupiah(amount)
		return o, err
	}, sqlOutstanding, at(from), at(until))
}

// Reaches adds up how routers answered from an instant until before another;
// KeepSlots is how far back that is known.
func (r reads) Reaches(ctx context.Context, from, until time.Time) ([]Reach, error) {
	return queryAll(ctx, r.q, func(row scanner) (Reach, error) {
		var x Reach
		err := row.Scan(&x.RouterID, &x.Checks, &x.Answers)
		return x, err
	}, sqlReach, at(from), at(until))
}
