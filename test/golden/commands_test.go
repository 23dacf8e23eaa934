package golden

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// binaries builds both programs, once per run.
var binaries = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gerai-golden-")
	if err != nil {
		return "", err
	}
	return dir, testenv.Build(context.Background(), dir, "gerai/cmd/gerai", "gerai/cmd/gerai-demo")
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built.Load() {
		dir, _ := binaries()
		_ = os.RemoveAll(dir) // a leftover in the temporary folder does no harm
	}
	os.Exit(code)
}

// built says that binaries was called by a test.
var built atomic.Bool

func programPath(t *testing.T, name string) string {
	t.Helper()
	built.Store(true)
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// patience bounds one command.
const patience = 30 * time.Second

// program runs a command in an empty folder with an environment without any
// setting, and returns its exit code and what it said.
func program(t *testing.T, path string, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + cmd.Dir}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) || cmd.ProcessState.ExitCode() < 0 {
		t.Fatalf("%s %v: %v\n%s", filepath.Base(path), args, err, out)
	}
	return cmd.ProcessState.ExitCode(), strings.ReplaceAll(string(out), cmd.Dir, "{dir}")
}

// TestCommands walks through every command of both programs: its help, and how it ends
// without arguments, with a flag that does not exist, and with words too many. The demo's
// command without arguments would serve.
func TestCommands(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"gerai", "gerai-demo"} {
		t.Run(name, func(t *testing.T) {
			path := programPath(t, name)
			var out strings.Builder
			for todo := [][]string{{}}; len(todo) > 0; todo = todo[1:] {
				at := todo[0]
				code, help := program(t, path, append(slices.Clone(at), "--help")...)
				fmt.Fprintf(&out, "=== %s: %d\n%s\n", strings.Join(append([]string{name}, at...), " "), code, strings.TrimSpace(help))
				tries := [][]string{{"--no-such-flag"}, {"a", "b", "c", "d"}}
				if name == "gerai" {
					tries = append(tries, nil)
				}
				for _, more := range tries {
					code, said := program(t, path, append(slices.Clone(at), more...)...)
					if more == nil && strings.TrimSpace(said) == strings.TrimSpace(help) {
						said = "as --help"
					}
					fmt.Fprintf(&out, "--- %s: %d\n%s\n", strings.Join(append([]string{"with"}, more...), " "), code, strings.TrimSpace(said))
				}
				for _, c := range subcommands(help) {
					todo = append(todo, append(slices.Clone(at), c))
				}
			}
			compare(t, "commands/"+name+".txt", out.String())
		})
	}
}

// subcommands are those that a help text lists; what cobra adds is not ours.
func subcommands(help string) (out []string) {
	_, list, _ := strings.Cut(help, "Available Commands:\n")
	for line := range strings.Lines(list) {
		words := strings.Fields(line)
		if len(words) == 0 {
			break
		}
		if words[0] != "help" && words[0] != "completion" {
			out = append(out, words[0])
		}
	}
	return out
}

// TestReadyLines holds the keys of what the demo and its simulators print once
// they answer.
func TestReadyLines(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, args := range []string{"--addr 127.0.0.1:0 --sim-addr 127.0.0.1:0 --routeros-addr 127.0.0.1:0", "sim xendit --addr 127.0.0.1:0", "sim routeros --addr 127.0.0.1:0 --tls-addr 127.0.0.1:0"} {
		fmt.Fprintf(&out, "=== gerai-demo %s\n%s", args, lines(ready(t, strings.Fields(args)...)))
	}
	compare(t, "commands/ready.txt", out.String())
}

// ready starts the demo, returns the keys of its ready line and ends it.
func ready(t *testing.T, args ...string) []string {
	t.Helper()
	program := programPath(t, "gerai-demo") // building it may take minutes
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	dir := t.TempDir()
	var said bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir}, &said
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(pipe)
	line, readErr := in.ReadString('\n')
	cancel()
	_ = cmd.Wait() // ended by us
	text, found := strings.CutPrefix(line, "ready ")
	var value any
	if !found || json.Unmarshal([]byte(text), &value) != nil {
		t.Fatalf("%v said %q (%v)\n%s", args, line, readErr, said.String())
	}
	keys := map[string]bool{}
	keysOf("", value, keys)
	return slices.Sorted(maps.Keys(keys))
}

// keysOf collects the paths of a JSON value with the kinds of what is there.
func keysOf(at string, value any, keys map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, x := range v {
			keysOf(at+"."+name, x, keys)
		}
	case []any:
		for _, x := range v {
			keysOf(at+"[]", x, keys)
		}
	default:
		keys[fmt.Sprintf("%s %T", strings.TrimPrefix(at, "."), value)] = true
	}
}
