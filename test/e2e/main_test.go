package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gerai/internal/testenv"
)

// scratch holds the program and the browser's profile.
var scratch string

// atOnce is how many cases run side by side: most of their time they wait.
const atOnce = "6"

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var err error
	if scratch, err = os.MkdirTemp("", "gerai-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	closeBrowser()
	if shared != nil {
		shared.kill()
	}
	if err := os.RemoveAll(scratch); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// binary builds the demo once per run.
var binary = sync.OnceValues(func() (string, error) {
	return filepath.Join(scratch, "gerai-demo"), testenv.Build(context.Background(), scratch, "gerai/cmd/gerai-demo")
})
