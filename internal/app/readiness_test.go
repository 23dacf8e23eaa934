package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/clock"
)

// However often clients ask, the dependencies are asked once a second, and
// never twice at a time.
func TestReadinessIsAskedOnceASecond(t *testing.T) {
	k := clock.NewFixed(time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC))
	var asked atomic.Int32
	hold := make(chan struct{})
	l := &readiness{clock: k, ask: func(context.Context) (fiber.Map, bool) {
		asked.Add(1)
		<-hold
		return fiber.Map{"database": "ok"}, true
	}}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if parts, ready := l.result(t.Context()); !ready || parts["database"] != "ok" {
				t.Errorf("%v %v", parts, ready)
			}
		})
	}
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if parts, ready := l.result(short); ready || parts["database"] != "does not answer" {
		t.Errorf("a look that hangs: %v %v", parts, ready)
	}
	close(hold)
	all.Wait()
	parts, _ := l.result(t.Context())
	parts["draining"] = true // the caller's own copy
	if again, _ := l.result(t.Context()); asked.Load() != 1 || len(again) != 1 {
		t.Errorf("asked %d times, kept %v", asked.Load(), again)
	}
	for i, step := range []time.Duration{readinessLife, -time.Hour} { // also when the clock is set back
		k.Add(step)
		if l.result(t.Context()); asked.Load() != int32(i)+2 {
			t.Errorf("after %s: asked %d times", step, asked.Load())
		}
	}
}

func TestASilentDatabaseEndsWhatWaitsForIt(t *testing.T) {
	d := newDatabase(nil, slog.New(slog.DiscardHandler))
	before := d.Alive()
	d.note(nil)
	if before.Err() != nil || d.Alive() != before {
		t.Error("an answer changes nothing")
	}
	d.note(errors.New("i/o timeout"))
	d.note(errors.New("i/o timeout"))
	if !errors.Is(context.Cause(before), errSilent) || d.Alive().Err() == nil {
		t.Error("pages go on waiting")
	}
	d.note(nil)
	if d.Alive().Err() != nil {
		t.Error("it answers again")
	}
}
