package xendit

import (
	"context"
	"errors"
	"fmt"

	"github.com/xendit/xendit-go/v7/refund"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

// returned is a refund as far as we read it; the SDK's own model loses the
// status.
type returned struct {
	ID               string `json:"id"`
	PaymentRequestID string `json:"payment_request_id"`
	ReferenceID      string `json:"reference_id"`
	Amount           amount `json:"amount"`
	Status           string `json:"status"`
}

var refundStatuses = map[string]payments.RefundStatus{
	"SUCCEEDED": payments.RefundDone, "FAILED": payments.RefundFailed, "CANCELLED": payments.RefundFailed, "CANCELED": payments.RefundFailed,
}

// Refund gives money of a QRIS payment back. Virtual accounts and some issuers
// cannot: Refused "gateway.refund_unsupported". Errors as of payments.Gateway.
func (g *Gateway) Refund(ctx context.Context, in payments.RefundIn) (payments.Refund, error) {
	op := "refund " + in.Reference
	ctx, t := traced(ctx)
	r := refund.NewCreateRefund()
	r.SetPaymentRequestId(in.GatewayID)
	r.SetReferenceId(in.Reference)
	r.SetAmount(float64(in.Amount)) // exact: far below 2^53
	r.SetCurrency(money.Currency)
	r.SetReason("REQUESTED_BY_CUSTOMER")
	_, res, sdkErr := g.client.RefundApi.CreateRefund(ctx).IdempotencyKey(in.IdempotencyKey).CreateRefund(*r).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unknown)
	if errors.Is(err, errDuplicate) {
		return g.refundBefore(ctx, in, err)
	}
	if err != nil {
		return payments.Refund{}, err
	}
	out, err := readRefund(op, a.body, fault.Unknown)
	if err == nil && out.Amount != in.Amount {
		err = payments.ErrAmount.With(fmt.Errorf("%s: answer names %d", op, out.Amount))
	}
	return out, err
}

// refundBefore finds the refund that a duplicate error speaks of.
func (g *Gateway) refundBefore(ctx context.Context, in payments.RefundIn, duplicate error) (payments.Refund, error) {
	all, err := g.RefundsOf(ctx, in.GatewayID)
	if err != nil {
		return payments.Refund{}, fault.Wrap(fault.Unknown, "gateway.busy", errors.Join(duplicate, err))
	}
	for _, r := range all {
		if r.Reference == in.Reference {
			return r, nil
		}
	}
	return payments.Refund{}, duplicate
}

// GetRefund reads one refund.
func (g *Gateway) GetRefund(ctx context.Context, id string) (payments.Refund, error) {
	op := "read refund " + id
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.RefundApi.GetRefund(ctx, id).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unavailable)
	if err != nil {
		return payments.Refund{}, err
	}
	return readRefund(op, a.body, fault.Unavailable)
}

// RefundsOf lists the refunds of one payment request.
func (g *Gateway) RefundsOf(ctx context.Context, gatewayID string) ([]payments.Refund, error) {
	op := "refunds of " + gatewayID
	ctx, t := traced(ctx)
	_, res, sdkErr := g.client.RefundApi.GetAllRefunds(ctx).PaymentRequestId(gatewayID).Limit(mostListed).Execute()
	a, err := collect(op, t, res, sdkErr, fault.Unavailable)
	if err != nil {
		return nil, err
	}
	var list struct {
		Data []returned `json:"data"`
	}
	if err := decode(a.body, &list); err != nil {
		return nil, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	var out []payments.Refund
	for _, r := range list.Data {
		if r.PaymentRequestID != "" && r.PaymentRequestID != gatewayID {
			continue
		}
		one, err := r.refund()
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "gateway.busy", fmt.Errorf("%s: %w", op, err))
		}
		out = append(out, one)
	}
	return out, nil
}

func readRefund(op string, body []byte, unknown fault.Kind) (payments.Refund, error) {
	var r returned
	err := decode(body, &r)
	var out payments.Refund
	if err == nil {
		out, err = r.refund()
	}
	if err != nil {
		return out, fault.Wrap(unknown, "gateway.busy", fmt.Errorf("%s: %w", op, err))
	}
	return out, nil
}

func (r returned) refund() (payments.Refund, error) {
	total, err := r.Amount.rupiah()
	if err != nil || r.ID == "" {
		return payments.Refund{}, fmt.Errorf("refund %q: %w", r.ID, errors.Join(err, errors.New("not readable")))
	}
	status, final := refundStatuses[r.Status]
	if !final {
		status = payments.RefundPending
	}
	return payments.Refund{ID: r.ID, ChargeID: r.PaymentRequestID, Reference: r.ReferenceID, Amount: total, Status: status}, nil
}
