package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"modernc.org/sqlite"
)

// keptStatements bounds what one connection to SQLite keeps prepared: more than the texts
// that sales, jobs and the panel's usual pages run.
const keptStatements = 160

// openPool opens a pool of connections to SQLite that keep their statements prepared. To
// prepare a statement takes SQLite longer than to run most of ours, and its driver would do
// it for each call. PostgreSQL's driver keeps statements already, unless its URL says
// otherwise because of a pooler, see poolerCure.
func openPool(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c}), nil
}

type connector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	able, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%T lacks what a connection needs", opened), opened.Close())
	}
	kept, err := simplelru.NewLRU[string, statement](keptStatements, nil)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &conn{sqliteConn: able, kept: kept}, nil
}

// sqliteConn is what database/sql asks of SQLite's driver.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// statement is a prepared one.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection that keeps statements, the most recently used ones. A statement is
// taken out while it runs, so that the same text can run inside of it. database/sql never
// calls a connection from two goroutines at once.
type conn struct {
	sqliteConn
	kept *simplelru.LRU[string, statement]
}

// keeps reports whether a text is worth keeping. SQLite carries out some PRAGMAs while it
// prepares them, and changes of the schema run once.
func keeps(query string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	}
	return false
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !keeps(query) {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := s.ExecContext(ctx, args)
	return res, c.putBack(query, s, err)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !keeps(query) {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, c.putBack(query, s, err)
	}
	return &keptRows{Rows: rows, conn: c, query: query, statement: s}, nil
}

// take returns the prepared statement of a text; it is the caller's until putBack.
func (c *conn) take(ctx context.Context, query string) (statement, error) {
	if s, found := c.kept.Peek(query); found {
		c.kept.Remove(query)
		return s, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%T lacks what a statement needs", prepared), prepared.Close())
	}
	return s, nil
}

// putBack keeps a statement for the next call and returns how this one ended. One that
// failed is closed: nothing of the failure may reach the next call.
func (c *conn) putBack(query string, s statement, err error) error {
	if err != nil {
		_ = s.Close() // tells of the same failure again
		return err
	}
	if c.kept.Contains(query) { // the same text ran inside of it
		return s.Close()
	}
	if c.kept.Len() == keptStatements {
		if _, oldest, found := c.kept.RemoveOldest(); found {
			err = oldest.Close()
		}
	}
	c.kept.Add(query, s)
	return err
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	var err error
	for _, s := range c.kept.Values() {
		err = errors.Join(err, s.Close())
	}
	c.kept.Purge()
	return errors.Join(err, c.sqliteConn.Close())
}

// keptRows are rows of a statement that is kept once they are closed.
type keptRows struct {
	driver.Rows
	conn      *conn
	query     string
	statement statement
	failed    error
}

// Next implements driver.Rows.
func (r *keptRows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil && err != io.EOF { //nolint:errorlint // io.EOF itself is the end
		r.failed = err
	}
	return err
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	if r.statement == nil {
		return nil
	}
	s, err := r.statement, r.Rows.Close()
	r.statement = nil
	if r.failed != nil {
		_ = s.Close() // what failed has been told
		return err
	}
	return r.conn.putBack(r.query, s, err)
}
