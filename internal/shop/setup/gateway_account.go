package setup

import (
	"context"
	"fmt"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/store"
	"gerai/payments"
)

// open is what waits for the account in use: with another one its charges are unknown, so that paid
// orders expire and refunds on their way look as if they were never sent.
type open struct {
	orders, refunds int
	newest          string // the newest charge among them, "" without any
}

// openAt is how both a look and a transaction read it.
type openAt interface {
	OpenCharges(ctx context.Context) (int, string, error)
	RefundsUnderWay(ctx context.Context, gateway string) (int, string, error)
}

func readOpen(ctx context.Context, r openAt, gateway string) (o open, err error) {
	if o.orders, o.newest, err = r.OpenCharges(ctx); err != nil {
		return o, err
	}
	charge := ""
	if o.refunds, charge, err = r.RefundsUnderWay(ctx, gateway); o.newest == "" {
		o.newest = charge
	}
	return o, err
}

// refused is the refusal of an account that does not know what is open.
func (o open) refused() error {
	f := fault.AtField("key", "gateway.other_account")
	f.Subject = fmt.Sprintf("%d + %d", o.orders, o.refunds)
	return f
}

// checkAccount asks an account about the newest charge that is open. Nothing open is nothing to ask.
func (s *Service) checkAccount(ctx context.Context, a payments.Account) (open, error) {
	o, err := readOpen(ctx, s.Store, s.Connection.Name())
	if err != nil || o.newest == "" {
		return o, err
	}
	ask, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	_, err = a.Get(ask, o.newest)
	if fault.Is(err, fault.NotFound) {
		return o, o.refused()
	}
	return o, unanswered(err)
}

// still refuses where the first charge was opened after the account was asked.
func (o open) still(ctx context.Context, tx *store.Tx, gateway string) error {
	now, err := readOpen(ctx, tx, gateway)
	if err == nil && o.newest == "" && now.newest != "" {
		err = now.refused()
	}
	return err
}

// OpenAtGateway counts the unpaid orders with a charge and the refunds under way, which keys of another
// account would not find.
func (s *Service) OpenAtGateway(ctx context.Context) (orders, refunds int, err error) {
	o, err := readOpen(ctx, s.Store, s.Connection.Name())
	return o.orders, o.refunds, err
}

// safeURL reports whether a live key may travel to the address of the gateway.
func (s *Service) safeURL() bool { return strings.HasPrefix(s.GatewayURL, "https://") }
