package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/typed"
	"gerai/internal/voucher"
)

// Cursor is where a listing goes on: strictly older than this order.
type Cursor struct {
	CreatedAt time.Time
	ID        order.ID
}

// OrderFilter narrows a listing; zero values mean "any".
type OrderFilter struct {
	Status    order.Status
	Attention bool // only those a person has to look at
	Calm      bool // only those without attention
	Flag      order.Flag
	RefundDue bool   // money is on its way back, or should be
	Search    string // see searchIDs
	NoPhone   bool   // a search does not look at phone numbers
	Sites     []string
	Channel   order.Channel
	PlanID    string
	SellerID  string
	Voucher   voucher.State
	// ValidAt finds vouchers that live at this instant, EndedAt those whose
	// validity was over by then.
	ValidAt, EndedAt time.Time
	// Redeem finds orders whose voucher has come as far at the instant Now.
	Redeem      report.Redeem
	Now         time.Time
	Validity    *time.Duration // of what was sold, 0 is for ever
	From, Until time.Time      // when it was placed: from inclusive, until exclusive
	Before      Cursor
	Limit       int // at most 500
}

// shortestTail is how many digits of a phone number a search needs.
const shortestTail = 4

// mostFound bounds how many orders one search looks at: the newest ones.
const mostFound = 200

// ListOrders lists orders, newest first. Pages are cut by key, so the
// thousandth page costs what the first does.
func (r reads) ListOrders(ctx context.Context, f OrderFilter) ([]order.Order, error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 500
	}
	var ids []string
	if s := strings.TrimSpace(f.Search); s != "" {
		var err error
		if ids, err = r.searchIDs(ctx, s, !f.NoPhone); err != nil || len(ids) == 0 {
			return nil, err
		}
	}
	sites := f.Sites
	if len(sites) == 0 || ids != nil {
		sites = []string{""}
	}
	// One walk down the index of each site; several sites are merged.
	var out []order.Order
	for _, site := range sites {
		query, args := f.statement(site, ids)
		found, err := queryAll(ctx, r.q, r.scanOrder, r.rebind(query), args...)
		if err != nil {
			return nil, fmt.Errorf("list orders: %w", err)
		}
		out = append(out, found...)
	}
	if len(sites) > 1 {
		slices.SortFunc(out, func(a, b order.Order) int {
			return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
		})
		out = out[:min(len(out), f.Limit)]
	}
	return out, nil
}

// flagClauses are written as the partial indexes of the flags are.
var flagClauses = map[order.Flag]string{
	order.FlagLate: `flags LIKE '%late%'`, order.FlagUnderpaid: `flags LIKE '%underpaid%'`, order.FlagOverpaid: `flags LIKE '%overpaid%'`,
	order.FlagDuplicate: `flags LIKE '%duplicate_payment%'`,
}

const (
	alive = ` AND COALESCE(v.ended_ms > ?, TRUE) AND COALESCE(v.valid_until_ms > ?, TRUE)`
	ended = ` AND (v.ended_ms <= ? OR v.valid_until_ms <= ?)`
)

// redeemClauses say how far a voucher has come. Those never used have an index
// of their own, so that the walk passes all others without reading them.
var redeemClauses = map[report.Redeem]string{
	report.Unused: `v.first_login_ms IS NULL AND v.sold_ms IS NOT NULL` + alive, report.Active: `v.first_login_ms IS NOT NULL` + alive,
	report.Spent: `v.first_login_ms IS NOT NULL` + ended, report.Lapsed: `v.first_login_ms IS NULL AND v.sold_ms IS NOT NULL` + ended,
}

// statement is the text and the values of one listing, of one site or of all.
func (f OrderFilter) statement(site string, ids []string) (string, []any) {
	var where []string
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	add := func(on bool, clause string, v ...any) {
		if !on {
			return
		}
		for _, x := range v {
			clause = strings.Replace(clause, "?", arg(x), 1)
		}
		where = append(where, clause)
	}
	where = append(where, "1 = 1")
	if ids != nil {
		where = append(where, "id IN ("+marks(ids, arg)+")")
		if len(f.Sites) > 0 {
			where = append(where, "site_id IN ("+marks(f.Sites, arg)+")")
		}
	}
	add(site != "", "site_id = ?", site)
	add(f.Status != "", "status = ?", string(f.Status))
	add(f.Attention, "attention <> ''")
	add(f.Calm, "attention = ''")
	add(flagClauses[f.Flag] != "", flagClauses[f.Flag])
	add(f.RefundDue, "id IN (SELECT order_id FROM refunds WHERE closed_ms IS NULL)")
	add(f.Channel != "", "channel = ?", string(f.Channel))
	add(f.PlanID != "", "plan_id = ?", f.PlanID)
	add(f.SellerID != "", "seller_id = ? AND seller_id <> ''", f.SellerID)
	add(f.Voucher != "", "EXISTS (SELECT 1 FROM vouchers v WHERE v.order_id = orders.id AND v.state = ?)", string(f.Voucher))
	if clause, known := redeemClauses[f.Redeem]; known {
		add(true, "EXISTS (SELECT 1 FROM vouchers v WHERE v.order_id = CASE WHEN orders.extends <> '' THEN COALESCE((SELECT x.voucher_order FROM extensions x WHERE x.order_id = orders.id), orders.id) ELSE orders.id END AND "+clause+")", at(f.Now), at(f.Now))
	}
	if f.Validity != nil {
		add(true, validityOf("item")+" = ?", ms(*f.Validity))
	}
	add(!f.ValidAt.IsZero(), "valid_until_ms > ?", at(f.ValidAt))
	add(!f.EndedAt.IsZero(), "valid_until_ms <= ?", at(f.EndedAt))
	add(!f.From.IsZero(), "created_ms >= ?", at(f.From))
	add(!f.Until.IsZero(), "created_ms < ?", at(f.Until))
	add(!f.Before.CreatedAt.IsZero(), "(created_ms, id) < (?, ?)", at(f.Before.CreatedAt), string(f.Before.ID))
	return `SELECT ` + orderColumns + ` FROM orders WHERE ` + strings.Join(where, " AND ") + ` ORDER BY created_ms DESC, id DESC LIMIT ` + arg(f.Limit), args
}

var (
	sqlFindCode     = request(`SELECT id FROM orders WHERE code = $1`)
	sqlFindUser     = request(`SELECT id FROM orders WHERE username = $1`)
	sqlFindAttempt  = request(`SELECT order_id FROM attempts WHERE reference = $1`)
	sqlFindCharge   = request(`SELECT order_id FROM attempts WHERE gateway_id = $1`)
	sqlFindPayment  = request(`SELECT order_id FROM payments WHERE key = $1 AND order_id IS NOT NULL`)
	sqlFindCounter  = request(`SELECT order_id FROM counter_payments WHERE reference = $1 AND reference <> ''`)
	sqlFindTransfer = request(`SELECT order_id FROM counter_payments WHERE reference_key = $1`)
	sqlFindPhone    = request(`SELECT id FROM orders WHERE phone_key = $1 AND phone_key <> '' ORDER BY created_ms DESC, id DESC LIMIT $2`)
	sqlFindTail     = request(`SELECT id, phone FROM orders WHERE phone_tail = $1 AND phone_tail <> '' ORDER BY created_ms DESC, id DESC LIMIT $2`)
	// Extensions of the order that has the name: they have none of their own.
	sqlFindExtension = request(`SELECT id FROM orders WHERE extends IN (SELECT id FROM orders WHERE username = $1) AND extends <> ''`)
)

// searchIDs finds orders by what people have in hand: order code, user name
// (of an extension too, that is the name it lengthened),
// reference of an attempt or of a transfer, the gateway's id of a charge or
// payment, a whole phone number, or its last four or more digits.
func (r reads) searchIDs(ctx context.Context, s string, phones bool) ([]string, error) {
	type try struct {
		query string
		args  []any
	}
	tries := []try{
		{sqlFindAttempt, []any{strings.ToUpper(s)}}, {sqlFindCharge, []any{s}}, {sqlFindPayment, []any{s}},
		{sqlFindCounter, []any{strings.ToUpper(strings.Join(strings.Fields(s), " "))}}, {sqlFindTransfer, []any{typed.Reference(s)}},
	}
	for _, name := range r.storedNames(s, strings.ToLower(s), strings.ToUpper(s)) { // codes of a batch may be capitals
		tries = append(tries, try{sqlFindUser, []any{name}}, try{sqlFindExtension, []any{name}})
	}
	if code, ok := order.ParseCode(s); ok {
		tries = append(tries, try{sqlFindCode, []any{string(code)}})
	}
	if phone, ok := typed.Mobile(s); phones && ok {
		for _, digest := range r.keys.Index(indexPhone, phone) {
			tries = append(tries, try{sqlFindPhone, []any{digest, mostFound}})
		}
	}
	var out []string
	for _, t := range tries {
		found, err := queryAll(ctx, r.q, scanString, t.query, t.args...)
		if err != nil {
			return nil, fmt.Errorf("search orders: %w", err)
		}
		out = append(out, found...)
	}
	if !phones {
		return out, nil
	}
	byTail, err := r.searchTail(ctx, s)
	return append(out, byTail...), err
}

// mostOpened bounds how many phone numbers one search opens: those that end alike, of
// the newest orders.
const mostOpened = 10 * mostFound

// searchTail finds orders by the last four or more digits of a phone number.
func (r reads) searchTail(ctx context.Context, s string) (out []string, err error) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	tail := strings.TrimPrefix(digits, "0")
	if len(tail) < shortestTail { // the zero is one of the last digits
		tail = digits
	}
	if len(tail) < shortestTail || len(tail) > 15 {
		return nil, nil
	}
	type found struct{ id, phone string }
	for _, digest := range r.keys.Index(indexTail, tail[len(tail)-shortestTail:]) {
		all, err := queryAll(ctx, r.q, func(row scanner) (found, error) {
			var f found
			if err := row.Scan(&f.id, &f.phone); err != nil {
				return f, err
			}
			return f, r.unseal(&f.phone, orderPhonePurpose(f.id))
		}, sqlFindTail, digest, mostOpened)
		if err != nil {
			return nil, fmt.Errorf("search orders by phone: %w", err)
		}
		for _, f := range all {
			if strings.HasSuffix(f.phone, tail) && len(out) < mostFound {
				out = append(out, f.id)
			}
		}
	}
	return out, nil
}
