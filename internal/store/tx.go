package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
)

// Tx is one transaction: every read of Store and all the writes.
type Tx struct {
	reads
	tx           statements
	s            *Store
	now          time.Time
	actor        string
	who          Origin
	sealer       sealer
	beginAudit   bool // the key in force signs the audit trail from here on
	pendingAudit []entry
	// pendingChanges are changes of the catalogue.
	pendingChanges []CatalogueChange
	after          []func()
	undone         []func() // until the commit
	started        []jobs.New
}

// statements are what a transaction runs on.
type statements interface {
	querier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Now is the transaction's time; it stands still.
func (t *Tx) Now() time.Time { return t.now }

// NewID returns a sortable id.
func (t *Tx) NewID() string { return t.s.newID(t.now) }

// AfterCommit has fn called once the transaction is durable.
func (t *Tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

// AfterRollback has fn called if the transaction does not become durable.
func (t *Tx) AfterRollback(fn func()) { t.undone = append(t.undone, fn) }

func (t *Tx) undo() {
	for _, fn := range t.undone {
		fn()
	}
}

// txTries bounds repeats after PostgreSQL asked for one.
const txTries = 5

// InTx runs fn in a transaction and commits when it returns nil. by is who
// the audit trail names. fn may run again when PostgreSQL reports a deadlock or
// a serialization failure, so it must have no effect outside the transaction.
func (s *Store) InTx(ctx context.Context, by actor.Actor, fn func(*Tx) error) error {
	for try := 1; ; try++ {
		t, err := s.inTurn(ctx, by, fn)
		var pg *pgconn.PgError
		if try < txTries && errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") {
			continue
		}
		return finish(t, err)
	}
}

// inTurn runs once when it has a turn. It stops waiting when the context ends. The server
// goes on after a panic in a handler, so the turn is given back then, too.
func (s *Store) inTurn(ctx context.Context, by actor.Actor, fn func(*Tx) error) (*Tx, error) {
	if s.db.sharing > 0 {
		return s.inShared(ctx, by, fn)
	}
	if err := s.db.turns.take(ctx); err != nil {
		return nil, noTurn(err)
	}
	defer s.db.turns.release(ctx)
	if s.db.owned != nil {
		if err := s.db.giveWay(ctx); err != nil {
			return nil, fault.Wrap(fault.Internal, "internal", fmt.Errorf("give way: %w", err))
		}
		if s.db.watched {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, besideTimeout)
			defer cancel()
		}
	}
	return s.once(ctx, by, fn)
}

// A running shop asks for SQLite's write lock again every 100 ms at the latest. A
// command that writes one transaction after the other would take the lock back
// between two of those questions, so it rests as long as it has written. One
// transaction of a command ends well before the shop stops waiting for it.
const (
	turn          = 50 * time.Millisecond
	besideTimeout = busyTimeout / 2
)

// giveWay rests after a turn of writing beside a running shop. The caller holds one.
func (d *db) giveWay(ctx context.Context) error {
	if d.turn != nil {
		select {
		case <-d.turn.C:
		default:
			return nil
		}
	}
	if d.watched = !d.mine.Load() && d.owned(); d.watched && d.turn != nil {
		rest := time.NewTimer(turn)
		defer rest.Stop()
		select {
		case <-rest.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	d.turn = time.NewTimer(turn)
	return nil
}

func finish(t *Tx, err error) error {
	if err != nil {
		return err
	}
	for _, fn := range t.after {
		fn()
	}
	return nil
}

func (s *Store) once(ctx context.Context, by actor.Actor, fn func(*Tx) error) (_ *Tx, err error) {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	keys, err := s.sealer(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := s.db.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "internal", fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing; the first error is the one that matters
	t := s.newTx(ctx, tx, keys, by)
	defer func() { t.undo() }() // also after a panic
	if err := t.run(ctx, fn); err != nil {
		return nil, err
	}
	s.trace(Commit) // before anything can see what it wrote
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	t.undone = nil
	return t, nil
}

func (s *Store) newTx(ctx context.Context, tx statements, keys sealer, by actor.Actor) *Tx {
	t := &Tx{reads: s.readsUnder(tx, keys.keys), tx: tx, s: s, now: s.o.Clock.Now(), actor: by.AuditName, sealer: keys}
	t.who, _ = ctx.Value(originKey{}).(Origin)
	return t
}

// run is all that a transaction does before it is committed.
func (t *Tx) run(ctx context.Context, fn func(*Tx) error) error {
	if err := fn(t); err != nil {
		return err
	}
	if err := t.writeCatalogueChanges(ctx); err != nil {
		return err
	}
	return t.writeAudit(ctx)
}

// exec runs a write and returns how many rows it touched.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.s.trace(query)
	res, err := t.tx.ExecContext(ctx, t.s.db.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// touched is exec for guarded writes: did exactly the expected row change?
func (t *Tx) touched(ctx context.Context, query string, args ...any) (bool, error) {
	n, err := t.exec(ctx, query, args...)
	return n > 0, err
}
