package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/report"
)

const (
	brandKey   = "brand"
	counterKey = "counter"
	feesKey    = "fees"
	policyKey  = "staff_policy"
	anchorKey  = "audit_anchors"
	printKey   = "print"
	endedKey   = "keep_ended_days"
	methodsKey = "payment_methods"
	baseKey    = "baseline"
)

var (
	sqlSetting   = request(`SELECT value FROM settings WHERE key = $1`)
	sqlSettingAt = request(`SELECT updated_ms FROM settings WHERE key = $1`)
)

// Brand reads how the shop presents itself; the default until one is set.
func (r reads) Brand(ctx context.Context) (catalog.Brand, error) {
	return setting(ctx, r, brandKey, catalog.DefaultBrand)
}

// PutBrand replaces the brand.
func (t *Tx) PutBrand(ctx context.Context, b catalog.Brand) error {
	return t.putSetting(ctx, brandKey, b)
}

// PaymentMethods reads the rules of ways to pay; none until some are set.
func (r reads) PaymentMethods(ctx context.Context) (catalog.PaymentMethods, error) {
	return setting(ctx, r, methodsKey, catalog.PaymentMethods{})
}

// PutPaymentMethods replaces them.
func (t *Tx) PutPaymentMethods(ctx context.Context, p catalog.PaymentMethods) error {
	return t.putSetting(ctx, methodsKey, p)
}

// setting reads the value under a key; fallback until there is one.
func setting[T any](ctx context.Context, r reads, key string, fallback T) (T, error) {
	text, found, err := queryOptional(ctx, r.q, scanString, sqlSetting, key)
	if err != nil || !found {
		return fallback, err
	}
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("read setting %s: %w", key, err)
	}
	return v, nil
}

// putSetting keeps a value under a key.
func (t *Tx) putSetting(ctx context.Context, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return t.PutSetting(ctx, key, string(text))
}

// PutSetting keeps a plain value under a key.
func (t *Tx) PutSetting(ctx context.Context, key, value string) error {
	if _, err := t.exec(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ms = excluded.updated_ms`, key, value, at(t.now)); err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return nil
}

// SettingAt is when a setting was last written; found is false when it never
// was.
func (r reads) SettingAt(ctx context.Context, key string) (at time.Time, found bool, err error) {
	s, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlSettingAt, key)
	return s.Time, found, err
}

// Fees reads the fee rules; the default until they are set.
func (r reads) Fees(ctx context.Context) (report.Fees, error) {
	return setting(ctx, r, feesKey, report.DefaultFees)
}

// PutFees replaces the fee rules.
func (t *Tx) PutFees(ctx context.Context, f report.Fees) error {
	return t.putSetting(ctx, feesKey, f)
}

// Baseline reads the figures from before Gerai, as they were typed in.
func (r reads) Baseline(ctx context.Context) (report.Baseline, error) {
	return setting(ctx, r, baseKey, report.Baseline{})
}

// PutBaseline replaces them.
func (t *Tx) PutBaseline(ctx context.Context, b report.Baseline) error {
	return t.putSetting(ctx, baseKey, b)
}

// PrintStyle reads how printed vouchers look; the default until one is chosen.
func (r reads) PrintStyle(ctx context.Context) (catalog.PrintStyle, error) {
	return setting(ctx, r, printKey, catalog.DefaultPrint)
}

// PutPrintStyle replaces the style.
func (t *Tx) PutPrintStyle(ctx context.Context, p catalog.PrintStyle) error {
	return t.putSetting(ctx, printKey, p)
}

// CounterRules are the operator's wishes about money at the counter.
type CounterRules struct {
	// ConfirmTransfers: an admin looks at the bank before a transfer counts as
	// received. The voucher is delivered at once all the same.
	ConfirmTransfers bool `json:"confirm_transfers"`
	// SecondAbove is the amount from which a refund needs the approval of another
	// account than the one that requested it; earlier refunds of the same order count.
	SecondAbove money.Rupiah `json:"second_above"`
	// StopExternal ends the voucher of an order whose whole money was refunded at the
	// gateway without a decision; else an alert asks for one.
	StopExternal bool `json:"stop_external"`
	// OverdueDays is after how many days an unconfirmed transfer opens an alert; 0 for
	// never.
	OverdueDays int `json:"overdue_days"`
	// MostDiscount is how many percent of a sale staff may take off at the counter; 0 for
	// nothing.
	MostDiscount int `json:"most_discount"`
}

// DefaultCounterRules hold until an admin changes them: no discount is given away unasked.
var DefaultCounterRules = CounterRules{ConfirmTransfers: true, SecondAbove: 50_000, OverdueDays: 3}

// CounterRules reads the rules of the counter.
func (r reads) CounterRules(ctx context.Context) (CounterRules, error) {
	text, found, err := queryOptional(ctx, r.q, scanString, sqlSetting, counterKey)
	if err != nil || !found {
		return DefaultCounterRules, err
	}
	c := DefaultCounterRules
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("read counter rules: %w", err)
	}
	return c, nil
}

// PutCounterRules replaces the rules of the counter.
func (t *Tx) PutCounterRules(ctx context.Context, c CounterRules) error {
	return t.putSetting(ctx, counterKey, c)
}

// DefaultKeepEnded is how many days a user stays on its router after its voucher ended, until
// an admin changes it.
const DefaultKeepEnded = 7

// KeepEndedDays reads how many days a user stays on its router after its voucher ended, 0
// for ever.
func (r reads) KeepEndedDays(ctx context.Context) (int, error) {
	return setting(ctx, r, endedKey, DefaultKeepEnded)
}

// PutKeepEndedDays replaces that.
func (t *Tx) PutKeepEndedDays(ctx context.Context, days int) error {
	return t.putSetting(ctx, endedKey, days)
}

// StaffPolicy reads the stored rules for accounts; found is false while there are none.
func (r reads) StaffPolicy(ctx context.Context) (text string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlSetting, policyKey)
}

// PutStaffPolicy replaces them.
func (t *Tx) PutStaffPolicy(ctx context.Context, text string) error {
	return t.PutSetting(ctx, policyKey, text)
}

// AuditAnchors reads the kept ends of the audit chain, as staff wrote them.
func (r reads) AuditAnchors(ctx context.Context) (text string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlSetting, anchorKey)
}

// PutAuditAnchors replaces them.
func (t *Tx) PutAuditAnchors(ctx context.Context, text string) error {
	return t.PutSetting(ctx, anchorKey, text)
}

// deleteSetting forgets what is kept under a key.
func (t *Tx) deleteSetting(ctx context.Context, key string) error {
	if _, err := t.exec(ctx, `DELETE FROM settings WHERE key = $1`, key); err != nil {
		return fmt.Errorf("delete setting %s: %w", key, err)
	}
	return nil
}

// lockSetting keeps other transactions from changing what is kept under a key until this one ends.
func (t *Tx) lockSetting(ctx context.Context, key string) error {
	if _, err := t.exec(ctx, `UPDATE settings SET value = value WHERE key = $1`, key); err != nil {
		return fmt.Errorf("lock setting %s: %w", key, err)
	}
	return nil
}
