package backups

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"gerai/internal/backup"
)

// work is a folder for the time of one run.
type work struct {
	path string
	lock *os.File
}

const workPattern = ".gerai-backup-*"

// newWork makes one, after removing those of runs whose process was killed: a copy of the
// database must not lie about. One that a process holds stays.
func newWork(parent string) (*work, error) {
	left, err := filepath.Glob(filepath.Join(parent, workPattern))
	if err != nil {
		return nil, err
	}
	for _, path := range left {
		if lock, err := hold(path); err == nil {
			_ = os.RemoveAll(path) // the next run tries again
			_ = lock.Close()
		}
	}
	path, err := os.MkdirTemp(parent, workPattern)
	if err != nil {
		return nil, backup.Placed(err)
	}
	lock, err := hold(path)
	if err != nil {
		return nil, errors.Join(backup.Placed(err), os.RemoveAll(path))
	}
	return &work{path, lock}, nil
}

// hold locks a folder of ours. Where the system keeps what is temporary, other users may
// have made one of such a name, and a lock in it that leads elsewhere.
func hold(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); !info.IsDir() || !known || int(owner.Uid) != os.Geteuid() {
		return nil, os.ErrPermission
	}
	f, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (w *work) at(name string) string { return filepath.Join(w.path, name) }

func (w *work) close() {
	_ = os.RemoveAll(w.path) // the next run tries again
	_ = w.lock.Close()
}
