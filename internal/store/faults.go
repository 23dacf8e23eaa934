package store

import "gerai/internal/fault"

// Faults that callers decide by, with errors.Is.
var (
	// ErrOrderChanged: the order, or what belongs to it, was changed since it was read.
	ErrOrderChanged = fault.New(fault.Conflict, "order.changed")
	// ErrOrderTaken: something of the order is in use already; the *Taken inside says what.
	ErrOrderTaken = fault.New(fault.Conflict, "order.taken")
	// ErrBatchTaken: the batch's code is in use, or its form already made one for this router.
	ErrBatchTaken = fault.New(fault.Conflict, "batch.taken")
	// ErrOutletNameTaken: another outlet has that name.
	ErrOutletNameTaken = fault.New(fault.Conflict, "outlet.name_taken")
	// ErrRouterNameUsed: another router has that name.
	ErrRouterNameUsed = &fault.Error{Kind: fault.Conflict, Code: "router.name_used", Field: "name"}
	// ErrProvisioningUnfinished: another setup of this router is under way.
	ErrProvisioningUnfinished = fault.New(fault.Conflict, "router.kit_unfinished")
	// ErrNothingToUndo: setup did nothing to this router.
	ErrNothingToUndo = fault.New(fault.NotFound, "router.kit_no_undo")
	// ErrInUse: another process holds the database.
	ErrInUse = fault.New(fault.Config, "store.in_use")
)
