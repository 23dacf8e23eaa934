package app

import (
	"context"
	"errors"
	"log/slog"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/shop"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// Tool is the part of the program that commands need beside a running shop:
// the database and the routers, no gateway and no port.
type Tool struct {
	Config   config.Config
	Store    *store.Store
	Shop     *shop.Shop
	Accounts *staff.Accounts
	Hotspot  *routeros.Driver
	Cache    cache.Cache
}

// OpenTool connects, also beside a running shop.
func OpenTool(ctx context.Context, c config.Config, log *slog.Logger) (*Tool, error) {
	return openTool(ctx, c, log, false, false)
}

// OpenReader is OpenTool for commands that change nothing in the database;
// they work beside a running shop.
func OpenReader(ctx context.Context, c config.Config, log *slog.Logger) (*Tool, error) {
	return openTool(ctx, c, log, true, false)
}

func openTool(ctx context.Context, c config.Config, log *slog.Logger, readOnly, restoring bool) (*Tool, error) {
	k := clock.System{}
	s, err := store.Open(ctx, store.Options{Database: c.Database, Keys: c.Keys, Clock: k, Log: log, ReadOnly: readOnly, Beside: !readOnly, Restoring: restoring})
	if err != nil {
		return nil, err
	}
	shared, err := openCache(c, k, log)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	saved, err := backupSettings(c, log)
	if err != nil {
		return nil, errors.Join(err, shared.Close(), s.Close())
	}
	driver := routeros.New(routeros.Options{Clock: k, Log: log})
	return &Tool{Config: c, Store: s, Cache: shared, Hotspot: driver, Accounts: staff.New(s, shared, k),
		Shop: shop.New(shop.Options{Store: s, Hotspot: driver, Cache: shared, Clock: k, Keys: c.Keys, Log: log, BaseURL: c.BaseURL, Zone: c.Zone, Backup: saved})}, nil
}

// Migrate brings the schema up to date, seals what older programs left readable and
// numbers the receipts of orders older than receipts. A shop that runs on the
// SQLite file has done all of it at its start; one that does not fit has to stop first. Errors:
// Config "store.in_use".
func (t *Tool) Migrate(ctx context.Context) (steps int, err error) {
	release, err := t.Store.Own(ctx) // or a shop that starts now would migrate beside
	if err != nil {
		if !errors.Is(err, store.ErrInUse) {
			return 0, err
		}
		if current, readErr := t.Store.Current(ctx); readErr != nil || current {
			return 0, readErr
		}
		return 0, store.ErrInUse.With(errors.New("a shop of another version, or another migration, runs on this database: stop it, then migrate"))
	}
	defer func() { err = errors.Join(err, release()) }()
	return migrate(ctx, t.Store, t.Shop)
}

// Close ends connections.
func (t *Tool) Close() error {
	return errors.Join(t.Hotspot.Close(), t.Cache.Close(), t.Store.Close())
}
