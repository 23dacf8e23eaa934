package reconcile

import (
	"gerai/internal/money"
	"gerai/payments"
)

// Totals are the sums of some rows. Back sums are positive.
type Totals struct {
	In         money.Rupiah `json:"in"`          // payments as the books count them
	Beside     money.Rupiah `json:"beside"`      // of these: at the counter, or through another gateway
	Back       money.Rupiah `json:"back"`        // refunds as the books count them
	BackBeside money.Rupiah `json:"back_beside"` // of these: by hand, or through another gateway

	GatewayIn   money.Rupiah `json:"gateway_in"`   // payments as the gateway lists them
	GatewayBack money.Rupiah `json:"gateway_back"` // refunds and chargebacks
	Movements   money.Rupiah `json:"movements"`    // what else moved in the account
	Fee         money.Rupiah `json:"fee"`          // what the gateway kept
	FeeExpected money.Rupiah `json:"fee_expected"` // what the rules say
	Settled     money.Rupiah `json:"settled"`      // of GatewayIn: in the balance

	Rows int64 `json:"rows"`
	Open int64 `json:"open"` // rows that need a person
}

// Difference is what the gateway moved for the shop less what the books say that it moved.
func (t Totals) Difference() money.Rupiah {
	return t.GatewayIn - t.GatewayBack - (t.In - t.Beside - (t.Back - t.BackBeside))
}

// Plus adds other totals.
func (t Totals) Plus(o Totals) Totals {
	t.In, t.Beside, t.Back, t.BackBeside = t.In+o.In, t.Beside+o.Beside, t.Back+o.Back, t.BackBeside+o.BackBeside
	t.GatewayIn, t.GatewayBack, t.Movements = t.GatewayIn+o.GatewayIn, t.GatewayBack+o.GatewayBack, t.Movements+o.Movements
	t.Fee, t.FeeExpected, t.Settled = t.Fee+o.Fee, t.FeeExpected+o.FeeExpected, t.Settled+o.Settled
	t.Rows, t.Open = t.Rows+o.Rows, t.Open+o.Open
	return t
}

// Totals are one row's share.
func (r Row) Totals() Totals {
	t := Totals{Rows: 1, Fee: r.Fee, FeeExpected: r.FeeExpected}
	if r.State.Open() {
		t.Open = 1
	}
	switch r.Kind {
	case PaymentRow:
		t.In, t.GatewayIn = r.Here, r.There
		if r.Method.AtCounter() || r.State == NotCompared {
			t.Beside = r.Here
		}
		if r.Settled == payments.SettlementDone {
			t.Settled = r.There
		}
	case RefundRow:
		t.Back, t.GatewayBack = -r.Here, -r.There
		if r.State == ByHand || r.State == NotCompared {
			t.BackBeside = -r.Here
		}
	case ChargebackRow:
		t.GatewayBack = -r.There
	case OtherRow:
		t.Movements = r.There
	}
	return t
}

// Sum adds rows up.
func Sum(rows []Row) (t Totals) {
	for _, r := range rows {
		t = t.Plus(r.Totals())
	}
	return t
}
