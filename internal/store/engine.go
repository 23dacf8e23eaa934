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
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"gerai/internal/fault"
)

// Connections by what they are for.
const (
	fileReaders   = 4
	fileUrgent    = 2
	fileReports   = 2
	serverWriters = 12 // urgent reads as well
	serverReaders = 9
	serverReports = 3
	// serverTurns are how many transactions run at once on a server: fewer than
	// connections, so that urgent reads find one. Of them, work below Urgent has at most
	// serverShared.
	serverTurns  = 10
	serverShared = 7

	// busyTimeout is how long a process waits for another's write lock on SQLite:
	// as long as a transaction may take.
	busyTimeout = commitTimeout
)

func openEngine(ctx context.Context, o Options) (*db, error) {
	if path, ok := strings.CutPrefix(o.Database, "sqlite:"); ok {
		if o.ReadOnly {
			return readSQLite(path)
		}
		return openSQLite(ctx, path, o.Beside)
	}
	config, err := pgx.ParseConfig(o.Database)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	if o.Restoring {
		config.RuntimeParams["application_name"] = restoreName
	}
	open := func(most int) *sql.DB {
		return bounded(stdlib.OpenDB(*config, stdlib.OptionAfterConnect(steady)), most)
	}
	write := open(serverWriters)
	return &db{postgres: true, prepares: config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement,
		write: write, readers: readers{urgent: write, read: open(serverReaders), reports: open(serverReports)}, watch: bounded(stdlib.OpenDB(*config), 1),
		turns: newTurns(serverTurns, serverShared), aside: func() (*sql.DB, error) { return stdlib.OpenDB(*config), nil }}, nil
}

// bounded has a pool open so many connections at most, and keep them.
func bounded(pool *sql.DB, most int) *sql.DB {
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	return pool
}

// steady keeps PostgreSQL from compiling a statement, or from starting workers
// for it, because it looks expensive: ours read a few thousand rows by index, and
// getting ready took longer than reading them.
func steady(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SET jit = off; SET max_parallel_workers_per_gather = 0`)
	return err
}

func sqliteDSN(path, more string) string {
	return fmt.Sprintf("file:%s?_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)%s", (&url.URL{Path: path}).EscapedPath(), busyTimeout.Milliseconds(), more)
}

// readSQLite opens a file that another process may be writing: WAL shows
// readers the last commit.
func readSQLite(path string) (*db, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	read, err := readPool(path)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	return &db{write: read, readers: readers{urgent: read, read: read, reports: read}, turns: newTurns(1, 1), aside: func() (*sql.DB, error) { return readPool(path) }}, nil
}

func readPool(path string) (*sql.DB, error) {
	return openPool(sqliteDSN(path, "&_pragma=query_only(1)"))
}

// openSQLite opens one writer and a few readers. WAL lets them work side by
// side; synchronous=FULL keeps the last commit through a power cut; secure_delete
// overwrites what was deleted or replaced.
func openSQLite(ctx context.Context, path string, beside bool) (*db, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	lock := path + ".lock"
	unlock := func() error { return nil }
	var owned func() bool
	var own func(context.Context) (func() error, error)
	if beside {
		owned = func() bool { return locked(lock) }
		own = func(ctx context.Context) (func() error, error) { return lockFile(ctx, lock) }
	} else {
		var err error
		if unlock, err = lockFile(ctx, lock); err != nil {
			return nil, err
		}
	}
	if err := closeToOthers(path); err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), unlock())
	}
	write, err := openPool(sqliteDSN(path, "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)"))
	if err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), unlock())
	}
	bounded(write, 1)
	// The first writer creates the file and its WAL before readers open it.
	if err := write.PingContext(ctx); err != nil {
		return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), write.Close(), unlock())
	}
	var pools [3]*sql.DB
	for i, most := range []int{fileUrgent, fileReaders, fileReports} {
		if pools[i], err = readPool(path); err != nil {
			return nil, errors.Join(fault.Wrap(fault.Config, "store.unreachable", err), write.Close(), unlock()) // no pool has a connection yet
		}
		bounded(pools[i], most)
	}
	sharing := sharingTime
	if beside {
		sharing = 0 // what a command writes gives way to the shop after each transaction
	}
	return &db{write: write, readers: readers{urgent: pools[0], read: pools[1], reports: pools[2]}, turns: newTurns(1, 1), sharing: sharing, unlock: unlock, owned: owned, own: own,
		aside: func() (*sql.DB, error) { return readPool(path) }}, nil
}

// closeToOthers creates the database where there is none, and takes from other
// users of the machine what they may do with one that is there: its folder may be
// open to them. SQLite gives the files beside it the mode of the database. What
// belongs to another user is left to them.
func closeToOthers(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil // SQLite tells what is wrong, or reads it
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		const others = 0o007
		if mode := info.Mode().Perm(); mode&others != 0 {
			if err := os.Chmod(name, mode&^others); err != nil && !errors.Is(err, os.ErrPermission) {
				return err
			}
		}
	}
	return nil
}

// lockFile keeps a second shop off the same SQLite file: each would take the
// other's running jobs for those of a crash. Commands open the file beside a shop
// without this lock: their few short transactions queue behind SQLite's own.
func lockFile(ctx context.Context, path string) (func() error, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	for range 10 { // a command that asks whether a shop runs holds it for an instant
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			break
		}
		again := time.NewTimer(20 * time.Millisecond)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
		}
	}
	if err != nil {
		f.Close()
		return nil, ErrInUse.With(fmt.Errorf("%s: another gerai uses this database: %w", path, err))
	}
	return f.Close, nil
}

// locked reports whether a process holds a lock file.
func locked(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close() // gives the lock back
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// Time is the database server's clock. remote is false where the server runs on
// this machine: then both tell one clock.
func (s *Store) Time(ctx context.Context) (now time.Time, remote bool, err error) {
	if !s.db.postgres {
		return time.Time{}, false, nil
	}
	var ms int64
	err = s.db.read.QueryRowContext(ctx, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), COALESCE(inet_server_addr() <> inet_client_addr(), FALSE)`).Scan(&ms, &remote)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read the database's clock: %w", err)
	}
	return time.UnixMilli(ms).UTC(), remote, nil
}
