package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/backup"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/voucher"
)

const recoveryKey = "recovery"

// LastRecovery reads the mark of a shop that was restored, whether it stands or has ended;
// the zero value for one that never was.
func (r reads) LastRecovery(ctx context.Context) (backup.Recovery, error) {
	return setting(ctx, r, recoveryKey, backup.Recovery{})
}

// LockRecovery is LastRecovery, and no other transaction changes the mark until this one ends.
func (t *Tx) LockRecovery(ctx context.Context) (backup.Recovery, error) {
	if err := t.lockSetting(ctx, recoveryKey); err != nil {
		return backup.Recovery{}, err
	}
	return t.LastRecovery(ctx)
}

// PutRecovery writes the mark.
func (t *Tx) PutRecovery(ctx context.Context, m backup.Recovery) error {
	return t.putSetting(ctx, recoveryKey, m)
}

// RecoveryRow is one thing that happened after the backup was taken.
type RecoveryRow struct {
	Kind, Key string // what it is, and its id: the line of the gateway's list, or router and user
	State     string
	ChargeID  string
	ProductID string // the gateway's id of a refund
	Reference string
	RouterID  string
	OrderID   order.ID
	Amount    money.Rupiah
	Reason    string // code of why it has no order, "" for none
	Tries     int
	MadeAt    time.Time
	// Of a user that tells of an act which the books have forgotten: its voucher, the act and
	// what was added.
	VoucherID string
	Act       voucher.LostAct
	More      voucher.Grant
}

const recoveryColumns = `kind, key, state, charge_id, product_id, reference, router_id, order_id, amount, reason, tries, made_ms, voucher_id, act, more_validity_ms, more_uptime_ms, more_data`

func scanRecoveryRow(r scanner) (RecoveryRow, error) { return scanRecoveryRowAnd(r) }

// scanRecoveryRowAnd reads further columns behind those of the row.
func scanRecoveryRowAnd(r scanner, more ...any) (RecoveryRow, error) {
	var x RecoveryRow
	var amount, validity, uptime int64
	var made unixMillis
	err := r.Scan(append([]any{&x.Kind, &x.Key, &x.State, &x.ChargeID, &x.ProductID, &x.Reference, &x.RouterID, &x.OrderID, &amount, &x.Reason, &x.Tries, &made,
		&x.VoucherID, &x.Act, &validity, &uptime, &x.More.Data}, more...)...)
	x.Amount, x.MadeAt, x.More.Validity, x.More.Uptime = money.Rupiah(amount), made.Time, span(validity), span(uptime)
	return x, err
}

var (
	sqlRecoveryRows = request(`SELECT ` + recoveryColumns + ` FROM recovery_rows WHERE since_ms = $1 AND state = $2 AND kind = $3 ORDER BY made_ms, key LIMIT $4`)
	sqlFoundLines   = request(`SELECT x.kind, x.key, x.state, x.charge_id, x.product_id, x.reference, x.router_id, x.order_id, x.amount, x.reason, x.tries, x.made_ms,
		x.voucher_id, x.act, x.more_validity_ms, x.more_uptime_ms, x.more_data, COALESCE(o.code, ''),
		NOT EXISTS (SELECT 1 FROM counter_payments c WHERE c.order_id = x.order_id AND c.confirmed_ms IS NULL AND c.written_ms IS NULL)
		FROM (SELECT ` + recoveryColumns + `, ROW_NUMBER() OVER (PARTITION BY state, kind ORDER BY made_ms, key) AS place FROM recovery_rows WHERE since_ms = $1 AND state <> 'known') x
		LEFT JOIN orders o ON o.id = x.order_id WHERE x.place <= $2 ORDER BY x.state, x.kind, x.place`)
	sqlRecoverySums = request(`SELECT kind, state, COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM recovery_rows WHERE since_ms = $1 GROUP BY kind, state ORDER BY kind, state`)

	sqlRecoveryRow    = request(`SELECT ` + recoveryColumns + ` FROM recovery_rows WHERE since_ms = $1 AND kind = $2 AND key = $3`)
	sqlUndecidedUsers = request(`SELECT ` + recoveryColumns + ` FROM recovery_rows WHERE since_ms = $1 AND kind = 'user' AND state = 'open'`)
	sqlUndecidedUser  = request(`SELECT ` + recoveryColumns + ` FROM recovery_rows WHERE since_ms = $1 AND kind = 'user' AND state = 'open' AND voucher_id = $2`)
	sqlRecoveryUndone = request(`SELECT COUNT(*) FROM recovery_rows r JOIN orders o ON o.id = r.order_id
		WHERE r.since_ms = $1 AND r.state IN ('matched', 'remade', 'adopted') AND o.status = 'paid' AND o.attention = '' AND o.activate_ms > $2`)

	sqlOpenRefundsOf = request(`SELECT COUNT(*) FROM recovery_rows WHERE since_ms = $1 AND state = 'open' AND kind = 'refund'
		AND (charge_id = '' OR charge_id IN (SELECT gateway_id FROM attempts WHERE order_id IN ($2, $3)))`)

	sqlRecoveredExtensions = request(`SELECT COUNT(*) FROM recovery_rows r JOIN orders o ON o.id = r.order_id
		WHERE r.since_ms = $1 AND r.state IN ('matched', 'remade') AND r.kind = 'payment' AND o.extends <> '' AND o.status = 'paid' AND o.activate_ms > $2`)
)

// OpenRefundsOf counts the refunds that were found and have no place yet, of the charges of an
// order or of the one that it extends, and of charges that are not known yet.
func (r reads) OpenRefundsOf(ctx context.Context, since time.Time, o order.Order) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlOpenRefundsOf, at(since), string(o.ID), string(o.Extends))
}

// RecoveredExtensions counts the extensions whose money was found and that have not
// lengthened their vouchers yet, but those that were found before an instant.
func (r reads) RecoveredExtensions(ctx context.Context, since, after time.Time) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlRecoveredExtensions, at(since), at(after))
}

// RecoveryRows lists what was found and is in a state, the oldest first.
func (r reads) RecoveryRows(ctx context.Context, since time.Time, kind, state string, limit int) ([]RecoveryRow, error) {
	return queryAll(ctx, r.q, scanRecoveryRow, sqlRecoveryRows, at(since), state, kind, limit)
}

// FoundLine is what was found, with the order that it belongs to by now.
type FoundLine struct {
	RecoveryRow
	Code    order.Code // of the order, "" without one
	Settled bool       // no money of the order waits to be confirmed at the counter
}

// FoundLines lists what was found and what the backup did not know: by state and kind, of each
// the oldest first, and no more than most.
func (r reads) FoundLines(ctx context.Context, since time.Time, most int) ([]FoundLine, error) {
	return queryAll(ctx, r.q, func(row scanner) (x FoundLine, err error) {
		x.RecoveryRow, err = scanRecoveryRowAnd(row, &x.Code, &x.Settled)
		return x, err
	}, sqlFoundLines, at(since), most)
}

// RecoveryRow reads one thing that was found.
func (r reads) RecoveryRow(ctx context.Context, since time.Time, kind, key string) (RecoveryRow, bool, error) {
	return queryOptional(ctx, r.q, scanRecoveryRow, sqlRecoveryRow, at(since), kind, key)
}

// UndecidedUsers lists the users that tell of forgotten acts and that are not decided.
func (r reads) UndecidedUsers(ctx context.Context, since time.Time) ([]RecoveryRow, error) {
	return queryAll(ctx, r.q, scanRecoveryRow, sqlUndecidedUsers, at(since))
}

// UndecidedUsersOf is UndecidedUsers for one voucher.
func (r reads) UndecidedUsersOf(ctx context.Context, since time.Time, voucherID string) ([]RecoveryRow, error) {
	return queryAll(ctx, r.q, scanRecoveryRow, sqlUndecidedUser, at(since), voucherID)
}

// RecoveredUndelivered counts the orders whose money was found and that are not delivered
// yet, but those that were found before an instant and those that wait for a person.
func (r reads) RecoveredUndelivered(ctx context.Context, since, after time.Time) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlRecoveryUndone, at(since), at(after))
}

// RecoverySum is how much of a kind is in a state.
type RecoverySum struct {
	Kind, State string
	N           int64
	Amount      money.Rupiah
}

// RecoverySums adds up what was found.
func (r reads) RecoverySums(ctx context.Context, since time.Time) ([]RecoverySum, error) {
	return queryAll(ctx, r.q, func(row scanner) (s RecoverySum, err error) {
		var amount int64
		err = row.Scan(&s.Kind, &s.State, &s.N, &amount)
		s.Amount = money.Rupiah(amount)
		return s, err
	}, sqlRecoverySums, at(since))
}

// NoteRecoveryRows keeps what was found; what was found before stays as it is.
func (t *Tx) NoteRecoveryRows(ctx context.Context, since time.Time, rows []RecoveryRow) error {
	for _, x := range rows {
		_, err := t.exec(ctx, `INSERT INTO recovery_rows (since_ms, `+recoveryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING`,
			at(since), x.Kind, x.Key, x.State, x.ChargeID, x.ProductID, x.Reference, x.RouterID, string(x.OrderID), int64(x.Amount), x.Reason, x.Tries, at(x.MadeAt),
			x.VoucherID, string(x.Act), ms(x.More.Validity), ms(x.More.Uptime), x.More.Data)
		if err != nil {
			return fmt.Errorf("note %s %s of the recovery: %w", x.Kind, x.Key, err)
		}
	}
	return nil
}

// SaveRecoveryRow writes what became of it.
func (t *Tx) SaveRecoveryRow(ctx context.Context, since time.Time, x RecoveryRow) error {
	_, err := t.exec(ctx, `UPDATE recovery_rows SET state = $4, charge_id = $5, order_id = $6, reason = $7, tries = $8 WHERE since_ms = $1 AND kind = $2 AND key = $3`,
		at(since), x.Kind, x.Key, x.State, x.ChargeID, string(x.OrderID), x.Reason, x.Tries)
	if err != nil {
		return fmt.Errorf("save %s %s of the recovery: %w", x.Kind, x.Key, err)
	}
	return nil
}
