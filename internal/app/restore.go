package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/archive/folder"
	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/shop/backups"
)

// Restore makes a shop of a backup in the empty database that the configuration names. The
// backup is a file, or s3:// with its name at the end. Errors: those of backups.Restore,
// NotFound "backup.gone".
func Restore(ctx context.Context, c config.Config, log *slog.Logger, by actor.Actor, from string, identities []archive.Identity) (r backups.Restored, err error) {
	name, sum, in, err := openBackup(ctx, c, from)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return backups.Restore(ctx, backups.RestoreIn{Archive: in, Name: name, SHA256: sum, Identities: identities, Database: named(c.Database), WorkDir: workDir(c.Database),
		Keys: c.Keys, Clock: clock.System{}, By: by, Zone: c.Zone, Migrate: func(ctx context.Context, database string) (steps int, err error) {
			restored := c
			restored.Database, restored.BackupTo, restored.RedisURL = database, nil, ""
			tool, err := openTool(ctx, restored, log, false, true)
			if err != nil {
				return 0, err
			}
			defer func() { err = errors.Join(err, tool.Close()) }()
			steps, err = tool.Migrate(ctx)
			return steps, err
		}})
}

// named tells a server who connects, so that a restore does not take itself for another
// program on the database.
func named(database string) string {
	u, err := url.Parse(database)
	if err != nil || strings.HasPrefix(database, "sqlite:") {
		return database
	}
	q := u.Query()
	q.Set("application_name", "gerai restore")
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return u.String()
}

// openBackup opens a backup and reads the checksum that lies beside it, "" for none.
func openBackup(ctx context.Context, c config.Config, from string) (name, sum string, in io.ReadCloser, err error) {
	place, name := backup.Place(nil), filepath.Base(from)
	if strings.HasPrefix(from, "s3://") {
		var t backup.Target
		if t, name, err = backup.ParseObject(from); err != nil {
			return "", "", nil, fault.Wrap(fault.Invalid, "backup.gone", err)
		}
		if place, err = BackupPlace(c, t); err != nil {
			return "", "", nil, err
		}
		if sum, err = place.Checksum(ctx, name); err != nil {
			return "", "", nil, err
		}
		in, err = place.Open(ctx, name)
		return name, sum, in, err
	}
	if sum, err = folder.New(filepath.Dir(from)).Checksum(ctx, name); err != nil {
		return "", "", nil, fmt.Errorf("read checksum: %w", err)
	}
	f, err := os.Open(from)
	if err != nil {
		return "", "", nil, backup.ErrGone.With(err)
	}
	return name, sum, f, nil
}
