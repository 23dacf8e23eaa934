package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gerai/internal/order"
	"gerai/internal/voucher"
)

// Voucher is a user on a router and its life.
type Voucher struct {
	ID           string
	OrderID      order.ID
	SiteID       string
	PlanID       string
	RouterID     string
	Username     string
	State        voucher.State
	SoldAt       time.Time
	FirstLoginAt time.Time
	ValidUntil   time.Time
	EndedAt      time.Time

	// Of a batch, empty for a voucher that was made for its order.
	BatchID   string
	No        int    // 1 and up within the batch
	Password  string // secret; an order keeps its own
	MadeAt    time.Time
	OutletID  string // who sells it on paper
	PrintedAt time.Time
	SoldBy    string // actor
	// OffAt is when its router was told that it is disabled; a voucher that lives
	// again keeps it until the router lets it in.
	OffAt time.Time

	// By staff: since when it is kept out for a while, what was added to it. MovedAt is since
	// when its present router has it, zero for its first; Carried is what those before
	// counted (former_routers).
	SuspendedAt time.Time
	Given       voucher.Grant
	MovedAt     time.Time
	Carried     voucher.Use
}

const (
	soldColumns    = `id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms`
	voucherColumns = soldColumns + `, batch_id, no, password, made_ms, outlet_id, printed_ms, sold_by, off_ms, suspended_ms, given_validity_ms, given_uptime_ms, given_data, moved_ms, carried_uptime_ms, carried_data`
)

func (r reads) scanVoucher(row scanner) (Voucher, error) {
	var v Voucher
	var id, batch, outlet *string
	var sold, first, valid, ended, made, printed, off, suspended, moved unixMillis
	var validity, uptime, carried int64
	err := row.Scan(&v.ID, &id, &v.SiteID, &v.PlanID, &v.RouterID, &v.Username, &v.State, &sold, &first, &valid, &ended,
		&batch, &v.No, &v.Password, &made, &outlet, &printed, &v.SoldBy, &off, &suspended, &validity, &uptime, &v.Given.Data, &moved, &carried, &v.Carried.Bytes)
	v.SoldAt, v.FirstLoginAt, v.ValidUntil, v.EndedAt = sold.Time, first.Time, valid.Time, ended.Time
	v.MadeAt, v.PrintedAt = made.Time, printed.Time
	v.OffAt, v.SuspendedAt, v.MovedAt = off.Time, suspended.Time, moved.Time
	v.Given.Validity, v.Given.Uptime, v.Carried.Uptime = span(validity), span(uptime), span(carried)
	v.OrderID, v.BatchID, v.OutletID = order.ID(orEmpty(id)), orEmpty(batch), orEmpty(outlet)
	if err == nil {
		err = r.unseal(&v.Password, voucherPasswordPurpose(v.ID))
	}
	unhide(&v.Username, v.Password)
	return v, err
}

// PublicName is the user name, hidden but for its end where it is the password as well:
// lists, alerts and the audit trail then name the voucher by batch and number.
func (v Voucher) PublicName() string { return order.PublicName(v.Username, v.Password) }

// Facts is what the row says of a voucher. Its order and its batch say what it may do and
// what its router knows it by; refunds say whether it ends.
func (v Voucher) Facts() voucher.Facts {
	return voucher.Facts{State: v.State, Username: v.Username, Password: v.Password, HasOrder: v.OrderID != "", Recorded: v.ID != "", SoldAt: v.SoldAt, FirstLoginAt: v.FirstLoginAt, ValidUntil: v.ValidUntil, EndedAt: v.EndedAt,
		InBatch: v.BatchID != "", MadeAt: v.MadeAt, Outlet: v.OutletID != "", OffAt: v.OffAt,
		SuspendedAt: v.SuspendedAt, Given: v.Given, Carried: v.Carried}
}

var (
	sqlVoucherByID   = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE id = $1`)
	sqlVoucherByName = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE username IN ($1, $2, $3)`)
	sqlVoucher       = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE order_id = $1`)
	sqlLiveVouchers  = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE router_id = $1 AND state = $2 AND id > $3 ORDER BY id LIMIT $4`)
	sqlVouchersAlive = request(`SELECT COUNT(*) FROM vouchers WHERE router_id = $1 AND state IN ('sold', 'active')`)
)

// Voucher reads an order's voucher, if it has one.
func (r reads) Voucher(ctx context.Context, id order.ID) (Voucher, bool, error) {
	return queryOptional(ctx, r.q, r.scanVoucher, sqlVoucher, string(id))
}

// VoucherByID reads one voucher. Errors: ErrVoucherNotFound.
func (r reads) VoucherByID(ctx context.Context, id string) (Voucher, error) {
	return queryRow(ctx, r.q, r.scanVoucher, ErrVoucherNotFound, sqlVoucherByID, id)
}

// VoucherByName finds the voucher of a user name.
func (r reads) VoucherByName(ctx context.Context, username string) (Voucher, bool, error) {
	for forms := range slices.Chunk(r.storedNames(username), 3) {
		v, found, err := queryOptional(ctx, r.q, r.scanVoucher, sqlVoucherByName, forms[0], forms[len(forms)/2], forms[len(forms)-1])
		if err != nil || found {
			return v, found, err
		}
	}
	return Voucher{}, false, nil
}

// WaitingVouchers lists vouchers of a router, sold or in stock and not yet seen
// online, whose user is among names.
func (r reads) WaitingVouchers(ctx context.Context, routerID string, names []string) ([]Voucher, error) {
	found, err := eachIn(ctx, r, r.storedNames(names...), r.scanVoucher, `SELECT `+voucherColumns+` FROM vouchers WHERE router_id = $1 AND state IN ('sold', 'stock') AND username IN `, routerID)
	if err != nil {
		return nil, fmt.Errorf("waiting vouchers of router %s: %w", routerID, err)
	}
	return found, nil
}

// LiveVouchers lists a router's vouchers in a state by id, after one.
func (r reads) LiveVouchers(ctx context.Context, routerID string, state voucher.State, after string, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlLiveVouchers, routerID, string(state), after, limit)
}

// InsertVoucher records an activation, once per order. placed is when its order was, zero where
// that is not known.
func (t *Tx) InsertVoucher(ctx context.Context, v Voucher, placed time.Time) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO vouchers (`+soldColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (order_id) DO NOTHING`,
		v.ID, orNull(string(v.OrderID)), v.SiteID, v.PlanID, v.RouterID, v.Username, string(v.State), at(v.SoldAt), at(v.FirstLoginAt), at(v.ValidUntil), at(v.EndedAt))
	if err != nil {
		return false, fmt.Errorf("insert voucher of order %s: %w", v.OrderID, err)
	}
	if fresh && v.OrderID != "" && t.longAgo(placed) {
		err = t.markMoneyDirty(ctx, v.OrderID)
	}
	return fresh, err
}

// MoveVoucherEnd gives a voucher another end that lives or may live again, if
// its state and its end still are what v says.
func (t *Tx) MoveVoucherEnd(ctx context.Context, v Voucher, until time.Time) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE vouchers SET valid_until_ms = $3 WHERE id = $1 AND state = $4 AND state IN ('sold', 'active', 'disabled') AND COALESCE(valid_until_ms, 0) = $2`,
		v.ID, endOf(v), at(until), string(v.State))
	if err != nil {
		return false, fmt.Errorf("move end of voucher %s: %w", v.ID, err)
	}
	if moved {
		err = t.markLifeDirty(ctx, v)
	}
	return moved, err
}

// EndVoucher ends a living voucher, if its end still is what v says.
func (t *Tx) EndVoucher(ctx context.Context, v Voucher) (bool, error) {
	ended, err := t.touched(ctx, `UPDATE vouchers SET state = 'expired', ended_ms = $3 WHERE id = $1 AND state IN ('sold', 'active') AND COALESCE(valid_until_ms, 0) = $2`,
		v.ID, endOf(v), at(t.now))
	if err != nil {
		return false, fmt.Errorf("end voucher %s: %w", v.ID, err)
	}
	return ended, nil
}

func endOf(v Voucher) int64 { return sinceEpoch(v.ValidUntil) }

// sinceEpoch is an instant as COALESCE(..., 0) reads its column.
func sinceEpoch(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// SaveVoucher moves a voucher on if it still is in the state from.
func (t *Tx) SaveVoucher(ctx context.Context, v Voucher, from voucher.State) (bool, error) {
	saved, err := t.touched(ctx, `UPDATE vouchers SET state = $3, first_login_ms = $4, valid_until_ms = $5, ended_ms = $6, router_id = $7 WHERE id = $1 AND state = $2`,
		v.ID, string(from), string(v.State), at(v.FirstLoginAt), at(v.ValidUntil), at(v.EndedAt), v.RouterID)
	if err != nil {
		return false, fmt.Errorf("save voucher %s: %w", v.ID, err)
	}
	if saved { // it was used for the first time, or ended before its time
		err = t.markLifeDirty(ctx, v)
	}
	return saved, err
}

// SwitchVoucher gives a voucher another state if it still is in the state from:
// it ends, or lives again as if it had not ended. Until MarkSwitched its router
// does not know.
func (t *Tx) SwitchVoucher(ctx context.Context, v Voucher, from voucher.State) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE vouchers SET state = $3, ended_ms = $4, off_ms = CASE WHEN $3 = 'disabled' THEN NULL ELSE off_ms END WHERE id = $1 AND state = $2`,
		v.ID, string(from), string(v.State), at(v.EndedAt))
	if err != nil {
		return false, fmt.Errorf("switch voucher %s: %w", v.ID, err)
	}
	if moved {
		err = t.markLifeDirty(ctx, v)
	}
	return moved, err
}

// MarkSwitched notes that the router does as the voucher's row says, if the voucher still
// is in that state and on that router.
func (t *Tx) MarkSwitched(ctx context.Context, v Voucher) (bool, error) {
	off := unixMillis{}
	if v.State == voucher.Disabled || v.Facts().Suspended() {
		off = at(t.now)
	}
	marked, err := t.touched(ctx, `UPDATE vouchers SET off_ms = $3 WHERE id = $1 AND state = $2 AND router_id = $4 AND COALESCE(suspended_ms, 0) = $5`,
		v.ID, string(v.State), off, v.RouterID, sinceEpoch(v.SuspendedAt))
	if err != nil {
		return false, fmt.Errorf("mark voucher %s: %w", v.ID, err)
	}
	return marked, nil
}

// VouchersAlive counts vouchers on a router that customers may still use.
func (r reads) VouchersAlive(ctx context.Context, routerID string) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlVouchersAlive, routerID)
}

// NamesInUse says which of the names some voucher or order has.
func (r reads) NamesInUse(ctx context.Context, names []string) (map[string]bool, error) {
	used := map[string]bool{}
	for len(names) > 0 {
		part := names[:min(len(names), mostNames)]
		names = names[len(part):]
		var args []any
		names := r.namesByForm(part)
		marks := in(&args, slices.Collect(maps.Keys(names)))
		found, err := queryAll(ctx, r.q, scanString, `SELECT username FROM vouchers WHERE username IN (`+marks+`) UNION SELECT username FROM orders WHERE username IN (`+marks+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("names in use: %w", err)
		}
		for _, form := range found {
			used[names[form]] = true
		}
	}
	return used, nil
}

var sqlFirstSale = request(`SELECT sold_ms FROM vouchers WHERE sold_ms IS NOT NULL ORDER BY sold_ms LIMIT 1`)

// FirstSale is when the first voucher was sold; found is false while none was.
func (r reads) FirstSale(ctx context.Context) (at time.Time, found bool, err error) {
	s, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlFirstSale)
	return s.Time, found, err
}
