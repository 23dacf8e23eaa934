package voucher

import "gerai/internal/fault"

// BatchState is how far the making of a batch is.
type BatchState string

const (
	// BatchRunning: its vouchers are being drawn or put onto the router.
	BatchRunning BatchState = "running"
	// BatchPaused: a person had it wait; what is made stays for sale.
	BatchPaused BatchState = "paused"
	// BatchStopped: a person has to look; its problem says why.
	BatchStopped BatchState = "stopped"
	// BatchCancelled: what was not made is given up for good.
	BatchCancelled BatchState = "cancelled"
	// BatchDone: the router has all of its vouchers.
	BatchDone BatchState = "done"
)

// BatchStates lists them.
var BatchStates = []BatchState{BatchRunning, BatchPaused, BatchStopped, BatchCancelled, BatchDone}

// MayPauseBatch says why a batch cannot be paused, or nil. Errors: Conflict
// "batch.not_running".
func MayPauseBatch(s BatchState) error {
	if s != BatchRunning {
		return fault.New(fault.Conflict, "batch.not_running")
	}
	return nil
}

// MayResumeBatch says why a batch cannot go on, or nil. Errors: Conflict
// "batch.not_paused".
func MayResumeBatch(s BatchState) error {
	if s != BatchPaused && s != BatchStopped {
		return fault.New(fault.Conflict, "batch.not_paused")
	}
	return nil
}

// MayCancelBatch says why what is not made of a batch cannot be given up, or nil. Errors:
// Conflict "batch.over".
func MayCancelBatch(s BatchState) error {
	if s == BatchCancelled || s == BatchDone {
		return fault.New(fault.Conflict, "batch.over")
	}
	return nil
}
