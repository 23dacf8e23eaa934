package admission

import (
	"context"
	"slices"
	"time"

	"gerai/internal/clock"
)

// permit is one admitted request.
type permit struct {
	c      *Control
	aside  int // calls of Aside under way
	left   bool
	began  time.Duration // of the work since it last went on
	worked time.Duration // before that
}

type permitKey struct{}

func (c *Control) begin(ctx context.Context) (context.Context, func(), error) {
	p := &permit{c: c, began: clock.Elapsed(c.clock)}
	return context.WithValue(ctx, permitKey{}, p), p.leave, nil
}

// leave ends the request and gives its place to the next.
func (p *permit) leave() {
	now := clock.Elapsed(p.c.clock)
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	if p.left {
		return
	}
	p.left = true
	if p.aside == 0 {
		p.worked += now - p.began
		p.c.next()
	}
	p.c.learn(p.worked)
}

// Aside runs call, which waits for the outside world, without the place that the request of
// ctx has: others work during it. Afterwards the request goes on before new ones begin, or
// without a place where ctx ends first. A context without a request, as of jobs, runs call alone.
func Aside(ctx context.Context, call func()) {
	p, ok := ctx.Value(permitKey{}).(*permit)
	if !ok {
		call()
		return
	}
	p.step()
	defer p.goOn(ctx)
	call()
}

// step gives the place to the next.
func (p *permit) step() {
	now := clock.Elapsed(p.c.clock)
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	if p.aside++; p.aside == 1 && !p.left {
		p.worked += now - p.began
		p.c.next()
	}
}

// goOn waits for a place.
func (p *permit) goOn(ctx context.Context) {
	c := p.c
	c.mu.Lock()
	if p.aside > 1 || p.left {
		p.aside--
		c.mu.Unlock()
		return
	}
	placed := c.working < c.rule.AtOnce
	if placed {
		c.working++
	} else {
		t := &ticket{served: make(chan bool, 1)}
		c.stepping = append(c.stepping, t)
		c.mu.Unlock()
		select {
		case placed = <-t.served:
		case <-ctx.Done():
		}
		c.mu.Lock()
		if !placed {
			if i := slices.Index(c.stepping, t); i >= 0 {
				c.stepping = slices.Delete(c.stepping, i, i+1)
			} else {
				placed = <-t.served
			}
		}
	}
	defer c.mu.Unlock()
	switch {
	case !placed: // it ends soon and is never seen with a place again
	case p.left:
		c.next()
	default:
		p.aside--
		p.began = clock.Elapsed(c.clock)
	}
}
