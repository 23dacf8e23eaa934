package store

import (
	"context"
	"fmt"
	"time"
)

// Print is one printing or export of vouchers.
type Print struct {
	ID, BatchID, Nonce string
	First, Last        int // numbers of the batch
	Format             string
	Actor, StaffID     string
	At                 time.Time
}

const printColumns = `id, batch_id, nonce, first_no, last_no, format, actor, staff_id, at_ms`

func scanPrint(r scanner) (Print, error) {
	var p Print
	var when unixMillis
	err := r.Scan(&p.ID, &p.BatchID, &p.Nonce, &p.First, &p.Last, &p.Format, &p.Actor, &p.StaffID, &when)
	p.At = when.Time
	return p, err
}

var (
	sqlPrint       = request(`SELECT ` + printColumns + ` FROM prints WHERE id = $1`)
	sqlPrintNonce  = request(`SELECT ` + printColumns + ` FROM prints WHERE nonce = $1`)
	sqlPrintsBatch = request(`SELECT ` + printColumns + ` FROM prints WHERE batch_id = $1 ORDER BY at_ms DESC LIMIT $2`)
)

// Print reads one printing. Errors: ErrPrintNotFound.
func (r reads) Print(ctx context.Context, id string) (Print, error) {
	return queryRow(ctx, r.q, scanPrint, ErrPrintNotFound, sqlPrint, id)
}

// Prints lists a batch's printings, newest first.
func (r reads) Prints(ctx context.Context, batchID string, limit int) ([]Print, error) {
	return queryAll(ctx, r.q, scanPrint, sqlPrintsBatch, batchID, limit)
}

// InsertPrint notes a printing by who acts, once per form; stored is the one
// that counts.
func (t *Tx) InsertPrint(ctx context.Context, p Print) (fresh bool, stored Print, err error) {
	fresh, err = t.touched(ctx, `INSERT INTO prints (`+printColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (nonce) DO NOTHING`,
		p.ID, p.BatchID, p.Nonce, p.First, p.Last, p.Format, p.Actor, t.who.StaffID, at(p.At))
	if err != nil {
		return false, p, fmt.Errorf("insert print of batch %s: %w", p.BatchID, err)
	}
	stored, err = queryRow(ctx, t.q, scanPrint, ErrPrintNotFound, sqlPrintNonce, p.Nonce)
	return fresh, stored, err
}
