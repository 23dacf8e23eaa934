package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gerai/internal/archive"
	"gerai/internal/archive/bucket"
	"gerai/internal/archive/folder"
	"gerai/internal/backup"
	"gerai/internal/config"
	"gerai/internal/shop/backups"
)

// BackupPlace is the place of an address.
func BackupPlace(c config.Config, t backup.Target) (backup.Place, error) {
	if !t.S3() {
		return folder.New(t.Dir), nil
	}
	return bucket.New(bucket.Options{Target: t, Key: c.BackupS3Key, Secret: c.BackupS3Secret})
}

// BackupPlaces are the places that the configuration names.
func BackupPlaces(c config.Config) (out []backup.Place, err error) {
	for _, t := range c.BackupTo {
		p, err := BackupPlace(c, t)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// backupSettings are what the configuration says about backups.
func backupSettings(c config.Config, log *slog.Logger) (s backups.Settings, err error) {
	s = backups.Settings{At: c.BackupAt, WorkDir: workDir(c.Database), StartShop: func(ctx context.Context, database string) error { return tryShop(ctx, c, database, log) }}
	if s.Places, err = BackupPlaces(c); err != nil {
		return s, err
	}
	s.Recipients, err = archive.Recipients(c.BackupRecipients)
	return s, err
}

// workDir is where copies of the database may lie for the time of a backup: beside a
// file, which has room for one, or where the system keeps what is temporary.
func workDir(database string) string {
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		return filepath.Dir(path)
	}
	return os.TempDir()
}

// tryTime bounds the start of a shop on a restored database; its migration may be long.
const tryTime = time.Hour

// tryShop proves that a shop can run on a restored database: it migrates it, serves on a
// free port of this machine, and says that it is ready. It takes no work, and the gateway,
// Redis and routers of the real shop are out of its reach.
func tryShop(ctx context.Context, c config.Config, database string, log *slog.Logger) (err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	c.Database, c.Addr, c.BaseURL, c.RedisURL, c.BackupTo = database, "127.0.0.1:0", "http://127.0.0.1", "", nil
	c.XenditKey, c.XenditURL, c.CallbackTokens = "xnd_development_drill", "http://127.0.0.1:1", []string{"a shop that is only tried"}
	a, err := Open(ctx, c, slog.New(quiet{log.Handler()}), WithoutBackground())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	if err := a.Listen(); err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(serving) }()
	err = askReady(ctx, "http://"+a.Addr()+"/readyz", ended)
	stop()
	if runErr := <-ended; err == nil {
		err = runErr
	}
	return err
}

// readyTime is how long a shop has to say that it is ready.
const readyTime = 20 * time.Second

// askReady asks until the answer is yes or the shop has ended.
func askReady(ctx context.Context, url string, ended chan error) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	web := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		last := ready(ctx, web, url)
		if last == nil {
			return nil
		}
		select {
		case err := <-ended:
			ended <- nil // the caller waits for it as well
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", last)
		case <-tick.C:
		}
	}
}

func ready(ctx context.Context, web *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := web.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answers %d", res.StatusCode)
	}
	return nil
}

// quiet lets only what went wrong into the log: a shop that is only tried serves and
// drains like a real one.
type quiet struct{ slog.Handler }

// Enabled reports whether a line is kept.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && q.Handler.Enabled(ctx, l)
}
