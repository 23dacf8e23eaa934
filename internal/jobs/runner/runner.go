package runner

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/priority"
	"gerai/internal/store"
)

// Handler does one job. Its error steers: nil finishes, *jobs.Snooze waits
// without counting, *jobs.Give ends, anything else is tried again with backoff
// until MaxAttempts.
type Handler func(ctx context.Context, j jobs.Job) error

// Options configure a runner; zero durations and counts take the defaults.
type Options struct {
	Store    *store.Store
	Bus      cache.Bus
	Topic    string // bus topic that names a queue with new work
	Clock    clock.Clock
	Log      *slog.Logger
	Handlers map[jobs.Kind]Handler
	// OnDead is called for a job that failed for good, so that an alert can open.
	OnDead func(ctx context.Context, j jobs.Job, cause error)
	// Done is told about every finished try, for metrics.
	Done func(j jobs.Job, took time.Duration, err error)

	// Lease must be longer than Work: a dead worker's job is free again after it.
	Lease time.Duration // default 12 s
	Work  time.Duration // default 10 s, longest time one try may take
	// Long are kinds whose tries may take so long instead: their leases are extended
	// while they run, and a stop of the program ends them.
	Long        map[jobs.Kind]time.Duration
	Poll        time.Duration // default 1 s, the net under lost wake-ups
	MaxAttempts int           // default 12
	PerRouter   int           // jobs at once on one router, default 2
	PerQueue    int           // jobs at once on any other queue, default 8
}

// Runner claims and runs jobs.
type Runner struct {
	Options
	mu     sync.Mutex
	queues map[string]*queueState
	active map[string]*running
	stop   context.Context // of Run, nil while it does not run
	looked time.Duration   // when rows ahead of the clock were looked for
	next   time.Time       // when the first job after the last look is due, zero for none
	work   sync.WaitGroup
	bell   chan struct{}
}

// queueState is what this process knows of one queue.
type queueState struct {
	running int
	blocked time.Duration // nothing starts before so much time has passed
	probing bool          // one job at a time until one succeeds
	behind  bool          // jobs may be due that wait for a place
}

// New returns a runner.
func New(o Options) *Runner {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&o.Lease, 12*time.Second)
	def(&o.Work, 10*time.Second)
	def(&o.Poll, time.Second)
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 12
	}
	if o.PerRouter == 0 {
		o.PerRouter = 2
	}
	if o.PerQueue == 0 {
		o.PerQueue = 8
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{Options: o, queues: map[string]*queueState{}, active: map[string]*running{}, looked: -time.Hour, bell: make(chan struct{}, 1)}
}

// Run claims jobs until ctx ends, then lets the running ones finish.
func (r *Runner) Run(ctx context.Context) error {
	ctx = priority.With(ctx, priority.Urgent) // one loop serves every queue; call gives the work its own
	messages, unsubscribe := r.Bus.Subscribe(r.Topic)
	defer unsubscribe()
	r.reserveUntil(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			r.stopReserving()
			r.work.Wait()
			return nil
		case _, open := <-messages:
			if !open {
				messages = nil // the bus is closed: the poll carries on
			}
		case <-r.bell:
		case <-timer.C:
		}
		now := r.Clock.Now()
		if err := r.dispatch(ctx, now); err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "jobs not claimed", "error", err)
		}
		timer.Reset(r.nextLook())
	}
}

// nextLook is the time until something becomes due or a blocked queue goes on, at most
// one poll. What was due at the last look and did not start waits for a place; freeing a
// place wakes the loop.
func (r *Runner) nextLook() time.Duration {
	wait := r.Poll
	if !r.next.IsZero() {
		wait = min(wait, r.next.Sub(r.Clock.Now()))
	}
	if held, any := r.nextFree(); any {
		wait = min(wait, held)
	}
	return max(wait, 20*time.Millisecond)
}

// dispatch starts every job that may start now.
func (r *Runner) dispatch(ctx context.Context, now time.Time) error {
	r.next = time.Time{}
	if passed := clock.Elapsed(r.Clock); passed-r.looked >= lookAhead {
		r.looked = passed
		if err := r.pullForward(ctx); err != nil {
			return err
		}
	}
	queues, err := r.Store.JobQueues(ctx, now)
	if err != nil {
		return err
	}
	for _, q := range queues {
		if !q.After.IsZero() && (r.next.IsZero() || q.After.Before(r.next)) {
			r.next = q.After
		}
	}
	claims := r.places(queues, now)
	if len(claims) == 0 {
		return nil
	}
	leased, err := r.leaseAll(ctx, claims)
	r.giveBack(claims, leased, err != nil)
	if err != nil {
		return err
	}
	for _, j := range leased {
		if r.renews(j) {
			r.leave(j.Queue)
			r.ring() // its place is free for another one
			continue
		}
		r.work.Add(1)
		go r.do(ctx, j)
	}
	return nil
}

// do does a job that has a place.
func (r *Runner) do(stop context.Context, j jobs.Job) {
	defer r.work.Done()
	done := r.run(context.WithoutCancel(stop), stop, j)
	if behind := r.leave(j.Queue); behind || !done {
		r.ring()
	}
}

// leaseAll claims jobs for all places in one transaction.
func (r *Runner) leaseAll(ctx context.Context, claims []claim) (leased []jobs.Job, err error) {
	now := r.Clock.Now()
	err = r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) error {
		leased = nil
		for _, c := range claims {
			some, err := tx.LeaseJobs(ctx, c.queue, now, now.Add(r.Lease), c.places)
			if err != nil {
				return err
			}
			leased = append(leased, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leased, nil
}

// RunDue runs everything that is due at the clock's time, one job after the
// other, until nothing is due any more. It returns how many tries it made.
// Tests and the campaign use it with a clock of their own.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	ctx = priority.With(ctx, priority.Urgent)
	n := 0
	if err := r.pullForward(ctx); err != nil {
		return n, err
	}
	for {
		due, err := r.Store.DueQueues(ctx, r.Clock.Now())
		if err != nil {
			return n, err
		}
		progress := false
		for _, queue := range due {
			if !r.enter(queue) {
				continue
			}
			j, found, err := r.lease(ctx, queue)
			if err == nil && found {
				r.run(ctx, ctx, j)
				n, progress = n+1, true
			}
			r.leave(queue)
			if err != nil {
				return n, err
			}
		}
		if !progress {
			return n, nil
		}
	}
}

func (r *Runner) lease(ctx context.Context, queue string) (j jobs.Job, found bool, err error) {
	now := r.Clock.Now()
	err = r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) error {
		j, found, err = tx.LeaseJob(ctx, queue, now, now.Add(r.Lease))
		return err
	})
	return j, found, err
}
