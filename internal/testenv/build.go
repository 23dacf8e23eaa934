package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
)

// Build makes programs of this module in a folder as they are shipped: without cgo, and without the race detector, which
// makes the embedded database several times slower. All tests build alike, so that dependencies are compiled once for them; a
// run of the whole suite has built the programs before, and they are taken from there.
func Build(ctx context.Context, dir string, packages ...string) error {
	var missing []string
	for _, p := range packages {
		err := takeBuilt(dir, path.Base(p))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if err != nil {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator)}, missing...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// takeBuilt links a program that scripts/test has built into a folder.
func takeBuilt(dir, program string) error {
	built := filepath.Join(os.Getenv(envShared), "programs", program)
	if os.Getenv(envShared) == "" {
		return os.ErrNotExist
	}
	if _, err := os.Stat(built); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	err := os.Symlink(built, filepath.Join(dir, program))
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
