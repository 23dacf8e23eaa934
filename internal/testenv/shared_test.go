package testenv

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Many ask at once: one writes, all read the same. What failed is tried again by the next.
func TestSharedIsMadeOnce(t *testing.T) {
	t.Setenv(envShared, t.TempDir())
	broken := errors.New("no room")
	if _, err := Shared("file", func(path string) error { return errors.Join(os.WriteFile(path, []byte("hal"), 0o600), broken) }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	var times atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			text, err := Shared("file", func(path string) error {
				times.Add(1)
				return os.WriteFile(path, []byte("whole"), 0o600)
			})
			if err != nil || string(text) != "whole" {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	all.Wait()
	if times.Load() != 1 {
		t.Errorf("written %d times", times.Load())
	}
}

// Outside of a run of the suite nothing is kept: the source may be another the next time.
func TestSharedAlone(t *testing.T) {
	t.Setenv(envShared, "")
	for _, want := range []string{"one", "two"} {
		if text, err := Shared("file", func(path string) error { return os.WriteFile(path, []byte(want), 0o600) }); err != nil || string(text) != want {
			t.Errorf("%q, %v", text, err)
		}
	}
}

// A run of the suite has built the programs before: tests take those.
func TestBuildTakesWhatIsBuilt(t *testing.T) {
	shared, dir := t.TempDir(), t.TempDir()
	t.Setenv(envShared, shared)
	if err := os.Mkdir(filepath.Join(shared, "programs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shared, "programs", "gerai"), []byte("built"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Build(t.Context(), dir, "gerai/cmd/gerai"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "gerai")); err != nil || string(text) != "built" {
		t.Errorf("%q, %v", text, err)
	}
}
