package refunds_test

import (
	"context"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// slow is a gateway whose answer to a refund comes when the job's time is over.
type slow struct {
	payments.Gateway
	over  context.CancelFunc
	fault *fault.Error
}

func (s *slow) Refund(context.Context, payments.RefundIn) (payments.Refund, error) {
	s.over()
	return payments.Refund{}, s.fault
}

func TestAFailureIsRecordedAfterItsTimeIsOver(t *testing.T) {
	var rows []shoptest.Row
	for _, c := range []struct {
		name  string
		fault *fault.Error
		state order.RefundState
	}{
		{"the outcome is unknown: the next try looks first", fault.New(fault.Unknown, "gateway.busy"), order.RefundApproved},
		{"the gateway cannot give back: a person does", fault.New(fault.Refused, "gateway.refund_unsupported"), order.RefundManual},
	} {
		rows = append(rows, shoptest.Row{Name: c.name, Test: func(t *testing.T, k *shoptest.Harness) {
			f := k.RequestRefund(k.Bought(), k.Staff("siti"), 1000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			k.UseGateway(&slow{k.Gateway, cancel, c.fault})
			err := k.Shop.Refunds.RefundSend(over, jobs.Job{Kind: jobs.RefundSend, Subject: f.ID})
			if _, waits := jobs.AsSnooze(err); waits != (c.state == order.RefundApproved) {
				t.Errorf("steers with %v", err)
			}
			if now := k.WantRefund(f, c.state); now.Failure != c.fault.Code {
				t.Errorf("the failure is %q, not %q", now.Failure, c.fault.Code)
			}
			k.UseGateway(k.Gateway)
		}})
	}
	shoptest.Run(t, rows)
}
