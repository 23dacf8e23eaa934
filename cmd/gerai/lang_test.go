package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gerai/internal/secret"
	"gerai/templates"
)

// spokenIn runs a command line as main does and returns everything it prints.
func spokenIn(t *testing.T, l templates.Lang, environ map[string]string, stdin, line string) string {
	t.Helper()
	for name, value := range environ {
		t.Setenv(name, value)
	}
	var out strings.Builder
	args := append(strings.Fields(line), "--lang", string(l))
	c := command()
	c.SetArgs(args)
	c.SetIn(strings.NewReader(stdin))
	c.SetOut(&out)
	c.SetErr(&out)
	if err := c.ExecuteContext(context.Background()); err != nil && exitCode(err) != exitSick {
		out.WriteString(said(asked(args), err))
	}
	return out.String()
}

// Every sentence of every command is in the language asked for: no line is the
// same in both, but for what machines say and what was typed.
func TestEveryCommandSpeaksBothLanguages(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.yaml", "brand: {name: Toko}\nsites:\n  - id: a\n    slug: toko\n    name: Toko\n    routers: [{id: r1, name: r1, address: \"127.0.0.1:1\", user: gerai, password: rahasia-router}]\n    plans: [{id: p, name: P, price: 5000}]\n")
	bad := write("bad.yaml", "brand: {name: Toko}\ncolour: red\n")
	full := world(t)
	for name, value := range map[string]string{"GERAI_XENDIT_KEY": "xnd_development_abcdefghij", "GERAI_XENDIT_CALLBACK_TOKEN": "callback-token-0123456789", "GERAI_XENDIT_URL": "http://127.0.0.1:1",
		"GERAI_BASE_URL": "http://127.0.0.1:2", "GERAI_ADDR": "127.0.0.1:2", "GERAI_LOG_LEVEL": "error"} {
		full[name] = value
	}
	with := func(name, value string) map[string]string {
		out := map[string]string{}
		for n, v := range full {
			out[n] = v
		}
		out[name] = value
		return out
	}
	for _, c := range []struct {
		environ     map[string]string
		stdin, line string
	}{
		{full, "", "staff list"}, // not migrated
		{full, "", "doctor"},
		{full, "", "migrate"},
		{full, "", "import catalogue " + good},
		{full, "", "import catalogue " + bad},
		{full, "", "import catalogue " + filepath.Join(dir, "none.yaml")},
		{full, "kopi manis pagi hari\n", "staff add siti-LANG"},
		{full, "kopi manis pagi hari\n", "staff add siti-id"},
		{full, "kopi manis pagi hari\n", "staff add Siti!"},
		{full, "pendek\n", "staff add budi"},
		{full, "kopi manis pagi hari\n", "staff add --role boss budi"},
		{full, "", "staff list"},
		{full, "", "staff reset-second-factor siti-id"},
		{full, "", "staff reset-second-factor tiada"},
		{full, "", "staff reset-second-factor --reason x siti-id"},
		{full, "", "staff allow-any"},
		{full, "", "staff list x"},
		{full, "", "staff add"},
		{full, "", "audit verify"},
		{full, "", "audit verify --anchor x"},
		{full, "", "audit verify --anchor 1:00"},
		{full, "", "audit verify --anchor"},
		{full, "", "reports rebuild"},
		{full, "", "doctor"},
		{full, "", "doctor --fast"},
		{full, "", "doctor --healthcheck=x"},
		{full, "", "serve now"},
		{full, "", "migrate x"},
		{full, "", "version 2"},
		{full, "", "router burn"},
		{full, "", "router check tiada"},
		{full, "", "router check r1"},
		{full, "", "router setup r1"},
		{full, "", "router undo r1"},
		{full, "", "router kit"},
		{with("GERAI_SECRET_KEY", ""), "", "migrate"},
		{with("GERAI_DATABASE", "postgres://127.0.0.1:1/x"), "", "migrate"},
		{with("GERAI_SECRET_KEY", secret.Generate()), "", "doctor"},
	} {
		said := map[templates.Lang]string{}
		for _, l := range templates.Langs {
			said[l] = spokenIn(t, l, c.environ, c.stdin, strings.ReplaceAll(c.line, "LANG", string(l)))
			if said[l] == "" || strings.Contains(said[l], "[cli.") {
				t.Errorf("%s in %s: %q", c.line, l, said[l])
			}
		}
		in := map[string]bool{}
		for line := range strings.Lines(said[templates.English]) {
			in[strings.TrimSpace(line)] = true
		}
		for line := range strings.Lines(said[templates.Indonesian]) {
			if text := strings.TrimSpace(line); in[text] && !machine(line) {
				t.Errorf("%s says in both languages: %s", c.line, line)
			}
		}
	}
}

// machine reports whether a line is a cause as machines tell it, a name or a place.
func machine(line string) bool {
	return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "      ")
}
