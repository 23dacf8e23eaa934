package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/priority"
	"gerai/internal/secret"
)

// Options open a store.
type Options struct {
	Database string // "sqlite:path" or "postgres://…"
	Keys     secret.Keys
	Clock    clock.Clock
	Log      *slog.Logger
	Random   io.Reader // ids; nil is crypto/rand
	// Trace, where set, is told of each statement, by its text, and of each Commit. It is
	// called by the goroutine that asked for it.
	Trace func(what string)
	// ReadOnly opens a SQLite file beside the process that owns it; writes
	// fail.
	ReadOnly bool
	// Beside opens a SQLite file that a running shop may own: reads see its last
	// commit, transactions wait for their turn. It takes no lock, so that a shop can
	// start at any time.
	Beside bool
	// Restoring opens a PostgreSQL database whose restore has not ended.
	Restoring bool
}

// db is one engine: a pool that writes and pools that read.
type db struct {
	postgres bool
	prepares bool // keeps prepared statements on its connections
	write    *sql.DB
	readers
	watch *sql.DB // one connection of a server for signs of life, nil for a file
	// aside opens connections for who holds one of the others and must not wait for another.
	aside func() (*sql.DB, error)
	// turns are what a transaction needs to begin: SQLite has one writer. database/sql
	// would hand a connection to a random waiter, and the tail of the wait grows tenfold.
	turns *turns
	// sharing is how old a transaction may be that one more caller joins, 0 where each
	// has its own; open is one between two callers, and belongs to who has the turn.
	sharing time.Duration
	open    *shared
	unlock  func() error
	owned   func() bool // of a file opened beside: does another process own it?
	own     func(context.Context) (release func() error, err error)
	mine    atomic.Bool // a file opened beside is owned by this store, see Own
	// turn and watched belong to a file opened beside, see giveWay.
	turn    *time.Timer
	watched bool
	seen    int64 // PRAGMA data_version of the last look
}

// Store reads. Writes are on Tx.
type Store struct {
	reads
	db   *db
	o    Options
	ids  sync.Mutex
	mono io.Reader
	ring ring
}

// querier runs read statements on a pool or inside a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reads is every read, usable on a Store and on a Tx alike.
type reads struct {
	q      querier
	keys   secret.Keys               // in a transaction the one in force first
	rebind func(query string) string // in the words of the engine
	link   func() (secret.Link, error)
}

// Open connects and pings; it does not migrate. Errors: Config
// "store.in_use" when another process holds the SQLite file, Config "store.pooler" behind a
// transaction pooler that loses prepared statements, Config "store.restoring" when a
// restore into it has not ended, Config "store.unreachable" otherwise.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d, err := openEngine(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &Store{db: d, o: o, mono: ulid.Monotonic(o.Random, 0), ring: ring{turn: make(chan struct{}, 1)}}
	s.reads = s.readsUnder(d.readers, o.Keys)
	if err := s.Ping(ctx); err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", errors.Join(err, s.Close()))
	}
	pooling, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.fitsPooler(pooling); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if half, err := s.Restoring(pooling); err != nil || half && !o.Restoring {
		if err == nil {
			err = errRestoring
		}
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// readsUnder is every read on a pool or in a transaction.
func (s *Store) readsUnder(q querier, keys secret.Keys) reads {
	return reads{q: s.traced(q), keys: keys, rebind: s.db.rebind, link: s.orderLink}
}

// Engine names the database: "sqlite" or "postgres".
func (s *Store) Engine() string {
	if s.db.postgres {
		return "postgres"
	}
	return "sqlite"
}

// Address is what the store was opened with. It may hold a password: it is for programs
// that work on the same database, and for no log.
func (s *Store) Address() string { return s.o.Database }

// Owned reports whether a running shop owns the SQLite file that this store was
// opened beside of.
func (s *Store) Owned() bool { return s.db.owned != nil && !s.db.mine.Load() && s.db.owned() }

// Own keeps every shop and every other owner off the SQLite file that this store
// was opened beside of, until release. A database of another kind guards itself.
// Errors: Config "store.in_use".
func (s *Store) Own(ctx context.Context) (release func() error, err error) {
	if s.db.own == nil {
		return func() error { return nil }, nil
	}
	unlock, err := s.db.own(ctx)
	if err != nil {
		return nil, err
	}
	s.db.mine.Store(true)
	return func() error {
		s.db.mine.Store(false)
		return unlock()
	}, nil
}

// ChangedOutside reports whether another process committed anything to the
// SQLite file since the last call. Always false for PostgreSQL, where replicas announce
// their changes.
func (s *Store) ChangedOutside(ctx context.Context) (bool, error) {
	if s.db.postgres {
		return false, nil
	}
	if err := s.db.turns.take(ctx); err != nil {
		return false, fmt.Errorf("wait for the writer: %w", err)
	}
	defer s.db.turns.release(ctx)
	// Only the one connection that writes can tell: commits of its own do not count.
	var now int64
	if err := s.db.write.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&now); err != nil {
		return false, fmt.Errorf("read data version: %w", err)
	}
	changed := s.db.seen != 0 && s.db.seen != now
	s.db.seen = now
	return changed, nil
}

// Waiting is how many transactions of a level wait for their turn to begin.
func (s *Store) Waiting(level priority.Level) int { return s.db.turns.waits(level) }

// Ping proves that the database answers.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.db.write.PingContext(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Answers asks a database server for a sign of life, on a connection of its own
// that no work can occupy. A file needs none.
func (s *Store) Answers(ctx context.Context) error {
	if s.db.watch == nil {
		return nil
	}
	if err := s.db.watch.PingContext(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// ProbeWrite writes and commits one row, which is of no other use.
func (s *Store) ProbeWrite(ctx context.Context) error {
	return s.InTx(ctx, actor.Named(""), func(t *Tx) error { return t.PutSetting(ctx, "write_probe", `"ok"`) })
}

// Close ends all connections.
func (s *Store) Close() error {
	var err error
	for _, pool := range []*sql.DB{s.db.write, s.db.watch, s.db.read, s.db.urgent, s.db.reports} {
		if pool != nil {
			err = errors.Join(err, pool.Close()) // a pool may be closed twice
		}
	}
	if s.db.unlock != nil {
		err = errors.Join(err, s.db.unlock())
	}
	return err
}

// newID returns a sortable id.
func (s *Store) newID(t time.Time) string {
	s.ids.Lock()
	defer s.ids.Unlock()
	id, err := ulid.New(uint64(t.UnixMilli()), s.mono)
	if err != nil { // the monotonic part overflowed within one millisecond
		s.mono = ulid.Monotonic(s.o.Random, 0)
		id = ulid.MustNew(uint64(t.UnixMilli()), s.mono)
	}
	return id.String()
}
