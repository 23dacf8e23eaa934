package refunds

import (
	"gerai/admin/web"
	"gerai/internal/order"
)

// unmatchedRefundForm asks before money without an order is marked to go back.
func unmatchedRefundForm(k *web.Request) error { return confirmUnmatchedRefund(k, nil) }

func confirmUnmatchedRefund(k *web.Request, cause error) error {
	pay, err := unmatchedPayment(k)
	if err != nil {
		return err
	}
	return showRefundRequest(k, cause, refundOfUnmatched(pay))
}

func refundOfUnmatched(pay order.Payment) refundRequest {
	return refundRequest{pay: pay, left: pay.Amount, action: unmatchedPath(pay, "refund"), back: web.Root + "/money"}
}

// unmatchedRefund marks it.
func unmatchedRefund(k *web.Request) error {
	pay, err := unmatchedPayment(k)
	if err != nil {
		return err
	}
	return submitRefundRequest(k, refundOfUnmatched(pay))
}
