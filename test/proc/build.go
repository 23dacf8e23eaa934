package proc

import (
	"path/filepath"
	"sync"
	"testing"

	"gerai/internal/testenv"
)

var (
	once   sync.Once
	binary string
	failed error
)

// Binary builds cmd/gerai once per test run and returns its path.
func Binary(t testing.TB, dir string) string {
	t.Helper()
	once.Do(func() {
		binary = filepath.Join(dir, "gerai")
		failed = testenv.Build(t.Context(), dir, "gerai/cmd/gerai")
	})
	if failed != nil {
		t.Fatal(failed)
	}
	return binary
}
