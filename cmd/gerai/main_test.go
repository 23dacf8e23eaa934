package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gerai/internal/secret"
	"gerai/templates"
)

// outcome is what one command line did.
type outcome struct {
	code int
	text string // output, errors and the final message
}

// run executes a command line in this process with exactly this environment.
func run(t *testing.T, environ map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "GERAI_") {
			t.Setenv(name, value) // puts it back afterwards
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, value := range environ {
		t.Setenv(name, value)
	}
	var out bytes.Buffer
	c := command()
	c.SetArgs(args)
	c.SetIn(strings.NewReader(stdin))
	c.SetOut(&out)
	c.SetErr(&out)
	err := c.ExecuteContext(context.Background())
	if err == nil {
		return outcome{0, out.String()}
	}
	return outcome{exitCode(err), out.String() + err.Error()}
}

// world is an environment with a database of its own.
func world(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"GERAI_DATABASE":   "sqlite:" + filepath.Join(t.TempDir(), "gerai.db"),
		"GERAI_SECRET_KEY": secret.Generate(), "GERAI_LOG_LEVEL": "error",
	}
}

func (o outcome) want(t *testing.T, code int, texts ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d:\n%s", o.code, code, o.text)
	}
	for _, text := range texts {
		if !strings.Contains(o.text, text) {
			t.Errorf("it does not say %q:\n%s", text, o.text)
		}
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, line := range []string{"serv", "serve now", "serve --port 80", "staff ad", "staff add", "staff add a b", "staff reset-second-factor", "staff list x", "audit x", "audit verify --anchor x", "import x", "migrate x", "import catalogue", "export catalogue x", "version 2", "doctor --fast", "router setup", "router kit a b", "router check x --yes", "router undo", "router burn", "backup x", "backup now x", "restore", "backup drill --identity /no/such/file", "restore x"} {
		t.Run(line, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			run(t, nil, "", strings.Fields(line)...).want(t, exitUsage)
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestEveryCommandHelps(t *testing.T) {
	for _, line := range []string{"", "serve", "migrate", "staff", "staff add", "staff list", "staff reset-second-factor", "staff allow-any", "audit", "audit verify", "audit export", "import", "import catalogue", "export", "export catalogue", "doctor", "version", "router", "router kit", "router setup", "router undo", "router check", "backup", "backup now", "backup list", "backup drill", "restore"} {
		o := run(t, nil, "", append(strings.Fields(line), "--help")...)
		o.want(t, 0, "Usage:")
	}
	run(t, nil, "", "version").want(t, 0, "gerai dev")
}

// Everything that is wrong is said at once, nothing secret with it, and
// nothing starts.
func TestWrongEnvironment(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	o := run(t, map[string]string{"GERAI_ADDR": "nowhere", "GERAI_BASE_URL": "ftp://x", "GERAI_SECRET_KEY": "not-a-key-but-secret",
		"GERAI_XENDIT_KEY": "wrong_key_value", "GERAI_TIMEZONE": "Mars/Base", "GERAI_DATABASE": "mysql://x", "GERAI_TRUSTED_PROXIES": "localhost"}, "", "serve")
	o.want(t, exitConfig, "GERAI_ADDR", "GERAI_BASE_URL", "GERAI_SECRET_KEY", "GERAI_XENDIT_CALLBACK_TOKEN", "GERAI_TIMEZONE", "GERAI_DATABASE", "GERAI_TRUSTED_PROXIES")
	for _, hidden := range []string{"not-a-key-but-secret", "wrong_key_value"} {
		if strings.Contains(o.text, hidden) {
			t.Errorf("it prints a secret:\n%s", o.text)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	run(t, map[string]string{"GERAI_DATABASE": "sqlite:x.db"}, "", "migrate").want(t, exitConfig, "GERAI_SECRET_KEY")
}

func TestMigrateTwice(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0, "schema: ")
	run(t, env, "", "migrate").want(t, 0, "schema: 0 steps")
}

func TestStaffAdd(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	run(t, env, "long enough for anybody\n", "staff", "add", "--role", "kasir", "siti").want(t, 0, "added siti (kasir)")
	for name, c := range map[string]struct {
		args     []string
		password string
		code     int
		says     string
	}{
		"taken":    {[]string{"siti"}, "long enough for anybody", exitUsage, "exists already"},
		"name":     {[]string{"Siti!"}, "long enough for anybody", exitUsage, "lower-case letters"},
		"role":     {[]string{"--role", "boss", "budi"}, "long enough for anybody", exitUsage, "admin, kasir or teknisi"},
		"password": {[]string{"budi"}, "short", exitUsage, "at least 12"},
		"empty":    {[]string{"budi"}, "", exitUsage, "at least 12"},
	} {
		t.Run(name, func(t *testing.T) {
			o := run(t, env, c.password, append([]string{"staff", "add"}, c.args...)...)
			o.want(t, c.code, c.says)
			if strings.Contains(o.text, "(invalid)") {
				t.Errorf("it speaks in codes:\n%s", o.text)
			}
			if c.password != "" && strings.Contains(o.text, c.password) {
				t.Error("it prints the password")
			}
		})
	}
}

// A database without tables is reported as such, before a password is asked for.
func TestBeforeMigrate(t *testing.T) {
	env := world(t)
	file := filepath.Join(t.TempDir(), "catalogue.yaml")
	if err := os.WriteFile(file, []byte(goodCatalogue), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, env, "long enough for anybody\n", "staff", "add", "budi").want(t, exitConfig, "gerai migrate")
	run(t, env, "", "import", "catalogue", file).want(t, exitConfig, "gerai migrate")
	env["GERAI_XENDIT_KEY"], env["GERAI_XENDIT_CALLBACK_TOKEN"] = "xnd_development_abcdefghij", "callback-token-0123456789"
	env["GERAI_XENDIT_URL"], env["GERAI_BASE_URL"] = "http://127.0.0.1:1", "http://127.0.0.1:2"
	o := run(t, env, "", "doctor")
	o.want(t, exitSick, "gerai migrate")
	if strings.Contains(o.text, "no such table") || strings.Contains(o.text, "sealed") {
		t.Errorf("one cause, several complaints:\n%s", o.text)
	}
}

const goodCatalogue = `
brand: {name: Warnet Jaya}
sites:
  - id: jaya
    slug: warnet-jaya
    name: Warnet Jaya
    routers: [{id: jaya-1, name: jaya-1, address: "127.0.0.1:1", user: gerai, password: "very-secret-word"}]
    plans: [{id: sejam, name: 1 Jam, price: 2000, validity: 1d}]
`

func TestImportCatalogue(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	file := filepath.Join(t.TempDir(), "catalogue.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, env, "", "import", "catalogue", file).want(t, exitUsage, "no such file")
	write("sites: [{id: a, slug: 'Not A Slug', plans: [{id: x, price: -5}]}, {id: a}]\ncolour: red\n")
	o := run(t, env, "", "import", "catalogue", file)
	o.want(t, exitUsage, "colour")
	write(goodCatalogue)
	run(t, env, "", "import", "catalogue", file, "--dry-run").want(t, 0, "+ plan sejam (1 Jam) is new", "price: - -> 2000", "Nothing was changed")
	run(t, env, "", "export", "catalogue").want(t, 0, "sites:")
	run(t, env, "", "import", "catalogue", file).want(t, 0, "+ plan sejam", "applied: 1 site, 1 router, 1 plan")
	run(t, env, "", "import", "catalogue", file).want(t, 0, "No difference.", "applied: 1 site, 1 router, 1 plan")
	run(t, env, "", "import", "catalogue", file, "--dry-run").want(t, 0, "No difference.", "Nothing was changed")
	o = run(t, env, "", "export", "catalogue")
	o.want(t, 0, "id: sejam", "price: \"2000\"", "slug: warnet-jaya")
	if strings.Contains(o.text, "very-secret-word") {
		t.Error("a password is exported")
	}
	write(o.text)
	run(t, env, "", "import", "catalogue", file).want(t, 0, "No difference.")
	write(strings.Replace(goodCatalogue, "price: 2000", "price: 2500", 1))
	run(t, env, "", "import", "catalogue", file, "--dry-run").want(t, 0, "~ plan sejam (1 Jam)", "    price: 2000 -> 2500")
}

// The doctor names everything that is wrong and says so by its exit code.
func TestDoctor(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	file := filepath.Join(t.TempDir(), "catalogue.yaml")
	if err := os.WriteFile(file, []byte(goodCatalogue), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, env, "", "import", "catalogue", file).want(t, 0)
	run(t, env, "", "doctor").want(t, exitConfig, "GERAI_BASE_URL")
	env["GERAI_BASE_URL"], env["GERAI_ADDR"] = "http://127.0.0.1:2", "127.0.0.1:2"
	run(t, env, "", "doctor").want(t, exitSick, "note  gateway: no keys", "WRONG router jaya-1")
	env["GERAI_XENDIT_KEY"] = "xnd_development_abcdefghij"
	run(t, env, "", "doctor").want(t, exitConfig, "GERAI_XENDIT_CALLBACK_TOKEN", "forged")
	env["GERAI_XENDIT_KEY"], env["GERAI_XENDIT_CALLBACK_TOKEN"] = "xnd_development_abcdefghij", "callback-token-0123456789"
	env["GERAI_XENDIT_URL"], env["GERAI_BASE_URL"], env["GERAI_ADDR"] = "http://127.0.0.1:1", "http://127.0.0.1:2", "127.0.0.1:2"
	o := run(t, env, "", "doctor")
	o.want(t, exitSick, "ok    schema", "WRONG gateway", "not reached", "WRONG router jaya-1", "power, uplink")
	if strings.Contains(o.text, "very-secret-word") {
		t.Error("it prints a router's password")
	}
	env["GERAI_SECRET_KEY"] = secret.Generate()
	run(t, env, "", "doctor").want(t, exitSick, "is GERAI_SECRET_KEY the one")
	run(t, env, "", "doctor", "--healthcheck").want(t, exitFailed)
}

func TestDoctorTellsOfALowLimitOfOpenFiles(t *testing.T) {
	for files, want := range map[uint64]string{1024: "note  open files: 1024, room for 768 connections\n      raise the limit to 4096", 1 << 20: "ok    open files: 1048576, room for 4096 connections\n"} {
		var out bytes.Buffer
		e := &examination{out: &out, lang: templates.English}
		e.openFiles(files)
		if !strings.HasPrefix(out.String(), want) || e.sick {
			t.Errorf("%d files: %s", files, out.String())
		}
	}
}
