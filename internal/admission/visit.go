package admission

import (
	"context"
	"slices"
	"time"

	"gerai/internal/clock"
)

// visit is one admitted piece of work.
type visit struct {
	c      *Control
	aside  int // calls of Aside under way
	left   bool
	began  time.Duration // of the work since it last went on
	worked time.Duration // before that
}

type visitKey struct{}

func (c *Control) begin(ctx context.Context) (context.Context, func(), error) {
	v := &visit{c: c, began: clock.Elapsed(c.clock)}
	return context.WithValue(ctx, visitKey{}, v), v.leave, nil
}

// leave ends the visit and gives its place to the next.
func (v *visit) leave() {
	now := clock.Elapsed(v.c.clock)
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	if v.left {
		return
	}
	v.left = true
	if v.aside == 0 {
		v.worked += now - v.began
		v.c.next()
	}
	v.c.learn(v.worked)
}

// Aside runs call, which waits for the outside world, without the place that the visit of
// ctx has: others work during it. Afterwards the visit goes on before new ones begin, or
// without a place where ctx ends first. A context without a visit, as of jobs, runs call alone.
func Aside(ctx context.Context, call func()) {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		call()
		return
	}
	v.step()
	defer v.goOn(ctx)
	call()
}

// step gives the place to the next.
func (v *visit) step() {
	now := clock.Elapsed(v.c.clock)
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	if v.aside++; v.aside == 1 && !v.left {
		v.worked += now - v.began
		v.c.next()
	}
}

// goOn waits for a place.
func (v *visit) goOn(ctx context.Context) {
	c := v.c
	c.mu.Lock()
	if v.aside > 1 || v.left {
		v.aside--
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
	case v.left:
		c.next()
	default:
		v.aside--
		v.began = clock.Elapsed(c.clock)
	}
}
