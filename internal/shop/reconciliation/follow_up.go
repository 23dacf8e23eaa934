package reconciliation

import (
	"context"
	"encoding/json"
	"fmt"

	"gerai/internal/reconcile"
	"gerai/payments"
)

// followUp has the gateway asked about everything that it lists and the books lack: what
// it answers is recorded as if it had told of it itself. Each line is asked about once.
func (s *Service) followUp(ctx context.Context, lines []payments.Transaction, rows []reconcile.Row) (asked int, err error) {
	by := map[string]payments.Transaction{}
	for _, x := range lines {
		by[x.ID] = x
	}
	for _, r := range rows {
		if r.State != reconcile.MissingHere {
			continue
		}
		for _, id := range r.Lines {
			fresh, err := s.askGateway(ctx, by[id], "list:"+id)
			if err != nil {
				return asked, err
			}
			if fresh {
				asked++
			}
		}
	}
	return asked, nil
}

// askGateway has one line looked up at the gateway. A payment without a charge's id can be
// found only through an order of ours.
func (s *Service) askGateway(ctx context.Context, x payments.Transaction, key string) (fresh bool, err error) {
	n := payments.Notification{Key: key, GatewayID: x.ChargeID, Reference: x.Reference, Status: payments.Paid}
	switch {
	case x.Status != payments.TransactionDone:
		return false, nil
	case x.Type == payments.RefundTransaction && x.ProductID != "":
		n.Status, n.GatewayID, n.Reference = payments.RefundNews, x.ProductID, ""
	case x.Type != payments.PaymentTransaction:
		return false, nil
	case x.ChargeID == "":
		if _, ours, err := s.Store.OrderByReference(ctx, x.Reference); err != nil || !ours {
			return false, err
		}
	}
	body, err := json.Marshal(x)
	if err != nil {
		return false, fmt.Errorf("follow up %s: %w", x.ID, err)
	}
	return s.orders.FollowUp(ctx, n, body)
}
