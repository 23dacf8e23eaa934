package pgtool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gerai/internal/backup"
)

const (
	// lockWait is how long a dump waits for a table that a migration holds.
	lockWait = time.Minute
	// windUp is how long a program has to end after it was asked to.
	windUp = 10 * time.Second
	// mostSaid bounds what is kept of a program's complaints.
	mostSaid = 2 << 10
)

// Dump writes a database as it was at an exported snapshot into a new file, in
// PostgreSQL's custom format and not compressed: the archive is. Errors: Config
// "backup.pg_missing" and "backup.pg_version", Unavailable "backup.pg_failed" and
// "backup.full".
func Dump(ctx context.Context, database, snapshot, path string) error {
	_, env, err := environment(database)
	if err != nil {
		return err
	}
	return run(ctx, env, "pg_dump", "--format=custom", "--compress=0", "--no-sync", "--no-password",
		"--lock-wait-timeout="+strconv.FormatInt(lockWait.Milliseconds(), 10), "--snapshot="+snapshot, "--file="+path)
}

// Restore writes a dump into an empty database in one transaction: all of it or nothing.
// Errors: as Dump.
func Restore(ctx context.Context, database, path string) error {
	name, env, err := environment(database)
	if err != nil {
		return err
	}
	return run(ctx, env, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password", "--dbname="+name, path)
}

func run(ctx context.Context, env []string, program string, args ...string) error {
	path, err := exec.LookPath(program)
	if err != nil {
		return errMissing.With(err)
	}
	c := exec.CommandContext(ctx, path, args...)
	c.Env = env
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) } // so that it leaves the server, too
	c.WaitDelay = windUp
	said := &tail{}
	c.Stdout, c.Stderr = said, said
	switch err := c.Run(); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(said.String(), "server version mismatch"), strings.Contains(said.String(), "unsupported version"):
		return errVersion.With(errors.New(said.String()))
	case strings.Contains(said.String(), syscall.ENOSPC.Error()), strings.Contains(said.String(), "No space left"):
		return backup.ErrFull.With(errors.New(said.String()))
	default:
		return errFailed.With(fmt.Errorf("%s: %w: %s", program, err, said))
	}
}

// tail keeps the end of what a program says.
type tail struct{ b bytes.Buffer }

// Write keeps a part.
func (t *tail) Write(p []byte) (int, error) {
	t.b.Write(p)
	if extra := t.b.Len() - mostSaid; extra > 0 {
		t.b.Next(extra)
	}
	return len(p), nil
}

// String is what is kept, in one line.
func (t *tail) String() string { return strings.Join(strings.Fields(t.b.String()), " ") }

// Available reports whether both programs are installed. Errors: Config
// "backup.pg_missing".
func Available() error {
	for _, program := range []string{"pg_dump", "pg_restore"} {
		if _, err := exec.LookPath(program); err != nil {
			return errMissing.With(err)
		}
	}
	return nil
}

// ours are variables that no other program has to know.
const ours = "GERAI_"

func inherited() (env []string) {
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, ours) {
			env = append(env, pair)
		}
	}
	return append(env, "LC_ALL=C") // complaints are read
}
