package xendit

import (
	"context"
	"fmt"

	pm "github.com/xendit/xendit-go/v7/payment_method"

	"gerai/internal/fault"
	"gerai/payments"
)

// mostListed is how many charges one listing call asks for.
const mostListed = 50

// Get reads one payment request, and for a paid one what was really paid.
// Errors as of payments.Gateway.
func (g *Gateway) Get(ctx context.Context, gatewayID string) (payments.Charge, error) {
	op := "read " + gatewayID
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.PaymentRequestApi.GetPaymentRequestByID(ctx, gatewayID).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unavailable)
	if err != nil {
		return payments.Charge{}, err
	}
	var r request
	if err := decode(a.body, &r); err != nil {
		return payments.Charge{}, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	return g.withParts(ctx, r)
}

// Find reads every payment request under our reference, newest first.
func (g *Gateway) Find(ctx context.Context, reference string) ([]payments.Charge, error) {
	op := "find " + reference
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.PaymentRequestApi.GetAllPaymentRequests(ctx).ReferenceId([]string{reference}).Execute()
	list, err := requests(op, t, res, sdkErr)
	if err != nil {
		return nil, err
	}
	var out []payments.Charge
	for _, r := range list {
		if r.ReferenceID != reference {
			continue
		}
		c, err := g.withParts(ctx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// List reads up to fifty payment requests in one call, without their payments.
func (g *Gateway) List(ctx context.Context, gatewayIDs []string) ([]payments.Charge, error) {
	if len(gatewayIDs) > mostListed {
		return nil, fault.New(fault.Internal, "gateway.list_too_long")
	}
	op := fmt.Sprintf("list %d charges", len(gatewayIDs))
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.PaymentRequestApi.GetAllPaymentRequests(ctx).Id(gatewayIDs).Limit(mostListed).Execute()
	list, err := requests(op, t, res, sdkErr)
	if err != nil {
		return nil, err
	}
	out := make([]payments.Charge, 0, len(list))
	for _, r := range list {
		c, err := r.charge()
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
		}
		out = append(out, c)
	}
	return out, nil
}

// withParts adds what was really paid. An account whose key may not list
// payments gets one part of the amount asked for, which is what a closed QR
// code or account accepts.
func (g *Gateway) withParts(ctx context.Context, r request) (payments.Charge, error) {
	c, err := r.charge()
	if err != nil {
		return c, fault.Wrap(fault.Unavailable, "gateway.busy", err)
	}
	if c.Status != payments.Paid {
		return c, nil
	}
	op := "payments of " + c.GatewayID
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.PaymentMethodApi.GetPaymentsByPaymentMethodId(ctx, c.MethodID).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unavailable)
	switch fault.KindOf(err) {
	case "":
	case fault.NotFound, fault.Config, fault.Refused:
		g.log.WarnContext(ctx, "payments not listable, taking the amount asked for", "charge", c.GatewayID, "error", err)
		c.Paid = []payments.PaidPart{{ID: c.GatewayID, Amount: c.Amount, Currency: c.Currency, At: r.Updated}}
		return c, nil
	default:
		return c, err
	}
	var list paymentList
	if err := decode(a.body, &list); err != nil {
		return c, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	return c, addParts(&c, list)
}

func addParts(c *payments.Charge, list paymentList) error {
	for _, p := range list.Data {
		if p.Status != "SUCCEEDED" || (p.PaymentRequestID != "" && p.PaymentRequestID != c.GatewayID) {
			continue
		}
		total, err := p.Amount.signed()
		if err != nil {
			return fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("payment %s: %w", p.ID, err))
		}
		when := p.Created
		if when.IsZero() {
			when = p.Updated
		}
		c.Paid = append(c.Paid, payments.PaidPart{ID: p.ID, Amount: total, Currency: p.Currency, At: when})
	}
	if len(c.Paid) == 0 {
		// The request says paid and its payments are not listed yet: ask again.
		return fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("charge %s is paid but lists no payment", c.GatewayID))
	}
	return nil
}

// Cancel expires the payment method, which is the only way to stop a QR code
// or virtual account. Already closed is fine.
func (g *Gateway) Cancel(ctx context.Context, c payments.Charge) error {
	op := "cancel " + c.GatewayID
	ctx, t := traced(ctx)
	// Without parameters the SDK would send the body "null".
	_, res, sdkErr := g.client.PaymentMethodApi.ExpirePaymentMethod(ctx, c.MethodID).PaymentMethodExpireParameters(*pm.NewPaymentMethodExpireParameters()).Execute()
	_, err := collect(op, t, res, sdkErr, fault.Unavailable)
	return err
}
