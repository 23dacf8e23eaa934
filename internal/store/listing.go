package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/order"
)

// Cursor is where a listing goes on: strictly older than this order.
type Cursor struct {
	CreatedAt time.Time
	ID        order.ID
}

// OrderFilter narrows a listing; zero values mean "any".
type OrderFilter struct {
	Status    order.Status
	Attention bool   // only those a person has to look at
	Search    string // order code, user name, reference, or the last digits of a phone number
	Before    Cursor
	Limit     int // at most 500
}

// shortestTail is how many digits of a phone number a search needs.
const shortestTail = 4

// ListOrders lists orders, newest first. Pages are cut by key, so the
// thousandth page costs what the first does.
func (r reads) ListOrders(ctx context.Context, f OrderFilter) ([]order.Order, error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 500
	}
	where, args := []string{"1 = 1"}, []any{}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	if f.Status != "" {
		where = append(where, "status = "+arg(string(f.Status)))
	}
	if f.Attention {
		where = append(where, "attention <> ''")
	}
	if !f.Before.CreatedAt.IsZero() {
		where = append(where, "(created_ms, id) < ("+arg(at(f.Before.CreatedAt))+", "+arg(string(f.Before.ID))+")")
	}
	if s := strings.TrimSpace(f.Search); s != "" {
		where = append(where, searchClause(s, arg))
	}
	return list(ctx, r.q, scanOrder, `SELECT `+orderColumns+` FROM orders WHERE `+strings.Join(where, " AND ")+` ORDER BY created_ms DESC, id DESC LIMIT `+arg(f.Limit), args...)
}

func searchClause(s string, arg func(any) string) string {
	if code, ok := order.ParseCode(s); ok {
		return "code = " + arg(string(code))
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	clauses := []string{"username = " + arg(strings.ToLower(s)), "id = (SELECT order_id FROM attempts WHERE reference = " + arg(strings.ToUpper(s)) + ")"}
	if len(digits) >= shortestTail && len(digits) <= 15 {
		clauses = append(clauses, "phone LIKE "+arg("%"+strings.TrimPrefix(digits, "0")))
	}
	return "(" + strings.Join(clauses, " OR ") + ")"
}

// Totals are the numbers of the board and of the metrics.
type Totals struct {
	Orders            map[string]int64
	UnmatchedPayments int64
	OpenAlerts        int64
	RefundsWaiting    int64
	JobsUnfinished    int64
	JobsDead          int64
	PassesLive        int64
}

// Numbers counts what is open now, and orders by status created since.
func (r reads) Numbers(ctx context.Context, since time.Time) (Totals, error) {
	t := Totals{Orders: map[string]int64{}}
	for query, into := range map[string]*int64{
		`SELECT COUNT(*) FROM payments WHERE order_id IS NULL`:                       &t.UnmatchedPayments,
		`SELECT COUNT(*) FROM alerts WHERE closed_ms IS NULL`:                        &t.OpenAlerts,
		`SELECT COUNT(*) FROM refunds WHERE done_ms IS NULL`:                         &t.RefundsWaiting,
		`SELECT COUNT(*) FROM jobs WHERE due_ms IS NOT NULL`:                         &t.JobsUnfinished,
		`SELECT COUNT(*) FROM jobs WHERE finished_ms IS NOT NULL AND state = 'dead'`: &t.JobsDead,
		`SELECT COUNT(*) FROM passes WHERE removed_ms IS NULL`:                       &t.PassesLive,
	} {
		n, err := one(ctx, r.q, scanInt, "internal", query)
		if err != nil {
			return t, err
		}
		*into = n
	}
	for _, s := range order.Statuses {
		n, err := one(ctx, r.q, scanInt, "internal", `SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2`, string(s), at(since))
		if err != nil {
			return t, err
		}
		t.Orders[string(s)] = n
	}
	return t, nil
}
