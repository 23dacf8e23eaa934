package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gerai/internal/testenv"
)

// The variables of the ready line are a complete configuration: every command
// of the product works with them beside the running demo, from any folder.
func TestEveryCommandWorksOnTheDemosData(t *testing.T) {
	programs := t.TempDir()
	if err := testenv.Build(t.Context(), programs, "gerai/cmd/gerai"); err != nil {
		t.Fatal(err)
	}
	gerai := filepath.Join(programs, "gerai")
	testenv.Databases(t, func(t *testing.T, database string) { commandsWork(t, gerai, database) })
}

func commandsWork(t *testing.T, gerai, database string) {
	var r ready
	line(t, &r, "--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0", "--routeros-addr", "127.0.0.1:0", "--dir", t.TempDir(), "--database", database)
	for _, c := range []struct {
		args, says string
		code       int
	}{
		{"version", "gerai ", 0},
		{"doctor", "ok    gateway", 0},
		{"doctor --healthcheck", "", 0},
		{"migrate", "", 0},
		{"staff list", "admin", 0},
		{"audit verify", "", 0},
		{"router check melati-b", "RouterOS 7.22 is older", 4}, // the audit ran; the demo's routers are old on purpose
		{"router kit pojok-1", "", 0},
		{"import catalogue demo.yaml", "applied: 2 sites, 3 routers, 6 plans", 0},
		{"reports rebuild", "", 0},
	} {
		t.Run(c.args, func(t *testing.T) {
			dir := t.TempDir()
			if strings.HasPrefix(c.args, "import") { // as the file says it, at the demo's addresses
				text := demoYAML
				for i, old := range []string{"127.0.0.1:8728", "127.0.0.1:8729", "127.0.0.1:8730"} {
					text = []byte(strings.ReplaceAll(string(text), old, r.Routers[i].Addr))
				}
				if err := os.WriteFile(filepath.Join(dir, "demo.yaml"), text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(gerai, strings.Fields(c.args)...)
			cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
			for name, value := range r.Env {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.says) {
				t.Errorf("%v, want exit code %d and %q:\n%s", err, c.code, c.says, out)
			}
			if strings.Contains(string(out), "not known and was ignored") {
				t.Errorf("a variable is unknown:\n%s", out)
			}
		})
	}
	if r.Env["GERAI_ADDR"] == "" || !strings.HasSuffix(r.ShopURL, r.Env["GERAI_ADDR"]) {
		t.Errorf("GERAI_ADDR %s, the shop is at %s", r.Env["GERAI_ADDR"], r.ShopURL)
	}
}
