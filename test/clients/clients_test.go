package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gerai/internal/sim/routerossim"
)

const password = "pass word" // a space, for good measure

const (
	duplicate = "failure: already have user with this name for this server"
	badLogin  = "invalid user name or password (6)"
)

func start(t *testing.T, o routerossim.Options) *routerossim.Router {
	t.Helper()
	o.Name, o.User, o.Password, o.Addr = "sim", "admin", password, "127.0.0.1:0"
	r, err := routerossim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err = r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// missing skips, or fails where everything must be proven.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("GERAI_TEST_STRICT") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// run starts a client script against the router and compares what it reports.
func run(t *testing.T, r *routerossim.Router, want map[string]any, env []string, command ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	host, port, err := net.SplitHostPort(r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(append(os.Environ(), "ROUTER_HOST="+host, "ROUTER_PORT="+port, "ROUTER_USER=admin", "ROUTER_PASSWORD="+password), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", command, err, stdout, stderr.Bytes())
	}
	var got map[string]any
	if err = json.Unmarshal(stdout, &got); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v (-want +got):\n%s", command, diff)
	}
}

// node finds the interpreter and the installed module.
func node(t *testing.T, module string) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node is not installed")
	}
	if _, err = os.Stat(filepath.Join("node_modules", module)); err != nil {
		missing(t, module+" is not installed: run `npm ci` in test/clients")
	}
	return path
}

func TestNodeRouteros(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.17"} { // an !empty reply, 7.18 on, kills this client
		t.Run(version, func(t *testing.T) {
			bin := node(t, "node-routeros")
			r := start(t, routerossim.Options{Version: version})
			run(t, r, map[string]any{"wrong": "Username or password is invalid", "identity": "sim", "ret": "*2", "dup": duplicate,
				"query": []any{"node1 1h", "node2 undefined"}, "long": true, "none": 0.0,
				"heard": []any{"node1", "*2 yes"}}, nil, bin, "node-routeros.js")
			if n := len(r.Rows("ip/hotspot/user")); n != 32 { // the default, node2 and thirty
				t.Errorf("%d users", n)
			}
		})
	}
}

func TestRouterosClient(t *testing.T) {
	bin := node(t, "routeros-client")
	r := start(t, routerossim.Options{Version: "7.16"})
	run(t, r, map[string]any{"identity": "sim", "added": "wrap1 default", "dup": duplicate, "comment": "changed", "left": 0.0},
		nil, bin, "routeros-client.js")
}

func TestLibrouteros(t *testing.T) {
	python := python(t)
	for _, v := range []struct {
		name    string
		options routerossim.Options
		env     []string
		wrong   string
		menu    []any
	}{
		{"6.49", routerossim.Options{Version: "6.49"}, nil, badLogin, []any{"no such command prefix"}},
		{"6.49 old login", routerossim.Options{Version: "6.49", OldLogin: true}, []string{"ROUTER_OLD_LOGIN=1"}, "cannot log in",
			[]any{"no such command prefix"}},
		{"7.16", routerossim.Options{Version: "7.16"}, nil, badLogin, []any{"no such command or directory (nope)", "no such command prefix"}},
		{"7.22", routerossim.Options{Version: "7.22"}, nil, badLogin, []any{"no such command or directory (nope)", "no such command prefix"}},
	} {
		t.Run(v.name, func(t *testing.T) {
			r := start(t, v.options)
			run(t, r, map[string]any{"wrong": v.wrong, "identity": "sim", "ret": "*2", "dup": duplicate, "query": []any{"py1", "py2"},
				"not": []any{"default-trial", "py2"}, "row": []any{"*2", "changed", true}, "menu": v.menu, "left": 1.0, "none": 0.0,
				"quit": "session terminated on request"}, v.env, python, "librouteros_client.py")
		})
	}
}

// python finds an interpreter that has the library: often the system's own,
// not the first one in PATH.
func python(t *testing.T) string {
	t.Helper()
	for _, bin := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(bin, "-c", "import librouteros").Run() == nil {
			return bin
		}
	}
	missing(t, "no python3 with librouteros: install Debian's python3-librouteros")
	return ""
}
