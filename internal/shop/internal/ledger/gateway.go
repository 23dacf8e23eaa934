package ledger

import (
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
)

// SteerGateway decides when gateway work is tried again.
func SteerGateway(j jobs.Job, err error) error {
	if fault.MayPass(err) {
		return &jobs.Snooze{After: Backoff(j.Snoozes, time.Second, 15*time.Second), Err: err}
	}
	return err
}

// NeedsLookup reports whether an attempt has a charge that is worth reading; gatewayID is the
// charge that a message names, "" for none.
func NeedsLookup(a order.Attempt, gatewayID string) bool {
	if gatewayID != "" && a.GatewayID == gatewayID {
		return true
	}
	switch a.State {
	case order.Open, order.Superseded, order.Creating:
		return a.GatewayID != "" || !a.AskedAt.IsZero() // else there is no charge to read
	case order.Failed:
		return a.GatewayID != ""
	}
	return false
}
