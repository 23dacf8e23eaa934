package proc

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var (
	once   sync.Once
	binary string
	failed error
	output []byte
)

// Binary builds cmd/gerai once per test run and returns its path.
func Binary(t testing.TB, dir string) string {
	t.Helper()
	once.Do(func() {
		binary = filepath.Join(dir, "gerai")
		output, failed = exec.Command("go", "build", "-o", binary, "gerai/cmd/gerai").CombinedOutput()
	})
	if failed != nil {
		t.Fatalf("build: %v\n%s", failed, output)
	}
	return binary
}
