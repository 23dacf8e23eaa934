package main

import (
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"gerai/internal/order"
	"gerai/internal/sim/xenditsim"
)

// mostCharges is how many of the newest charges the simulated gateway knows of a seeded
// past: it keeps all of them in memory and looks through them at each call. Reconciliation
// finds the payments before them missing at the gateway.
const mostCharges = 100_000

// charged notes what the gateway knows of an attempt: a charge of its own for each payment,
// or one without a payment.
func (p *past) charged(a order.Attempt, money []order.Payment) {
	if p.dir == "" { // no demo starts on it
		return
	}
	c := xenditsim.PastCharge{ID: a.GatewayID, Reference: a.Reference, Channel: "QRIS", QR: a.QR, VA: a.VA, Amount: int64(a.Amount), Created: a.CreatedAt, ExpiresAt: a.ExpiresAt}
	if a.Method.IsVA() {
		c.Channel = a.Method.Bank()
	}
	if len(money) == 0 {
		p.charges = append(p.charges, c)
	}
	for _, pay := range money {
		c.ID, c.Paid, c.PaidAt = pay.Key, int64(pay.Amount), pay.PaidAt
		p.charges = append(p.charges, c)
	}
	if len(p.charges) >= 2*mostCharges {
		p.charges = append([]xenditsim.PastCharge(nil), p.charges[len(p.charges)-mostCharges:]...)
	}
}

// gatewayFile is where the simulated gateway of a demo keeps its state.
func gatewayFile(dir string) string { return filepath.Join(dir, "xendit.jsonl") }

// tellGateway has the simulated gateway of the demo's folder know the charges of the past.
func tellGateway(f seedFlags, charges []xenditsim.PastCharge) (err error) {
	if f.dir == "" {
		return nil
	}
	sim, err := xenditsim.New(xenditsim.Options{StateFile: gatewayFile(f.dir), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	sim.Remember(charges[max(0, len(charges)-mostCharges):])
	return nil
}
