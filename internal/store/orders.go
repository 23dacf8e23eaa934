package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"gerai/internal/money"
	"gerai/internal/order"
)

const orderColumns = `id, code, token_sealed, nonce, site_id, lang, phone, item, total, username, password, hint_mac, hint_ip, hint_login, hint_orig,
	hint_server, router_id, router_touched, attempt_no, test, status, flags, attention, problem, problem_ms, created_ms, expires_ms, expired_ms,
	cancelled_ms, paid_ms, activate_ms, activated_ms, valid_until_ms, checked_ms, version, extends, channel, seller_id,
	forced_ms, closed_ms, client`

func (r reads) scanOrder(row scanner) (order.Order, error) {
	var o order.Order
	var item, flags string
	var total int64
	var problem, created, expires, expired, cancelled, paid, activate, activated, valid, checked, forced, closed unixMillis
	var token *string
	err := row.Scan(&o.ID, &o.Code, &token, &o.Nonce, &o.SiteID, &o.Lang, &o.Phone, &item, &total, &o.Username, &o.Password,
		&o.Hints.MAC, &o.Hints.IP, &o.Hints.LoginURL, &o.Hints.OrigURL, &o.Hints.ServerName, &o.RouterID, &o.RouterTouched, &o.AttemptNo, &o.Test,
		&o.Status, &flags, &o.Attention, &o.Problem, &problem, &created, &expires, &expired, &cancelled, &paid, &activate, &activated, &valid, &checked, &o.Version, &o.Extends,
		&o.Channel, &o.SellerID, &forced, &closed, &o.Client)
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal([]byte(item), &o.Item); err != nil {
		return o, fmt.Errorf("order %s: item: %w", o.ID, err)
	}
	for _, f := range split(flags) {
		o.Flags = append(o.Flags, order.Flag(f))
	}
	o.Total = money.Rupiah(total)
	o.ProblemAt, o.CreatedAt, o.ExpiresAt, o.ExpiredAt, o.CancelledAt = problem.Time, created.Time, expires.Time, expired.Time, cancelled.Time
	o.PaidAt, o.ActivateAt, o.ActivatedAt, o.ValidUntil, o.CheckedAt = paid.Time, activate.Time, activated.Time, valid.Time, checked.Time
	o.ForcedAt, o.ClosedAt = forced.Time, closed.Time
	kept := o.Nonce
	o.Token, o.Nonce = order.Token(orEmpty(token)), "" // a hash is kept of both
	if again := order.RemadeNonce(o.Code); kept == nonceHash(again) {
		o.Nonce = again
	}
	return o, r.openOrder(&o)
}

func joinFlags(flags []order.Flag) string {
	parts := make([]string, len(flags))
	for i, f := range flags {
		parts[i] = string(f)
	}
	return strings.Join(parts, ",")
}

var (
	sqlOrder            = request(`SELECT ` + orderColumns + ` FROM orders WHERE id = $1`)
	sqlOrderByToken     = request(`SELECT ` + orderColumns + ` FROM orders WHERE token_hash = $1`)
	sqlOrderID          = request(`SELECT id FROM orders WHERE token_hash = $1`)
	sqlOrderByCode      = request(`SELECT ` + orderColumns + ` FROM orders WHERE code = $1`)
	sqlOrderByNonce     = request(`SELECT ` + orderColumns + ` FROM orders WHERE nonce = $1`)
	sqlOrderByReference = request(`SELECT ` + orderColumns + ` FROM orders WHERE id = (SELECT order_id FROM attempts WHERE reference = $1)`)
	sqlOrderByGateway   = request(`SELECT ` + orderColumns + ` FROM orders WHERE id = (SELECT order_id FROM attempts WHERE gateway_id = $1)`)
	sqlOrderOfDevice    = request(`SELECT ` + orderColumns + ` FROM orders WHERE site_id = $1 AND hint_mac = $2 AND hint_mac <> '' AND status = 'pending' AND created_ms > $3
		AND expires_ms > $4 ORDER BY created_ms DESC LIMIT 1`)
	sqlStarved = request(`SELECT ` + orderColumns + ` FROM orders WHERE attention <> '' AND attention = 'out_of_stock' AND (created_ms, id) > ($1, $2) ORDER BY created_ms, id LIMIT $3`)
)

// Order reads one order. Errors: ErrOrderNotFound.
func (r reads) Order(ctx context.Context, id order.ID) (order.Order, error) {
	return queryRow(ctx, r.q, r.scanOrder, ErrOrderNotFound, sqlOrder, string(id))
}

// OrderByToken reads the order of a link. Errors: ErrOrderNotFound.
func (r reads) OrderByToken(ctx context.Context, t order.Token) (order.Order, error) {
	return queryRow(ctx, r.q, r.scanOrder, ErrOrderNotFound, sqlOrderByToken, tokenHash(t))
}

// OrderID is the order that a link leads to. Errors: ErrOrderNotFound.
func (r reads) OrderID(ctx context.Context, t order.Token) (order.ID, error) {
	id, err := queryRow(ctx, r.q, scanString, ErrOrderNotFound, sqlOrderID, tokenHash(t))
	return order.ID(id), err
}

// OrderByCode reads the order people name. Errors: ErrOrderNotFound.
func (r reads) OrderByCode(ctx context.Context, c order.Code) (order.Order, error) {
	return queryRow(ctx, r.q, r.scanOrder, ErrOrderNotFound, sqlOrderByCode, string(c))
}

// OrderByNonce reads the order a form made, if it was sent before.
func (r reads) OrderByNonce(ctx context.Context, nonce string) (order.Order, bool, error) {
	return queryOptional(ctx, r.q, r.scanOrder, sqlOrderByNonce, nonceHash(nonce))
}

// OrderByReference reads the order of the reference in a gateway's message, if it is ours.
func (r reads) OrderByReference(ctx context.Context, reference string) (order.Order, bool, error) {
	return queryOptional(ctx, r.q, r.scanOrder, sqlOrderByReference, reference)
}

// OrderByGatewayID reads the order of a gateway charge, if it is ours.
func (r reads) OrderByGatewayID(ctx context.Context, id string) (order.Order, bool, error) {
	return queryOptional(ctx, r.q, r.scanOrder, sqlOrderByGateway, id)
}

// deviceWindow is how far back an unpaid order of the same device is offered.
const deviceWindow = 24 * time.Hour

// PendingOrderOfDevice finds the newest unpaid order of a claimed device.
func (r reads) PendingOrderOfDevice(ctx context.Context, siteID, mac string, now time.Time) (order.Order, bool, error) {
	return queryOptional(ctx, r.q, r.scanOrder, sqlOrderOfDevice, siteID, mac, at(now.Add(-deviceWindow)), at(now))
}

// Taken says which unique column of a new order was in use already.
type Taken struct{ Column string }

// Error names the column.
func (t *Taken) Error() string { return "store: " + t.Column + " is taken" }

// InsertOrder writes a new order that the gateway is not asked about. Errors: Conflict
// "order.taken" around *Taken.
func (t *Tx) InsertOrder(ctx context.Context, o order.Order) error {
	return t.InsertOrderAndPoll(ctx, o, time.Time{})
}

// InsertOrderAndPoll is InsertOrder that also says when the gateway is asked next, zero for never.
func (t *Tx) InsertOrderAndPoll(ctx context.Context, o order.Order, next time.Time) error {
	item, err := json.Marshal(o.Item)
	if err != nil {
		return err
	}
	x, err := t.sealer.order(o)
	if err != nil {
		return fmt.Errorf("seal order %s: %w", o.ID, err)
	}
	setAt := at(t.now)
	if next.IsZero() {
		setAt = at(next)
	}
	_, err = t.exec(ctx, `INSERT INTO orders (`+orderColumns+`, plan_id, phone_tail, phone_key, token_hash, check_ms, check_set_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
		$16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47)`,
		string(o.ID), string(o.Code), x.token, nonceHash(o.Nonce), o.SiteID, o.Lang, x.phone, string(item), int64(o.Total), x.username, x.password,
		o.Hints.MAC, o.Hints.IP, o.Hints.LoginURL, o.Hints.OrigURL, o.Hints.ServerName, o.RouterID, o.RouterTouched, o.AttemptNo, o.Test,
		string(o.Status), joinFlags(o.Flags), string(o.Attention), string(o.Problem), at(o.ProblemAt), at(o.CreatedAt), at(o.ExpiresAt), at(o.ExpiredAt),
		at(o.CancelledAt), at(o.PaidAt), at(o.ActivateAt), at(o.ActivatedAt), at(o.ValidUntil), at(o.CheckedAt), o.Version, string(o.Extends), channelOf(o), o.SellerID,
		at(o.ForcedAt), at(o.ClosedAt), o.Client, o.Item.PlanID, x.phoneTail, x.phoneKey, x.tokenHash, at(next), setAt)
	if column := takenColumn(err); column != "" {
		return ErrOrderTaken.With(&Taken{Column: column})
	}
	if err != nil {
		return fmt.Errorf("insert order %s: %w", o.ID, err)
	}
	return t.markDirty(ctx, o.CreatedAt)
}

func channelOf(o order.Order) string {
	if o.Channel == "" {
		return string(order.Online)
	}
	return string(o.Channel)
}

// takenColumn reads from either engine's error which unique rule was broken:
// SQLite names table.column, PostgreSQL the constraint orders_column_key. token is the
// column token_hash, whose constraint kept its name.
func takenColumn(err error) string {
	text := brokenRule(err)
	if text == "" {
		return ""
	}
	for _, column := range []string{"code", "token", "nonce", "username"} {
		if strings.Contains(text, "orders."+column) || strings.Contains(text, "orders_"+column+"_key") {
			return column
		}
	}
	return ""
}

// brokenRule is what either engine says about a broken unique rule, "" for any
// other error.
func brokenRule(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code != "23505" {
			return ""
		}
		text = "UNIQUE " + pg.ConstraintName
	}
	if !strings.Contains(text, "UNIQUE") {
		return ""
	}
	return text
}

// SaveOrder writes the columns of an order that may change, if its version is still the
// one that was read. Errors: Conflict "order.changed", Conflict "order.taken".
func (t *Tx) SaveOrder(ctx context.Context, o order.Order) error { return t.saveOrder(ctx, o, "") }

// aboutThen is how much earlier than asked for a poll may stay that is scheduled already.
// Where no column changes that an index has, PostgreSQL writes none of the order's indexes.
const aboutThen = 5 * time.Second

// SaveOrderAndPoll is SaveOrder that also says when the gateway is asked next, zero for never. A
// poll that is scheduled for about then stays.
func (t *Tx) SaveOrderAndPoll(ctx context.Context, o order.Order, next time.Time) error {
	return t.saveOrder(ctx, o, `check_ms = CASE WHEN check_ms BETWEEN $35 AND $33 THEN check_ms ELSE $33 END,
		check_set_ms = CASE WHEN check_ms BETWEEN $35 AND $33 THEN check_set_ms ELSE $34 END, `, at(next), at(t.now), at(earlier(next, aboutThen)))
}

// earlier is an instant so much before another, zero for zero.
func earlier(t time.Time, d time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-d)
}

func (t *Tx) saveOrder(ctx context.Context, o order.Order, more string, args ...any) error {
	x, err := t.sealer.order(o)
	if err != nil {
		return fmt.Errorf("seal order %s: %w", o.ID, err)
	}
	saved, err := t.touched(ctx, `UPDATE orders SET phone = $3, username = $4, password = $5, hint_mac = $6, hint_ip = $7, hint_login = $8, hint_orig = $9,
		hint_server = $10, router_id = $11, router_touched = $12, attempt_no = $13, status = $14, flags = $15, attention = $16, problem = $17,
		problem_ms = $18, expired_ms = $19, cancelled_ms = $20, paid_ms = $21, activate_ms = $22, activated_ms = $23, valid_until_ms = $24,
		checked_ms = $25, channel = $26, seller_id = $27, forced_ms = $28, closed_ms = $29, phone_tail = $30, client = $31, phone_key = $32, `+more+`version = version + 1
		WHERE id = $1 AND version = $2`,
		append([]any{string(o.ID), o.Version, x.phone, x.username, x.password, o.Hints.MAC, o.Hints.IP, o.Hints.LoginURL, o.Hints.OrigURL, o.Hints.ServerName,
			o.RouterID, o.RouterTouched, o.AttemptNo, string(o.Status), joinFlags(o.Flags), string(o.Attention), string(o.Problem), at(o.ProblemAt),
			at(o.ExpiredAt), at(o.CancelledAt), at(o.PaidAt), at(o.ActivateAt), at(o.ActivatedAt), at(o.ValidUntil), at(o.CheckedAt), channelOf(o), o.SellerID,
			at(o.ForcedAt), at(o.ClosedAt), x.phoneTail, o.Client, x.phoneKey}, args...)...)
	if column := takenColumn(err); column != "" {
		return ErrOrderTaken.With(&Taken{Column: column})
	}
	if err != nil {
		return fmt.Errorf("save order %s: %w", o.ID, err)
	}
	if !saved {
		return ErrOrderChanged
	}
	return t.markDirty(ctx, o.CreatedAt)
}

// StarvedOrders lists paid orders that wait because their plan has no stock,
// oldest first, after one.
func (r reads) StarvedOrders(ctx context.Context, after Cursor, limit int) ([]order.Order, error) {
	return queryAll(ctx, r.q, r.scanOrder, sqlStarved, after.CreatedAt.UnixMilli(), string(after.ID), limit)
}
