package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/backup"
)

var (
	sqlReceiptSkips = request(`SELECT year, first_no, last_no FROM receipt_skips ORDER BY year, first_no`)
	sqlReceiptYears = background(`SELECT year, last FROM receipt_years`)
	sqlBusiest      = background(`SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM receipts GROUP BY (issued_ms + $1) / 86400000) AS days`)
)

// ReceiptSkips lists the numbers that restores have left out.
func (r reads) ReceiptSkips(ctx context.Context) ([]backup.SkippedReceipts, error) {
	return queryAll(ctx, r.q, scanSkip, sqlReceiptSkips)
}

func scanSkip(r scanner) (s backup.SkippedReceipts, err error) {
	return s, r.Scan(&s.Year, &s.First, &s.Last)
}

// LastReceipts is the last number of each year.
func (r reads) LastReceipts(ctx context.Context) (map[int]int, error) {
	all, err := queryAll(ctx, r.q, func(row scanner) (x [2]int, err error) { return x, row.Scan(&x[0], &x[1]) }, sqlReceiptYears)
	out := map[int]int{}
	for _, x := range all {
		out[x[0]] = x[1]
	}
	return out, err
}

// BusiestReceipts is the most receipts of one day. A zone that has changed its offset
// since moves a day's edges, which does not matter here.
func (r reads) BusiestReceipts(ctx context.Context, zone *time.Location, now time.Time) (int, error) {
	_, offset := now.In(zone).Zone()
	n, err := queryOne(ctx, r.q, scanInt, sqlBusiest, int64(offset)*1000)
	return int(n), err
}

// SkipReceipts has the numbers of a range never be given out.
func (t *Tx) SkipReceipts(ctx context.Context, s backup.SkippedReceipts, name string) error {
	if err := t.receiptsFrom(ctx, s.Year, s.Last); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO receipt_skips (year, first_no, last_no, backup, at_ms) VALUES ($1, $2, $3, $4, $5)`, s.Year, s.First, s.Last, name, at(t.now))
	if err != nil {
		return fmt.Errorf("skip receipts of %d: %w", s.Year, err)
	}
	return nil
}
