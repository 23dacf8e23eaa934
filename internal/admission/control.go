package admission

import (
	"context"
	"sync"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
)

// Rule is how much is admitted.
type Rule struct {
	AtOnce   int           // requests at work at once
	Waiting  int           // requests in the queue, at most
	Patience time.Duration // longest wait in the queue
}

// Control admits requests of one kind in this process. The queue is fair: clients
// take turns, whatever the number of requests that each has in it, and the requests of one
// client keep their order. The queue is also no longer than what can be
// served within the patience, as far as the requests before tell.
type Control struct {
	rule  Rule
	busy  *fault.Error
	clock clock.Clock

	mu       sync.Mutex
	working  int
	stepping []*ticket // requests that were aside and go on before new ones begin
	queue    queue
	mean     time.Duration // work of a request lately, time aside left out
	numbers  Numbers
}

// Numbers are what became of requests so far, and where they are now.
type Numbers struct {
	Admitted, Waited, Refused int // Waited are those of the admitted that were in the queue
	Working, Waiting          int
}

// New returns a Control that refuses with busy, whose kind is Unavailable.
func New(rule Rule, busy *fault.Error, c clock.Clock) *Control {
	return &Control{rule: rule, busy: busy, clock: c, queue: queue{byClient: map[string][]*ticket{}}}
}

// ticket is a place in the queue, or of a request that was aside.
type ticket struct {
	client string
	served chan bool // true: go on, false: dropped; holds one answer
}

// Enter admits a request of a client at once, after a wait, or not at all. The context it
// returns carries the request for Aside; leave ends it and may be called again. Errors: busy,
// of kind Unavailable, also where ctx ends during the wait.
func (c *Control) Enter(ctx context.Context, client string) (_ context.Context, leave func(), err error) {
	c.mu.Lock()
	if c.working < c.rule.AtOnce {
		c.working++
		c.numbers.Admitted++
		c.mu.Unlock()
		return c.begin(ctx)
	}
	if ctx.Err() != nil || !c.room(client) {
		c.numbers.Refused++
		c.mu.Unlock()
		return ctx, nil, c.busy
	}
	t := &ticket{client: client, served: make(chan bool, 1)}
	c.queue.push(t)
	c.mu.Unlock()

	patience := time.NewTimer(c.rule.Patience)
	defer patience.Stop()
	served, decided := false, false
	select {
	case served = <-t.served:
		decided = true
	case <-patience.C:
	case <-ctx.Done():
	}
	c.mu.Lock()
	if !decided && !c.queue.remove(t) {
		served = <-t.served // decided at the same moment
	}
	if served && ctx.Err() != nil {
		served = false
		c.next()
	}
	if !served {
		c.numbers.Refused++
		c.mu.Unlock()
		return ctx, nil, c.busy
	}
	c.numbers.Admitted++
	c.numbers.Waited++
	c.mu.Unlock()
	return c.begin(ctx)
}

// room reports whether one more request of the client may wait. Where the queue is full, the
// last request of the client that has most in it makes room for one that has fewer. The
// caller holds mu.
func (c *Control) room(client string) bool {
	most := c.rule.Waiting
	if c.mean > 0 {
		served := int(c.rule.Patience/c.mean) * c.rule.AtOnce
		most = min(most, max(served, c.rule.AtOnce)) // some may always wait: how long a stall lasted is learned from them
	}
	if c.queue.waiting < most {
		return true
	}
	longest := c.queue.longest()
	if len(c.queue.byClient[longest]) <= len(c.queue.byClient[client])+1 {
		return false
	}
	c.queue.dropLast(longest)
	return true
}

// next gives a place that has become free to who is to have it. The caller holds mu.
func (c *Control) next() {
	if len(c.stepping) > 0 {
		t := c.stepping[0]
		c.stepping = c.stepping[1:]
		t.served <- true
		return
	}
	if t := c.queue.pop(); t != nil {
		t.served <- true
		return
	}
	c.working--
}

// learn takes the work of a request into the mean of about the last eight. The caller holds mu.
func (c *Control) learn(worked time.Duration) {
	if c.mean == 0 {
		c.mean = worked
		return
	}
	c.mean += (worked - c.mean) / 8
}

// Numbers tells what became of requests so far.
func (c *Control) Numbers() Numbers {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.numbers
	n.Working, n.Waiting = c.working, c.queue.waiting
	return n
}
