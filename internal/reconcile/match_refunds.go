package reconcile

import (
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

// refund finds the refund that a line is about: by the gateway's id, else by our
// reference, which is all that is known of one whose answer was lost.
func (m *matching) refund(x payments.Transaction) {
	subject := lineSubject(x)
	if x.ProductID != "" {
		subject = refundSubject(m.Gateway, x.ProductID)
	}
	g := m.refunds[subject]
	if alias := m.aliases[x.Reference]; g == nil && alias != nil && alias.id == "" {
		delete(m.refunds, alias.subject)
		g, alias.id, alias.subject = alias, x.ProductID, subject
	}
	if g == nil {
		g = &given{subject: subject, id: x.ProductID}
	}
	m.refunds[subject] = g
	g.lines = append(g.lines, x)
}

func (m *matching) refundRow(g *given) Row {
	r := Row{Subject: g.subject, Kind: RefundRow, Gateway: m.Gateway, There: -sum(g.lines)}
	m.fill(&r, g.lines)
	if f := g.here; f != nil {
		r.Gateway, r.Key, r.RefundID, r.OrderID, r.SiteID, r.Method = f.Gateway, f.PaymentKey, f.ID, f.OrderID, f.SiteID, f.Method
		if f.State == order.RefundDone {
			r.Here, r.At = -f.Amount, f.DoneAt
		}
	}
	r.Day = report.DayOf(r.At, m.Zone)
	r.State = m.refundState(r, g)
	return r
}

func (m *matching) refundState(r Row, g *given) State {
	done := g.here != nil && g.here.State == order.RefundDone
	switch {
	case done && g.id == "":
		return ByHand
	case done && g.here.Gateway != m.Gateway:
		return NotCompared
	case done && len(g.lines) == 0 && m.Now.Sub(r.At) < listedWithin:
		return Pending
	case done && len(g.lines) == 0:
		return MissingThere
	case !done && every(g.lines, payments.TransactionFailed):
		return Void
	case r.There == 0 && some(g.lines, payments.TransactionPending), !done && r.There == 0:
		return Pending
	case !done:
		return MissingHere
	case r.There != r.Here:
		return AmountDiffers
	case r.Settled == payments.SettlementDone:
		return Settled
	}
	return Matched
}

// movementRow is the row of a line that is neither a payment nor a refund.
func (m *matching) movementRow(x payments.Transaction) Row {
	lines := []payments.Transaction{x}
	r := Row{Subject: lineSubject(x), Kind: OtherRow, State: Movement, Gateway: m.Gateway, Key: x.ChargeID, There: sum(lines), Note: x.Word}
	m.fill(&r, lines)
	if !x.In {
		r.There = -r.There
	}
	if x.Type == payments.ChargebackTransaction {
		r.Kind, r.State = ChargebackRow, Chargeback
	}
	switch x.Status {
	case payments.TransactionFailed:
		r.State = Void
	case payments.TransactionPending, payments.TransactionUnrecognised:
		r.State = Pending
	}
	r.Day = report.DayOf(r.At, m.Zone)
	return r
}
