package reconciliation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/refunds"
	"gerai/payments"
)

// beside is how far apart the two sides may say that one payment was made.
const beside = 24 * time.Hour

// facts gathers both sides of a day: what either side has of it, and what belongs to that
// on the other side, whenever it was.
func (s *Service) facts(ctx context.Context, d report.Day) (f reconcile.Facts, err error) {
	f = reconcile.Facts{Gateway: s.gateway(), Zone: s.Zone, Now: s.Clock.Now()}
	if f.Fees, err = s.Store.Fees(ctx); err != nil {
		return f, err
	}
	from, until := d.Start(s.Zone).Add(-beside), d.End(s.Zone).Add(beside)
	g := gathering{Service: s, Facts: &f}
	for _, step := range []func(context.Context, time.Time, time.Time) error{g.span, g.paymentsOfLines, g.linesOfBooks, g.refundsOfLines} {
		if err := step(ctx, from, until); err != nil {
			return f, fmt.Errorf("gather %s: %w", d, err)
		}
	}
	for i := range f.Refunds {
		f.Refunds[i].Reference = refunds.GatewayReference(f.Refunds[i].ID)
	}
	return f, nil
}

// gathering fills facts step by step, each thing once.
type gathering struct {
	*Service
	*reconcile.Facts
}

func (g gathering) test() bool { return !g.Live() }

// span reads what either side has of a span.
func (g gathering) span(ctx context.Context, from, until time.Time) (err error) {
	if g.Lines, err = g.Store.Transactions(ctx, g.gateway(), from, until); err != nil {
		return err
	}
	if g.Payments, err = g.Store.ComparedPayments(ctx, g.test(), from, until); err != nil {
		return err
	}
	g.Refunds, err = g.Store.ComparedRefunds(ctx, g.test(), from, until)
	return err
}

// paymentsOfLines adds the payments that lines are about and that were made at another
// time.
func (g gathering) paymentsOfLines(ctx context.Context, _, _ time.Time) error {
	have := map[string]bool{}
	for _, p := range g.Payments {
		have[p.Gateway+" "+p.Key] = true
	}
	charges, references := set{}, set{}
	for _, x := range g.Lines {
		switch {
		case x.Type != payments.PaymentTransaction:
		case x.ChargeID == "":
			references.add(x.Reference, payments.ChargeReference(x.Reference))
		case !have[g.gateway()+" "+x.ChargeID]:
			charges.add(x.ChargeID)
		}
	}
	more, err := g.Store.ComparedPaymentsOf(ctx, g.test(), g.gateway(), charges.list(), references.list())
	for _, p := range more {
		if id := p.Gateway + " " + p.Key; !have[id] {
			have[id] = true
			g.Payments = append(g.Payments, p)
		}
	}
	return err
}

// linesOfBooks adds the lines about payments and refunds of the books.
func (g gathering) linesOfBooks(ctx context.Context, _, _ time.Time) error {
	charges, references, products := set{}, set{}, set{}
	for _, p := range g.Payments {
		if p.Gateway == g.gateway() {
			charges.add(p.Key)
			references.add(p.Reference)
		}
	}
	for _, f := range g.Refunds {
		products.add(f.GatewayID)
	}
	have := map[string]bool{}
	for _, x := range g.Lines {
		have[x.ID] = true
	}
	more, err := g.Store.TransactionsOf(ctx, g.gateway(), charges.list(), references.list(), products.list())
	for _, x := range more {
		if !have[x.ID] {
			have[x.ID] = true
			g.Lines = append(g.Lines, x)
		}
	}
	return err
}

// refundsOfLines adds the refunds that lines are about and that are not done, or were at
// another time.
func (g gathering) refundsOfLines(ctx context.Context, _, _ time.Time) error {
	have := map[string]bool{}
	for _, f := range g.Refunds {
		have[f.ID] = true
	}
	products, ids := set{}, set{}
	for _, x := range g.Lines {
		if x.Type == payments.RefundTransaction {
			products.add(x.ProductID)
			ids.add(refunds.OfGatewayReference(x.Reference))
		}
	}
	more, err := g.Store.ComparedRefundsOf(ctx, g.test(), products.list(), ids.list())
	for _, f := range more {
		if !have[f.ID] {
			have[f.ID] = true
			g.Refunds = append(g.Refunds, f)
		}
	}
	return err
}

// set are texts, each once, without the empty one.
type set map[string]bool

func (s set) add(texts ...string) {
	for _, t := range texts {
		if t != "" {
			s[t] = true
		}
	}
}

func (s set) list() []string {
	out := make([]string, 0, len(s))
	for t := range s {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
