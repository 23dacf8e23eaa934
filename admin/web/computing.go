package web

import (
	"time"

	"gerai/internal/admission"
	"gerai/internal/clock"
	"gerai/internal/fault"
)

// errComputing: as many reports and files are being made as are made at once; nothing was put on record.
var errComputing = &fault.Error{Kind: fault.Unavailable, Code: "panel.busy", After: 5 * time.Second}

// newComputeControl admits what computes for long: a small machine also sells, and a
// report of a year or two thousand codes keep a core busy for seconds. Accounts take turns.
func newComputeControl(c clock.Clock) *admission.Control {
	return admission.New(admission.Rule{AtOnce: 2, Waiting: 8, Patience: 4 * time.Second}, errComputing, c)
}

// compute runs a heavy route once there is a place for it. Errors: Unavailable "panel.busy".
func (k *Request) compute(handle func(*Request) error) error {
	ctx, leave, err := k.Computing.Enter(k.UserContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	defer leave()
	k.SetUserContext(ctx)
	return handle(k)
}

// export takes a place for a file that is made while it is sent; leave gives it back.
// Errors: Unavailable "panel.busy".
func (k *Request) export() (leave func(), err error) {
	admission.Aside(k.UserContext(), func() { _, leave, err = k.Exporting.Enter(k.UserContext(), k.Principal.ID) })
	return leave, err
}
