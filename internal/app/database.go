package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Paces of the watch over a database server.
const (
	askEvery   = time.Second
	answerTime = 2 * time.Second
)

// errSilent is the cause with which pages end that wait for a silent database.
var errSilent = errors.New("the database does not answer")

// database knows whether the database server answers, from asking it every
// second on a connection of its own. While it does not, pages say so at once
// instead of waiting for a query each.
type database struct {
	ping func(context.Context) error
	log  *slog.Logger

	mu    sync.Mutex
	alive context.Context // ends when the server falls silent
	end   context.CancelCauseFunc
}

func newDatabase(ping func(context.Context) error, log *slog.Logger) *database {
	d := &database{ping: ping, log: log}
	d.alive, d.end = context.WithCancelCause(context.Background())
	return d
}

// watch asks until ctx ends.
func (d *database) watch(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asked, cancel := context.WithTimeout(ctx, answerTime)
		err := d.ping(asked)
		cancel()
		if ctx.Err() == nil {
			d.note(err)
		}
	}
}

func (d *database) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	silent := d.alive.Err() != nil
	switch {
	case err != nil && !silent:
		d.log.Error("the database does not answer; pages say so", "error", err)
		d.end(errSilent)
	case err == nil && silent:
		d.log.Info("the database answers again")
		d.alive, d.end = context.WithCancelCause(context.Background())
	}
}

// Alive returns a context that ends when the database falls silent.
func (d *database) Alive() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.alive
}
