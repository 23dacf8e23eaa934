package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gerai/internal/fault"
)

// spareMark is in the names of databases that drills make beside the shop's.
const spareMark = "_drill_"

// Spare is an empty PostgreSQL database beside the shop's, for as long as a drill lasts.
type Spare struct {
	Database string // its address
	name     string
	server   string
}

// NewSpare makes an empty database on the server of the shop's, after removing those that
// earlier drills of this shop left behind. One drill runs at a time. Errors: Config
// "backup.drill_rights" where the shop's account may not make databases.
func (s *Store) NewSpare(ctx context.Context) (*Spare, error) {
	u, err := url.Parse(s.o.Database)
	if err != nil {
		return nil, errors.New("store: the address of the database is no URL")
	}
	config, err := pgx.ParseConfig(s.o.Database)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "store.unreachable", err)
	}
	own := config.Database
	if own == "" {
		own = config.User
	}
	left, err := queryAll(ctx, s.db.read, scanString, `SELECT CAST(datname AS TEXT) FROM pg_database WHERE starts_with(CAST(datname AS TEXT), $1)`, shortened(own)+spareMark)
	if err != nil {
		return nil, fmt.Errorf("look for old drills: %w", err)
	}
	spare := &Spare{name: shortened(own) + spareMark + strings.ToLower(s.newID(s.o.Clock.Now())), server: s.o.Database}
	for _, name := range left {
		if err := drop(ctx, s.o.Database, name); err != nil {
			return nil, err
		}
	}
	if err := administer(ctx, s.o.Database, `CREATE DATABASE `+pgx.Identifier{spare.name}.Sanitize()+` TEMPLATE template0`); err != nil {
		return nil, err
	}
	if u.Query().Get("dbname") != "" {
		q := u.Query()
		q.Set("dbname", spare.name)
		u.RawQuery = q.Encode()
	}
	u.Path = "/" + spare.name
	spare.Database = u.String()
	return spare, nil
}

// shortened leaves room for the rest of a name, of which PostgreSQL keeps 63 bytes.
func shortened(name string) string { return name[:min(len(name), 63-len(spareMark)-26)] }

// Drop removes it with whatever is still connected to it.
func (d *Spare) Drop(ctx context.Context) error { return drop(ctx, d.server, d.name) }

func drop(ctx context.Context, server, name string) error {
	return administer(ctx, server, `DROP DATABASE IF EXISTS `+pgx.Identifier{name}.Sanitize()+` WITH (FORCE)`)
}

// administer runs one statement on a connection of its own.
func administer(ctx context.Context, server, statement string) (err error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fault.Wrap(fault.Config, "store.unreachable", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	_, err = conn.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol)
	var refused *pgconn.PgError
	const insufficientPrivilege = "42501"
	if errors.As(err, &refused) && refused.Code == insufficientPrivilege {
		return fault.Wrap(fault.Config, "backup.drill_rights", err)
	}
	if err != nil {
		return fmt.Errorf("drill database: %w", err)
	}
	return nil
}

// restoreName is what connections of a restore call themselves, its own and those of pgtool.
const restoreName = "gerai restore"

// Visitors is how many other connections the PostgreSQL database has; a file tells by
// its lock.
func (s *Store) Visitors(ctx context.Context) (int64, error) {
	if !s.db.postgres {
		return 0, nil
	}
	n, err := queryOne(ctx, s.db.read, scanInt, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> $1
		AND backend_type = 'client backend' AND pid <> pg_backend_pid()`, restoreName)
	if err != nil {
		return 0, fmt.Errorf("count connections: %w", err)
	}
	return n, nil
}
