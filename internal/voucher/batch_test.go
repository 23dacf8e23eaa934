package voucher_test

import (
	"testing"

	"gerai/internal/fault"
	"gerai/internal/voucher"
)

func TestRulesOfBatches(t *testing.T) {
	for _, r := range []struct {
		name string
		may  func(voucher.BatchState) error
		code string
		from map[voucher.BatchState]bool
	}{
		{"pause", voucher.MayPauseBatch, "batch.not_running", map[voucher.BatchState]bool{voucher.BatchRunning: true}},
		{"resume", voucher.MayResumeBatch, "batch.not_paused", map[voucher.BatchState]bool{voucher.BatchPaused: true, voucher.BatchStopped: true}},
		{"cancel", voucher.MayCancelBatch, "batch.over", map[voucher.BatchState]bool{voucher.BatchRunning: true, voucher.BatchPaused: true, voucher.BatchStopped: true}},
	} {
		for _, s := range voucher.BatchStates {
			err := r.may(s)
			if (err == nil) != r.from[s] || err != nil && fault.CodeOf(err) != r.code {
				t.Errorf("%s a %s batch: %v", r.name, s, err)
			}
		}
	}
}
