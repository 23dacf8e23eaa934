package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// roleVariable makes this test binary play a part beside the shop instead of running tests.
const roleVariable = "GERAI_BENCH_ROLE"

// roles are the parts: each reads its task and returns what the measurement has to know. What
// it started ends with the process.
var roles = map[string]func(task []byte) (any, error){"simulators": playSimulators, "fiber": playFiber, "order page": playOrderPage, "empty": playEmpty,
	"shop": playShop}

// play plays a part until standard input ends, which it does at the latest with the
// process that measures. It returns the exit code.
func play(role string) int {
	in := bufio.NewReader(os.Stdin)
	task, err := in.ReadBytes('\n')
	if err == nil {
		var ready any
		if ready, err = roles[role](task); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(ready)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		return 1
	}
	_, _ = io.Copy(io.Discard, in) // until it ends
	return 0
}

// accompany starts a process of its own for a part, hands it its task and fills ready with its answer.
// Its processor time is not the shop's and not the load generator's.
func accompany(t testing.TB, role string, task, ready any) (pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), roleVariable+"="+role), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // ends it
		_ = cmd.Wait()
	})
	if err := json.NewEncoder(in).Encode(task); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s: %v", role, err)
	}
	if err := json.NewDecoder(strings.NewReader(line)).Decode(ready); err != nil {
		t.Fatalf("%s says %q: %v", role, line, err)
	}
	return cmd.Process.Pid
}
