package xendit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pr "github.com/xendit/xendit-go/v7/payment_request"

	"gerai/internal/fault"
	"gerai/payments"
)

// Create opens a payment request. Errors as of payments.Gateway.
func (g *Gateway) Create(ctx context.Context, in payments.CreateIn) (payments.Charge, error) {
	op := "create " + in.Reference
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.PaymentRequestApi.CreatePaymentRequest(ctx).IdempotencyKey(in.IdempotencyKey).
		PaymentRequestParameters(parameters(in)).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unknown)
	if errors.Is(err, errDuplicate) {
		return g.existing(ctx, in, err)
	}
	if err != nil {
		return payments.Charge{}, err
	}
	var r request
	if err := decode(a.body, &r); err != nil {
		return payments.Charge{}, fault.Wrap(fault.Unknown, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	c, err := r.charge()
	if err != nil {
		return payments.Charge{}, fault.Wrap(fault.Unknown, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	if c.Reference != in.Reference {
		return payments.Charge{}, fault.Wrap(fault.Refused, "gateway.refused", fmt.Errorf("%s: answer is about %q", op, c.Reference))
	}
	return c, nil
}

// existing finds the charge that a duplicate error speaks of.
func (g *Gateway) existing(ctx context.Context, in payments.CreateIn, duplicate error) (payments.Charge, error) {
	found, err := g.Find(ctx, in.Reference)
	if err != nil {
		return payments.Charge{}, fault.Wrap(fault.Unknown, "gateway.busy", errors.Join(duplicate, err))
	}
	for _, c := range found {
		if c.Amount == in.Amount && c.Method == in.Method {
			return c, nil
		}
	}
	return payments.Charge{}, duplicate
}

func parameters(in payments.CreateIn) pr.PaymentRequestParameters {
	kind := pr.PAYMENTMETHODTYPE_QR_CODE
	if in.Method.IsVA() {
		kind = pr.PAYMENTMETHODTYPE_VIRTUAL_ACCOUNT
	}
	m := pr.NewPaymentMethodParameters(kind, pr.PAYMENTMETHODREUSABILITY_ONE_TIME_USE)
	m.SetReferenceId(in.Reference + payments.MethodSuffix)
	if in.Method.IsVA() {
		props := pr.NewVirtualAccountChannelProperties(payerName(in.PayerName))
		props.SetExpiresAt(in.ExpiresAt)
		m.SetVirtualAccount(*pr.NewVirtualAccountParameters(pr.VirtualAccountChannelCode(in.Method.Bank()), *props))
	} else {
		q := pr.NewQRCodeParameters()
		q.SetChannelCode(pr.QRCODECHANNELCODE_QRIS)
		m.SetQrCode(*q)
	}
	p := pr.NewPaymentRequestParameters(pr.PAYMENTREQUESTCURRENCY_IDR)
	p.SetReferenceId(in.Reference)
	p.SetAmount(float64(in.Amount)) // exact: far below 2^53
	p.SetPaymentMethod(*m)
	if len(in.Metadata) > 0 {
		all := make(map[string]any, len(in.Metadata))
		for key, value := range in.Metadata {
			all[key] = value
		}
		p.SetMetadata(all)
	}
	return *p
}

// payerName keeps letters and single spaces, the only characters every bank
// accepts, and falls back to a neutral word.
func payerName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return ' '
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "VOUCHER"
	}
	return s[:min(len(s), 50)]
}
