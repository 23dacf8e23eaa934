package store

import (
	"context"
	"fmt"
)

// CompensationCount is how many vouchers of a compensation had which outcome: "" waits,
// CompensationGiven got the time, else the code of the fault that kept it from them.
type CompensationCount struct {
	Outcome string
	N       int64
}

// CompensationGiven is the outcome of a voucher that got its time.
const CompensationGiven = "given"

var (
	sqlCompensationCounts  = request(`SELECT outcome, COUNT(*) FROM compensation_vouchers WHERE compensation_id = $1 GROUP BY outcome`)
	sqlCompensationWaiting = background(`SELECT voucher_id FROM compensation_vouchers WHERE compensation_id = $1 AND outcome = '' AND voucher_id > $2 ORDER BY voucher_id LIMIT $3`)
)

// CompensationCounts counts the vouchers of one by their outcome.
func (r reads) CompensationCounts(ctx context.Context, id string) ([]CompensationCount, error) {
	return queryAll(ctx, r.q, func(row scanner) (CompensationCount, error) {
		var c CompensationCount
		err := row.Scan(&c.Outcome, &c.N)
		return c, err
	}, sqlCompensationCounts, id)
}

// CompensationWaiting lists vouchers of one that wait for their time, by id, after one of them.
func (r reads) CompensationWaiting(ctx context.Context, id, after string, limit int) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlCompensationWaiting, id, after, limit)
}

// insertCompensationVouchers keeps the vouchers that were running.
func (t *Tx) insertCompensationVouchers(ctx context.Context, c Compensation) error {
	if _, err := t.exec(ctx, `INSERT INTO compensation_vouchers (compensation_id, voucher_id) SELECT $5, id`+running, c.SiteID, at(c.Began), at(c.Ended), c.RouterID, c.ID); err != nil {
		return fmt.Errorf("vouchers of compensation %s: %w", c.ID, err)
	}
	return nil
}

// SettleCompensation notes what became of a voucher of a compensation; false where that is
// noted already.
func (t *Tx) SettleCompensation(ctx context.Context, id, voucherID, outcome string) (bool, error) {
	done, err := t.touched(ctx, `UPDATE compensation_vouchers SET outcome = $3 WHERE compensation_id = $1 AND voucher_id = $2 AND outcome = ''`, id, voucherID, outcome)
	if err != nil {
		return false, fmt.Errorf("settle voucher %s of compensation %s: %w", voucherID, id, err)
	}
	return done, nil
}
