package routeros

import (
	"context"
	"slices"
	"sync"
	"time"

	"gerai/internal/hotspot"
)

// pool keeps a few connections to one router and bounds how many there are: the router's
// API service serves twenty sessions in all.
type pool struct {
	places chan struct{}
	most   time.Duration
	mu     sync.Mutex
	rest   []*conn
	closed bool
}

func newPool(size int, idle time.Duration) *pool {
	return &pool{places: make(chan struct{}, size), most: idle}
}

// enter waits for a place; leave gives it back.
func (p *pool) enter(ctx context.Context) error {
	select {
	case p.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return hotspot.ErrBusy.With(ctx.Err())
	}
}

func (p *pool) leave() { <-p.places }

// busy reports whether a connection is in use now.
func (p *pool) busy() bool { return len(p.places) > 0 }

// take returns a resting connection that is fresh enough, or nil.
func (p *pool) take() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.rest) > 0 {
		c := p.rest[len(p.rest)-1]
		p.rest = p.rest[:len(p.rest)-1]
		if time.Since(c.idle) < p.most {
			return c
		}
		c.close()
	}
	return nil
}

// put lets a connection rest.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.close()
		return
	}
	c.idle = time.Now()
	p.rest = append(p.rest, c)
}

// prune ends connections that have rested too long.
func (p *pool) prune() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = slices.DeleteFunc(p.rest, func(c *conn) bool {
		old := time.Since(c.idle) >= p.most
		if old {
			c.close()
		}
		return old
	})
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.rest {
		c.close()
	}
	p.rest = nil
}
