package xendit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

// Transactions reads one page of GET /transactions. The key needs the permission
// "Transaction: Read": Config "gateway.statement_forbidden". Errors as of payments.Gateway.
//
// The request is written here: the SDK prints the bounds of time in a form that the
// API does not read, and rounds amounts to 24 bits.
func (g *Gateway) Transactions(ctx context.Context, from, until time.Time, cursor string) ([]payments.Transaction, string, error) {
	op := "transactions from " + from.UTC().Format(time.RFC3339)
	// The last bound of the API is part of the span, ours is not.
	q := url.Values{"created[gte]": {instant(from)}, "created[lte]": {instant(until)}, "currency": {money.Currency}, "limit": {strconv.Itoa(mostListed)}}
	if cursor != "" {
		q.Set("after_id", cursor)
	}
	ctx, t := traced(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/transactions?"+q.Encode(), nil)
	if err != nil {
		return nil, "", fault.Wrap(fault.Internal, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	req.SetBasicAuth(g.key, "")
	res, err := g.http.Do(req)
	if res != nil && res.Body != nil {
		defer func() { _ = res.Body.Close() }() // read to its end or given up
	}
	if err != nil {
		res = nil
		t.err = err
	}
	a, err := collect(op, t, res, nil, fault.Unavailable)
	if a.status == http.StatusForbidden {
		err = payments.ErrStatementForbidden.With(err)
	}
	if err != nil {
		return nil, "", err
	}
	page, next, err := readTransactions(a.body, from, until)
	if err == nil && next != "" && next == cursor {
		err = fmt.Errorf("the page after %s is the same page", cursor)
	}
	if err != nil {
		return nil, "", fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	return page, next, nil
}

// instant is how the API reads a bound of time.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func readTransactions(body []byte, from, until time.Time) (page []payments.Transaction, next string, err error) {
	var list transactionList
	if err := decode(body, &list); err != nil {
		return nil, "", err
	}
	for _, x := range list.Data {
		t, err := x.transaction()
		if err != nil {
			return nil, "", err
		}
		if !t.CreatedAt.Before(from) && t.CreatedAt.Before(until) {
			page = append(page, t)
		}
	}
	switch {
	case list.HasMore && len(list.Data) == 0:
		return nil, "", errors.New("an empty page says that there is more")
	case list.HasMore:
		next = list.Data[len(list.Data)-1].ID
	}
	return page, next, nil
}
