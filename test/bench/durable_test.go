package bench

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the engine that the shop embeds
)

// durableLimit is what the machine's disk allows: transactions of one small row per second that are on the disk when they
// return, without anything of the shop.
type durableLimit struct {
	one     float64 // one after the other
	sixteen float64 // on sixteen connections, which share flushes where the engine lets them
}

const durableRow = `INSERT INTO bench_durable (at) VALUES (1)`

// durableSQLite measures with the shop's settings: WAL and synchronous=FULL, one writer.
func durableSQLite(t testing.TB, span time.Duration) durableLimit {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "durable.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE bench_durable (at INTEGER NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	rate := commits(t, 1, span, func() (func() error, func()) {
		return func() error { _, err := db.Exec(durableRow); return err }, func() {}
	})
	return durableLimit{rate, rate}
}

// durablePostgres measures with the server's settings.
func durablePostgres(t testing.TB, database string, span time.Duration) durableLimit {
	t.Helper()
	ctx := context.Background()
	connect := func() *pgx.Conn {
		conn, err := pgx.Connect(ctx, database)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	setUp := connect()
	defer setUp.Close(ctx)
	if _, err := setUp.Exec(ctx, `CREATE TABLE bench_durable (at BIGINT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	open := func() (func() error, func()) {
		conn := connect()
		return func() error { _, err := conn.Exec(ctx, durableRow); return err }, func() { _ = conn.Close(ctx) }
	}
	return durableLimit{commits(t, 1, span, open), commits(t, 16, span, open)}
}

// commits counts what a number of connections commit per second.
func commits(t testing.TB, connections int, span time.Duration, open func() (commit func() error, end func())) float64 {
	t.Helper()
	var all sync.WaitGroup
	var n atomic.Int64
	var failed atomic.Pointer[error]
	calls, ends := make([]func() error, connections), make([]func(), connections)
	for i := range connections {
		calls[i], ends[i] = open()
	}
	began := time.Now()
	for _, commit := range calls {
		all.Go(func() {
			for time.Since(began) < span {
				if err := commit(); err != nil {
					failed.Store(&err)
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	rate := float64(n.Load()) / time.Since(began).Seconds()
	for _, end := range ends {
		end()
	}
	if err := failed.Load(); err != nil {
		t.Fatal(*err)
	}
	return rate
}
