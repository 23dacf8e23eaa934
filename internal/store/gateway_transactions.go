package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/payments"
)

const transactionColumns = `id, type, word, status, product_id, charge_id, reference, method, incoming, amount, currency, fee, fee_final, settlement, settles_ms, created_ms, updated_ms`

func scanTransaction(r scanner) (payments.Transaction, error) {
	var x payments.Transaction
	var amount, fee int64
	var settles, created, updated unixMillis
	err := r.Scan(&x.ID, &x.Type, &x.Word, &x.Status, &x.ProductID, &x.ChargeID, &x.Reference, &x.Method, &x.In, &amount, &x.Currency, &fee, &x.FeeFinal, &x.Settled, &settles, &created, &updated)
	x.Amount, x.Fee = money.Rupiah(amount), money.Rupiah(fee)
	x.SettlesAt, x.CreatedAt, x.UpdatedAt = settles.Time, created.Time, updated.Time
	return x, err
}

const fromTransactions = `SELECT ` + transactionColumns + ` FROM gateway_transactions WHERE gateway = $1 AND `

var sqlTransactions = request(fromTransactions + `created_ms >= $2 AND created_ms < $3 ORDER BY created_ms, id`)

// Transactions lists what the gateway listed of a span, as it was last read.
func (r reads) Transactions(ctx context.Context, gateway string, from, until time.Time) ([]payments.Transaction, error) {
	return queryAll(ctx, r.q, scanTransaction, sqlTransactions, gateway, at(from), at(until))
}

// TransactionsOf lists what the gateway listed about some charges, references and products
// (its ids of refunds).
func (r reads) TransactionsOf(ctx context.Context, gateway string, charges, references, products []string) ([]payments.Transaction, error) {
	var out []payments.Transaction
	for _, x := range []struct {
		column string
		values []string
	}{{"charge_id", charges}, {"reference", references}, {"product_id", products}} {
		found, err := eachIn(ctx, r, x.values, scanTransaction, fromTransactions+x.column+` <> '' AND `+x.column+` IN `, gateway)
		if err != nil {
			return nil, fmt.Errorf("transactions by %s: %w", x.column, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// TransactionsByID reads lines by the gateway's ids of them.
func (r reads) TransactionsByID(ctx context.Context, gateway string, ids []string) ([]payments.Transaction, error) {
	return eachIn(ctx, r, ids, scanTransaction, fromTransactions+`id IN `, gateway)
}

// KeepTransactions keeps a page of the gateway's list; a line that is there is replaced.
func (t *Tx) KeepTransactions(ctx context.Context, gateway string, page []payments.Transaction) error {
	for _, x := range page {
		_, err := t.exec(ctx, `INSERT INTO gateway_transactions (gateway, `+transactionColumns+`, read_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
			ON CONFLICT (gateway, id) DO UPDATE SET type = excluded.type, word = excluded.word, status = excluded.status, product_id = excluded.product_id, charge_id = excluded.charge_id,
			reference = excluded.reference, method = excluded.method, incoming = excluded.incoming, amount = excluded.amount, currency = excluded.currency, fee = excluded.fee,
			fee_final = excluded.fee_final, settlement = excluded.settlement, settles_ms = excluded.settles_ms, created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, read_ms = excluded.read_ms`,
			gateway, x.ID, string(x.Type), x.Word, string(x.Status), x.ProductID, x.ChargeID, x.Reference, string(x.Method), x.In, int64(x.Amount), x.Currency, int64(x.Fee), x.FeeFinal,
			string(x.Settled), at(x.SettlesAt), at(x.CreatedAt), at(x.UpdatedAt), at(t.now))
		if err != nil {
			return fmt.Errorf("keep transaction %s: %w", x.ID, err)
		}
	}
	return nil
}
