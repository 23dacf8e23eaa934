package jobs

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gerai/internal/priority"
)

// Kind names one sort of work.
type Kind string

const (
	// EventProcess looks at one stored gateway message. Subject: event id.
	EventProcess Kind = "event.process"
	// ChargeCreate opens the gateway charge of an order's current attempt.
	// Subject: order id.
	ChargeCreate Kind = "charge.create"
	// ChargeCancel closes a superseded attempt. Subject: attempt id.
	ChargeCancel Kind = "charge.cancel"
	// OrderReconcile reads the gateway and moves the order. Subject: order id.
	OrderReconcile Kind = "order.reconcile"
	// OrderActivate makes the voucher work. Subject: order id.
	OrderActivate Kind = "order.activate"
	// DeviceConnect logs the buyer's device in. Subject: order id.
	DeviceConnect Kind = "device.connect"
	// PassEnd takes back the pass of a paid order. Subject: order id.
	PassEnd Kind = "pass.end"
	// RefundStop switches a voucher off before its money goes back. Subject:
	// refund id.
	RefundStop Kind = "refund.stop"
	// RefundSend has the gateway give money back, and watches it arrive.
	// Subject: refund id.
	RefundSend Kind = "refund.send"
	// VoucherExpire ends a voucher whose time is over. Subject: order id.
	VoucherExpire Kind = "voucher.expire"
	// StockExpire ends a voucher that no order stands behind. Subject: voucher
	// id.
	StockExpire Kind = "stock.expire"
	// VoucherSwitch has a voucher's router let it in or keep it out, as its state
	// says. Subject: voucher id.
	VoucherSwitch Kind = "voucher.switch"
	// VoucherLeave has a router let a user go that another one serves. Subject: former
	// router id.
	VoucherLeave Kind = "voucher.leave"
	// BansHold has a router block the devices that its site bans. Subject: router id.
	BansHold Kind = "bans.hold"
	// Compensate adds time to the vouchers of a compensation. Subject: compensation id.
	Compensate Kind = "vouchers.compensate"
	// UsersRestore has a router hold the users of all its vouchers as our books want them.
	// Subject: router id.
	UsersRestore Kind = "users.restore"
	// TrialRemove takes the user of a trial sale away that may still be on its router.
	// Subject: trial id.
	TrialRemove Kind = "trial.remove"
	// BatchMake draws a batch's vouchers and makes them on the router, a part at
	// a time. Subject: batch id.
	BatchMake Kind = "batch.make"
	// BatchDisable ends a batch's disabled vouchers on the router, a part at a time.
	// Subject: batch id.
	BatchDisable Kind = "batch.off"
	// ReconciliationDay compares one day of the gateway with the books. Subject: the
	// day.
	ReconciliationDay Kind = "reconciliation.day"
	// BackupRun makes a backup, BackupDrill makes one and restores it. Subject: who
	// asked, as the audit trail names them; the server for the daily one.
	BackupRun   Kind = "backup.run"
	BackupDrill Kind = "backup.drill"
	// RecoveryRun finds out what happened after the backup that the shop was restored
	// from, a part at a time. Subject: "recovery".
	RecoveryRun Kind = "recovery.run"
)

// Queues. Work on one router waits only behind work on the same router.
const (
	QueueGateway = "gateway"
	// Charges are made apart from what the gateway tells us, and later tries
	// apart from fresh orders.
	QueueCharge      = "charge"
	QueueChargeRetry = "charge.retry"
	QueueDefault     = "default"
	QueueBackup      = "backup"
	routerPrefix     = "router:"
	bulkPrefix       = "bulk:"
	// QueueStatement is where the gateway's list is read: mass work, one at a time.
	QueueStatement = bulkPrefix + "gateway"
)

// RouterQueue is the queue of one router.
func RouterQueue(routerID string) string { return routerPrefix + routerID }

// BulkQueue is where a router's mass work waits, apart from its sales.
func BulkQueue(routerID string) string { return bulkPrefix + routerID }

// IsBulkQueue reports whether the queue is for mass work on a router.
func IsBulkQueue(q string) bool { return len(q) > len(bulkPrefix) && q[:len(bulkPrefix)] == bulkPrefix }

// IsRouterQueue reports whether the queue belongs to a router.
func IsRouterQueue(q string) bool {
	return len(q) > len(routerPrefix) && q[:len(routerPrefix)] == routerPrefix
}

// Priority is how urgent the work of a queue is: what the gateway tells us and what routers
// have to do for one customer goes first, the charges of new orders with the orders. It
// holds for whole queues, because work that waits keeps a place from what is behind it.
func Priority(queue string) priority.Level {
	if queue == QueueGateway || queue == QueueDefault || IsRouterQueue(queue) {
		return priority.Urgent
	}
	return priority.Ordinary
}

// New is a job to be queued. A waiting job with the same Kind and Subject
// absorbs it, keeping the earlier DueAt; a running one does not.
type New struct {
	Kind    Kind
	Queue   string
	Subject string
	DueAt   time.Time
}

// Job is one claimed piece of work. Fence grows with every claim: a worker
// that stalled past its lease can no longer finish the job.
type Job struct {
	ID       string
	Kind     Kind
	Queue    string
	Subject  string
	Attempts int // failed tries so far; snoozes do not count
	Snoozes  int
	Fence    int64
	Created  time.Time
	Lease    *Lease // of the try under way, nil where no worker does the job
}

// Lease is what the worker of a try holds of its job, for a use case that ends the job in
// the transaction that ends its work.
type Lease struct {
	fence    func() int64
	finished atomic.Bool
}

// NewLease returns a lease; fence is asked each time, because a clock that was set may have
// had the same worker lease its job again.
func NewLease(fence func() int64) *Lease { return &Lease{fence: fence} }

// Fence is the fence of the latest lease.
func (l *Lease) Fence() int64 { return l.fence() }

// Finish notes that the job ended in a transaction that is durable.
func (l *Lease) Finish() { l.finished.Store(true) }

// Finished reports whether it did.
func (l *Lease) Finished() bool { return l.finished.Load() }

// Place is a free place of this process's workers at a queue, held for a job that a
// transaction is about to queue. Exactly one of Start and Release is called.
type Place struct {
	Lease   time.Duration // how long a worker may have the job
	Start   func(Job)
	Release func()
}

// Snooze asks to look again later without counting a failed attempt. With
// BlockQueue the whole queue waits, because the fault lies with the other side
// and not with this job.
type Snooze struct {
	After      time.Duration
	BlockQueue bool
	Queue      string // where it goes on, "" for the same queue
	Err        error
}

// Error says why the job sleeps.
func (s *Snooze) Error() string { return fmt.Sprintf("snooze %s: %v", s.After, s.Err) }

// Unwrap returns the cause.
func (s *Snooze) Unwrap() error { return s.Err }

// Give marks an error as final: no retry, the work itself has already told a
// person.
type Give struct{ Err error }

// Error prints the cause.
func (g *Give) Error() string { return "gave up: " + g.Err.Error() }

// Unwrap returns the cause.
func (g *Give) Unwrap() error { return g.Err }

// AsSnooze returns the snooze in the chain, if any.
func AsSnooze(err error) (*Snooze, bool) {
	var s *Snooze
	ok := errors.As(err, &s)
	return s, ok
}

// IsFinal reports whether the error ends the job.
func IsFinal(err error) bool {
	var g *Give
	return errors.As(err, &g)
}
