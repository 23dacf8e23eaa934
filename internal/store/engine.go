package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gerai/internal/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the SQLite driver
)

const (
	readers     = 4
	connections = 24
)

func openEngine(ctx context.Context, database string, readOnly bool) (*db, error) {
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		if readOnly {
			return readSQLite(path)
		}
		return openSQLite(ctx, path)
	}
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(steady))
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	watch := stdlib.OpenDB(*config)
	watch.SetMaxOpenConns(1)
	return &db{postgres: true, write: pool, read: pool, watch: watch}, nil
}

// steady keeps PostgreSQL from compiling a statement, or from starting workers
// for it, because it looks expensive: ours read a few thousand rows by index, and
// getting ready took longer than reading them.
func steady(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SET jit = off; SET max_parallel_workers_per_gather = 0`)
	return err
}

func sqliteDSN(path, more string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)" + more
}

// readSQLite opens a file that another process may be writing: WAL shows
// readers the last commit.
func readSQLite(path string) (*db, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	read, err := sql.Open("sqlite", sqliteDSN(path, "&_pragma=query_only(1)"))
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	return &db{write: read, read: read, one: make(chan struct{}, 1)}, nil
}

// openSQLite opens one writer and a few readers. WAL lets them work side by
// side; synchronous=FULL keeps the last commit through a power cut.
func openSQLite(ctx context.Context, path string) (*db, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"))
	if err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), unlock())
	}
	write.SetMaxOpenConns(1)
	// The first writer creates the file and its WAL before readers open it.
	if err := write.PingContext(ctx); err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), write.Close(), unlock())
	}
	read, err := sql.Open("sqlite", sqliteDSN(path, "&_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), write.Close(), unlock())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &db{write: write, read: read, one: make(chan struct{}, 1), unlock: unlock}, nil
}

// lockFile keeps a second process off the same SQLite file: two writers with
// separate mutexes would bring back long waits and hide crashes from RescueAll.
func lockFile(path string) (func() error, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fault.Wrap(fault.Config, "store.in_use", fmt.Errorf("%s: another gerai uses this database: %w", path, err))
	}
	return f.Close, nil
}
