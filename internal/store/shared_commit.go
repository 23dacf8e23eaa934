package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/priority"
)

// A commit on SQLite is a flush of the disk, which takes longer than what most transactions
// do. Where some wait, they run one after the other in one transaction of the database
// and share its commit.
const (
	// sharers is how many share a commit at most.
	sharers = 8
	// sharingTime is how old a shared transaction may be when one more joins it: the first
	// waits for all of them.
	sharingTime = 10 * time.Millisecond
)

// shared is one transaction of the database for several callers. Who has the turn works on
// it.
type shared struct {
	tx     *sql.Tx
	ctx    context.Context // until commitTimeout
	cancel context.CancelFunc
	old    atomic.Bool    // it takes no more callers
	aging  *time.Timer    // makes it old
	level  priority.Level // the highest of those whose work is in it
	work   int            // callers whose work is in it

	mu    sync.Mutex
	ended bool
	err   error         // of the commit, once done is closed
	done  chan struct{} // closed when it is known whether the work is durable
}

// end ends it once: commit says what is to be told of it, and what it has not committed is rolled back.
func (x *shared) end(commit func() error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return
	}
	x.ended, x.err = true, errNotCommitted
	defer close(x.done)
	defer x.cancel()
	defer x.aging.Stop()
	defer func() { _ = x.tx.Rollback() }() // after a commit it does nothing
	x.err = commit()
}

func (x *shared) over() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ended
}

var (
	// errNotCommitted: a panic came before the commit.
	errNotCommitted = errors.New("commit: not reached")
	// errTooLong: one caller took longer than any transaction may, and what others had written in it is lost.
	errTooLong = errors.New("commit: the shared transaction took too long")
)

// inShared runs fn in a transaction that others may share. It returns when what fn saw is
// durable or known not to be, also where fn fails: its error may tell of what another
// caller has written. An error of fn undoes the work of fn alone.
func (s *Store) inShared(ctx context.Context, by actor.Actor, fn func(*Tx) error) (*Tx, error) {
	if err := s.db.turns.takeShared(ctx); err != nil {
		return nil, noTurn(err)
	}
	x := s.db.open
	s.db.open = nil
	if x == nil || x.over() {
		var err error
		if x, err = s.beginShared(ctx); err != nil {
			s.db.turns.release(ctx)
			return nil, err
		}
	}
	t, err := s.part(ctx, x, by, fn)
	x.wait()
	if x.err != nil {
		err = x.err
	}
	if err != nil {
		if t != nil {
			t.undo()
		}
		return nil, err
	}
	t.undone = nil
	return t, nil
}

// wait waits for the end. A caller behind that waits for something which this one holds
// would keep both for ever: no transaction takes longer than commitTimeout.
func (x *shared) wait() {
	select {
	case <-x.done:
	case <-x.ctx.Done(): // also where it was ended: then this waits until that is done
		x.end(func() error { return errTooLong })
	}
}

func noTurn(err error) error {
	return fault.Wrap(fault.Internal, "internal", fmt.Errorf("wait for a turn to write: %w", err))
}

// beginShared waits for the database's lock no longer than the caller lives; afterwards the
// transaction is not the caller's alone.
func (s *Store) beginShared(ctx context.Context) (*shared, error) {
	if _, err := s.sealer(ctx); err != nil { // a database without a key in force gets one, in a transaction of its own
		return nil, err
	}
	x := &shared{done: make(chan struct{})}
	x.ctx, x.cancel = context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	stop := context.AfterFunc(ctx, x.cancel)
	var err error
	x.tx, err = s.db.write.BeginTx(x.ctx, nil)
	if err == nil && !stop() {
		_ = x.tx.Rollback() // nothing is in it
		err = ctx.Err()
	}
	if err != nil {
		x.cancel()
		return nil, fault.Wrap(fault.Internal, "internal", fmt.Errorf("begin: %w", err))
	}
	x.aging = time.AfterFunc(s.db.sharing, func() { x.old.Store(true) })
	return x, nil
}

// part runs fn as one part of a shared transaction, and hands that on or ends it, also
// after a panic: the server goes on after one in a handler. The caller has the turn, and
// has it no more afterwards.
func (s *Store) part(ctx context.Context, x *shared, by actor.Actor, fn func(*Tx) error) (*Tx, error) {
	alone, whole := x.work == 0, false
	var t *Tx
	defer func() {
		if !whole && t != nil {
			t.undo()
		}
		s.passOn(ctx, x, alone, whole)
	}()
	if _, err := x.tx.ExecContext(x.ctx, `SAVEPOINT part`); err != nil { // also for the first: its release tells whether the transaction is still there
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	keys, err := s.sealer(ctx)
	if err != nil {
		return nil, err
	}
	var tx statements = x.tx
	if !alone {
		tx = uninterrupted{x.tx, x.ctx}
	}
	t = s.newTx(ctx, tx, keys, by)
	if err := t.run(ctx, fn); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	whole = true
	return t, nil
}

// passOn ends a part and gives the transaction to the next caller, or ends that too.
func (s *Store) passOn(ctx context.Context, x *shared, alone, whole bool) {
	passed := false
	defer func() {
		if !passed {
			s.db.turns.release(ctx)
		}
	}()
	if err := x.endPart(alone, whole); err != nil {
		x.end(func() error { return fmt.Errorf("commit: %w", err) })
		return
	}
	if whole {
		x.work++
		x.level = max(x.level, priority.Of(ctx))
	}
	if x.work == 0 {
		x.end(func() error { return nil })
		return
	}
	if x.work < sharers && !x.old.Load() && s.ring.known.Load() != nil { // keys are in force
		s.db.open = x
		if passed = s.db.turns.pass(ctx, x.level); passed {
			return
		}
		s.db.open = nil
	}
	x.end(func() error {
		s.trace(Commit) // before anything can see what it wrote
		if err := x.tx.Commit(); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	})
}

// endPart keeps or undoes a part beside the work of others. An error says that the whole
// transaction is gone: SQLite ends one after some errors, such as that of a full disk.
func (x *shared) endPart(alone, whole bool) error {
	if alone && !whole {
		return nil // all of it is undone
	}
	statement := `RELEASE part`
	if !whole {
		statement = `ROLLBACK TO part; RELEASE part`
	}
	_, err := x.tx.ExecContext(x.ctx, statement)
	return err
}

// uninterrupted has statements of a part run although its caller has gone, until the time
// of all is over: SQLite undoes the whole transaction where one that writes is interrupted.
// Between two statements a part ends with its context.
type uninterrupted struct {
	*sql.Tx
	until context.Context
}

func (u uninterrupted) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return u.Tx.QueryContext(u.of(ctx), query, args...)
}

func (u uninterrupted) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return u.Tx.QueryRowContext(u.of(ctx), query, args...)
}

func (u uninterrupted) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return u.Tx.ExecContext(u.of(ctx), query, args...)
}

// of is the context of a statement, which is not begun where the caller has gone.
func (u uninterrupted) of(ctx context.Context) context.Context {
	if ctx.Err() != nil {
		return ctx
	}
	return u.until
}
