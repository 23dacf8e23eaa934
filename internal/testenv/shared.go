package testenv

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// Shared returns the content of a file that all packages of one run of the suite need: the
// first one has fill write it, the others wait for that and read it. Apart from a run of the
// whole suite, each process has it written again.
func Shared(name string, fill func(path string) error) (text []byte, err error) {
	dir := os.Getenv(envShared)
	if dir == "" {
		if dir, err = os.MkdirTemp("", "gerai-shared-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder does no harm
	}
	lock, err := os.OpenFile(filepath.Join(dir, name+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	defer lock.Close() // gives the lock back
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	if text, err = os.ReadFile(path); !errors.Is(err, os.ErrNotExist) {
		return text, err
	}
	half := path + ".half" // of a process that ended during it
	if err := os.RemoveAll(half); err != nil {
		return nil, err
	}
	if err := fill(half); err != nil {
		return nil, err
	}
	if err := os.Rename(half, path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
