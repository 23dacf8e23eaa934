package app

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/clock"
)

// healthz says that the process answers, whatever its dependencies do.
func (a *App) healthz(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) }

// Bounds of one look at the dependencies: how long it may take, and how long its
// result holds. A look writes, so questions from outside must not each cost one.
const (
	readinessTimeout = 2 * time.Second
	readinessLife    = time.Second
)

// readyz says whether customers can be served now: database reachable and
// writable, schema right, not draining. A router or Redis that is away is no
// reason not to be.
func (a *App) readyz(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readinessTimeout+time.Second)
	defer cancel()
	parts, ready := a.readiness.result(ctx)
	status := fiber.StatusOK
	if a.draining.Load() {
		ready, parts["draining"] = false, true
	}
	if !ready {
		status = fiber.StatusServiceUnavailable
	}
	return c.Status(status).JSON(parts)
}

// readiness asks the dependencies, at most once at a time and once a second.
type readiness struct {
	ask   func(ctx context.Context) (parts fiber.Map, ready bool)
	clock clock.Clock

	mu      sync.Mutex
	at      time.Time
	parts   fiber.Map
	ready   bool
	running chan struct{} // closed when the look under way has ended, nil without one
}

// result is the last look's if it is fresh, else that of one made now. Where
// that does not end in time the database is stuck.
func (l *readiness) result(ctx context.Context) (parts fiber.Map, ready bool) {
	l.mu.Lock()
	if age := l.clock.Now().Sub(l.at); l.running == nil && (l.parts == nil || age < 0 || age >= readinessLife) {
		l.running = make(chan struct{})
		go l.run(l.running)
	}
	running := l.running
	l.mu.Unlock()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
			return fiber.Map{"database": "does not answer"}, false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.parts), l.ready
}

func (l *readiness) run(done chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), readinessTimeout)
	defer cancel()
	parts, ready := l.ask(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.parts, l.ready, l.running = l.clock.Now(), parts, ready, nil
	close(done)
}

// dependencies is one look. The write is real: a file system that is full or
// read-only, a server in recovery and a writer that hangs all still read.
func (a *App) dependencies(ctx context.Context) (parts fiber.Map, ready bool) {
	parts, ready = fiber.Map{"database": "ok", "schema": "ok", "cache": "ok"}, true
	fail := func(part, state string, err error) {
		ready, parts[part] = false, state
		a.log.Warn("not ready", "part", part, "state", state, "error", err)
	}
	if err := a.Store.Ping(ctx); err != nil {
		fail("database", "unreachable", err)
	} else if current, err := a.Store.Current(ctx); err != nil || !current {
		fail("schema", "not migrated", err)
	} else if err := a.Store.ProbeWrite(ctx); err != nil {
		fail("database", "cannot write", fmt.Errorf("probe: %w", err))
	}
	if err := a.Cache.Healthy(ctx); err != nil {
		parts["cache"] = "on its own"
	}
	return parts, ready
}
