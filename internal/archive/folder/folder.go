package folder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gerai/internal/backup"
)

const (
	ownerOnly    = 0o600
	ownerOnlyDir = 0o700
	part         = ".part" // what is being written
)

// Folder implements backup.Place.
type Folder struct{ path string }

var _ backup.Place = Folder{}

// New returns the folder of a path; it is created with the first backup.
func New(path string) Folder { return Folder{path} }

// String is the path.
func (d Folder) String() string { return d.path }

// Put implements backup.Place.
func (d Folder) Put(ctx context.Context, f backup.File, content io.Reader) error {
	if _, ok := backup.ParseName(f.Name); !ok {
		return fmt.Errorf("%q is no name of a backup", f.Name)
	}
	if err := os.MkdirAll(d.path, ownerOnlyDir); err != nil {
		return backup.Placed(err)
	}
	if err := d.sweep(f.Series); err != nil {
		return err
	}
	switch _, err := os.Lstat(d.at(f.Name)); {
	case err == nil:
		return backup.ErrTaken
	case !errors.Is(err, os.ErrNotExist):
		return backup.Placed(err)
	}
	temporary := d.at("." + f.Name + part)
	sum, err := write(ctx, temporary, content)
	if err == nil && sum != f.SHA256 {
		err = backup.ErrDamaged.With(errors.New("what was read to be stored has another checksum"))
	}
	if err == nil {
		err = d.putChecksum(ctx, f)
	}
	if err == nil {
		err = backup.Placed(os.Rename(temporary, d.at(f.Name)))
	}
	if err != nil {
		_ = os.Remove(temporary) // the error is what matters
		return err
	}
	return d.sync()
}

// putChecksum comes before the backup, so that none is without.
func (d Folder) putChecksum(ctx context.Context, f backup.File) error {
	name := backup.ChecksumName(f.Name)
	temporary := d.at("." + name + part)
	_, err := write(ctx, temporary, strings.NewReader(backup.ChecksumText(f)))
	if err == nil {
		err = backup.Placed(os.Rename(temporary, d.at(name)))
	}
	if err != nil {
		_ = os.Remove(temporary)
	}
	return err
}

// write fills a new file and forces it to the disk; it returns the checksum of what
// was written.
func write(ctx context.Context, path string, content io.Reader) (string, error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, ownerOnly)
	if err != nil {
		return "", backup.Placed(err)
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(backup.Onto(out), sum), backup.Until(ctx, content))
	if err == nil {
		err = backup.Placed(out.Sync())
	}
	if closeErr := out.Close(); err == nil {
		err = backup.Placed(closeErr)
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

// sweep removes what an earlier try of the same shop left unfinished; one shop makes
// one backup at a time.
func (d Folder) sweep(series string) error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return backup.Placed(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".gerai-"+series+"-") && strings.HasSuffix(e.Name(), part) {
			if err := os.Remove(d.at(e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
				return backup.Placed(err)
			}
		}
	}
	return nil
}

// sync makes renames and removals outlive a power cut.
func (d Folder) sync() error {
	dir, err := os.Open(d.path)
	if err != nil {
		return backup.Placed(err)
	}
	if err = dir.Sync(); errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // folders of another machine cannot be told to
	}
	return backup.Placed(errors.Join(err, dir.Close()))
}

// List implements backup.Place. A folder that is not there yet has no backups.
func (d Folder) List(context.Context) (out []backup.File, err error) {
	entries, err := os.ReadDir(d.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, backup.Placed(err)
	}
	for _, e := range entries {
		f, ok := backup.ParseName(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, backup.Placed(err)
		}
		f.Bytes = info.Size()
		out = append(out, f)
	}
	return out, nil
}

// Checksum implements backup.Place.
func (d Folder) Checksum(_ context.Context, name string) (string, error) {
	f, err := os.Open(d.at(backup.ChecksumName(filepath.Base(name))))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", backup.Placed(err)
	}
	defer f.Close()
	const most = 4 << 10
	text, err := io.ReadAll(io.LimitReader(f, most))
	return backup.ParseChecksum(string(text), name), backup.Placed(err)
}

// Open implements backup.Place.
func (d Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	f, err := os.Open(d.at(filepath.Base(name)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, backup.ErrGone.With(err)
	}
	if err != nil {
		return nil, backup.Placed(err)
	}
	return f, nil
}

// Remove implements backup.Place.
func (d Folder) Remove(_ context.Context, name string) error {
	name = filepath.Base(name)
	for _, each := range []string{name, backup.ChecksumName(name)} {
		if err := os.Remove(d.at(each)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return backup.Placed(err)
		}
	}
	return d.sync()
}

func (d Folder) at(name string) string { return filepath.Join(d.path, name) }
