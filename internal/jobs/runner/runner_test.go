package runner

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gerai/internal/jobs"
	"gerai/internal/priority"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// A queue that is blocked must not keep the runner polling it.
func TestNextLook(t *testing.T) {
	ctx := context.Background()
	f := storetest.Open(t, "sqlite:"+t.TempDir()+"/x.db")
	r := New(Options{Store: f.Store, Clock: f.Clock, Poll: time.Minute})
	now := f.Clock.Now()
	look := func(name string, want time.Duration) {
		t.Helper()
		if err := r.dispatch(ctx, now); err != nil {
			t.Fatal(err)
		}
		if got := r.nextLook(); got != want {
			t.Errorf("%s: looks again after %s, want %s", name, got, want)
		}
	}
	enqueue := func(queue string, after time.Duration) {
		t.Helper()
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderActivate, Queue: queue, Subject: queue, DueAt: now.Add(after)})
		})
	}
	look("nothing to do", time.Minute)
	queue := jobs.RouterQueue("away")
	r.enter(queue)
	r.leave(queue)
	enqueue(queue, 0)
	r.block(queue, 8*time.Second)
	look("a router is away", 8*time.Second)
	enqueue(jobs.QueueGateway, 5*time.Second)
	look("work comes before it is back", 5*time.Second)
	r.free(queue)
	for r.enter(queue) { // all places taken, each will ring
	}
	look("a queue is full", 5*time.Second)
}

// What a try came to is written down also when the context it ran under has ended.
func TestOutcomeIsKeptAfterTheContextEnded(t *testing.T) {
	broken := errors.New("broken")
	f := storetest.Open(t, "sqlite:"+t.TempDir()+"/x.db")
	for _, c := range []struct {
		name  string
		err   error
		state string
		dead  bool
	}{
		{"done", nil, "done", false},
		{"waits", &jobs.Snooze{After: time.Minute, Err: broken}, "waiting", false},
		{"given up", &jobs.Give{Err: broken}, "dead", false},
		{"failed", broken, "waiting", false},
		{"failed for good", broken, "dead", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			over, cancel := context.WithCancel(context.Background())
			defer cancel()
			told := false
			r := New(Options{Store: f.Store, Clock: f.Clock,
				Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(context.Context, jobs.Job) error {
					cancel()
					return c.err
				}},
				OnDead: func(ctx context.Context, _ jobs.Job, _ error) {
					if told = true; ctx.Err() != nil {
						t.Error("the alert of a dead job cannot be opened:", ctx.Err())
					}
				}})
			if c.dead {
				r.MaxAttempts = 1
			}
			f.Write(func(tx *store.Tx) error {
				return tx.Enqueue(over, jobs.New{Kind: jobs.OrderActivate, Queue: jobs.QueueDefault, Subject: c.name, DueAt: f.Clock.Now()})
			})
			_, _ = r.RunDue(over) // the next look ends with the context
			lines, err := f.JobsOf(context.Background(), c.name)
			if err != nil || len(lines) != 1 || lines[0].State != c.state || (lines[0].Failure != "") != (c.err != nil) {
				t.Errorf("%+v %v, want state %s", lines, err, c.state)
			}
			if told != c.dead {
				t.Error("told of a dead job:", told)
			}
		})
	}
}

// A failure in another code page, or cut off in the middle of a character, is written down
// like any other: the job waits for its next try and not for the end of its lease.
func TestFailuresInAnyCodePage(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		for name, said := range map[string]string{"another code page": "trap: profil Kam\xE9ra\x00", "a long one": strings.Repeat("x", 299) + "é"} {
			r := New(Options{Store: f.Store, Clock: f.Clock, Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(context.Context, jobs.Job) error { return errors.New(said) }}})
			f.Write(func(tx *store.Tx) error {
				return tx.Enqueue(t.Context(), jobs.New{Kind: jobs.OrderActivate, Queue: jobs.QueueDefault, Subject: name, DueAt: f.Clock.Now()})
			})
			if _, err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			lines, err := f.JobsOf(t.Context(), name)
			if err != nil || len(lines) != 1 || lines[0].State != "waiting" || lines[0].Attempts != 1 || !utf8.ValidString(lines[0].Failure) || len(lines[0].Failure) < 10 {
				t.Errorf("%s: %+v %v", name, lines, err)
			}
		}
	})
}

// The claims of every queue are urgent, the work is what its queue is.
func TestWorkHasThePriorityOfItsQueue(t *testing.T) {
	ctx := t.Context()
	f := storetest.Open(t, storetest.SQLite(t))
	got := map[string]priority.Level{}
	note := func(ctx context.Context, j jobs.Job) error { got[j.Queue] = priority.Of(ctx); return nil }
	r := New(Options{Store: f.Store, Clock: f.Clock, Handlers: map[jobs.Kind]Handler{jobs.EventProcess: note}})
	want := map[string]priority.Level{
		jobs.QueueGateway: priority.Urgent, jobs.QueueDefault: priority.Urgent, jobs.RouterQueue("r1"): priority.Urgent,
		jobs.QueueCharge: priority.Ordinary, jobs.QueueChargeRetry: priority.Ordinary, jobs.BulkQueue("r1"): priority.Ordinary,
		jobs.QueueStatement: priority.Ordinary, jobs.QueueBackup: priority.Ordinary,
	}
	for queue := range want {
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, jobs.New{Kind: jobs.EventProcess, Queue: queue, Subject: queue, DueAt: tx.Now()})
		})
	}
	if _, err := r.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("work ran as %v, want %v", got, want)
	}
}
