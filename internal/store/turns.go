package store

import (
	"container/list"
	"context"
	"sync"

	"gerai/internal/priority"
)

// patience is how many turns may go past a waiting lower level before it has one.
const patience = 8

// turns is a semaphore that serves higher levels first, and each level in the order its
// work came. Work below Urgent holds at most so many turns, so that some stay free.
type turns struct {
	mu      sync.Mutex
	free    int
	shared  int // of the free ones, how many are for work below Urgent as well
	waiting [priority.Levels]list.List
	came    uint64 // numbers waiters
	passed  int    // turns in a row that went past a lower level
}

// waiter waits until granted is closed.
type waiter struct {
	level   priority.Level
	came    uint64
	shares  bool // it can go on with what the one before has begun
	granted chan struct{}
}

// newTurns has n turns, of which work below Urgent may hold shared.
func newTurns(n, shared int) *turns { return &turns{free: n, shared: shared} }

// take waits for a turn until the context ends.
func (t *turns) take(ctx context.Context) error { return t.wait(ctx, false) }

// takeShared is take for who can go on with what the one before has begun: see pass.
func (t *turns) takeShared(ctx context.Context) error { return t.wait(ctx, true) }

func (t *turns) wait(ctx context.Context, shares bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	level := priority.Of(ctx)
	t.mu.Lock()
	if t.waiting[level].Len() == 0 && t.has(level) {
		t.hold(level)
		t.mu.Unlock()
		return nil
	}
	t.came++
	w := &waiter{level: level, came: t.came, shares: shares, granted: make(chan struct{})}
	place := t.waiting[level].PushBack(w)
	t.mu.Unlock()
	select {
	case <-w.granted:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-w.granted: // in the same moment: the turn must not get lost
		return nil
	default:
		t.waiting[level].Remove(place)
		return ctx.Err()
	}
}

// release gives back the turn that take took for a context.
func (t *turns) release(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.giveBack(priority.Of(ctx))
	for {
		w, any := t.next()
		if !any {
			return
		}
		t.grant(w)
	}
}

// pass gives the turn that was taken for a context to who is next, if that one came by
// takeShared and is no less urgent than level. Otherwise the turn is kept.
func (t *turns) pass(ctx context.Context, level priority.Level) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := priority.Of(ctx)
	t.giveBack(own)
	w, any := t.next()
	if !any || !w.shares || w.level < level {
		t.hold(own)
		return false
	}
	t.grant(w)
	return true
}

// waits is how many wait for a turn of a level.
func (t *turns) waits(level priority.Level) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting[level].Len()
}

// has reports whether there is a turn for a level.
func (t *turns) has(level priority.Level) bool {
	return t.free > 0 && (level == priority.Urgent || t.shared > 0)
}

func (t *turns) hold(level priority.Level) {
	t.free--
	if level != priority.Urgent {
		t.shared--
	}
}

func (t *turns) giveBack(level priority.Level) {
	t.free++
	if level != priority.Urgent {
		t.shared++
	}
}

// next is who has the next turn: the first of the highest level, or, once patience is
// over, the one that has waited longest in a lower level.
func (t *turns) next() (w *waiter, any bool) {
	var first, late *waiter
	for level := priority.Level(priority.Levels - 1); level >= 0; level-- {
		front := t.waiting[level].Front()
		if front == nil || !t.has(level) {
			continue
		}
		w := front.Value.(*waiter)
		switch {
		case first == nil:
			first = w
		case late == nil || w.came < late.came:
			late = w
		}
	}
	if late != nil && t.passed >= patience {
		return late, true
	}
	return first, first != nil
}

// grant gives a turn to the first of its level.
func (t *turns) grant(w *waiter) {
	t.waiting[w.level].Remove(t.waiting[w.level].Front())
	t.hold(w.level)
	if t.overtakes(w.level) && t.passed < patience {
		t.passed++
	} else {
		t.passed = 0
	}
	close(w.granted)
}

// overtakes reports whether a lower level waits while this one is served.
func (t *turns) overtakes(level priority.Level) bool {
	for lower := range level {
		if t.waiting[lower].Len() > 0 {
			return true
		}
	}
	return false
}
