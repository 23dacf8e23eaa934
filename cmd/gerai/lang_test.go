package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	wrong := write("wrong.yaml", "brand: {name: \"\", logo: none.png, whatsapp: x, tax_percent: 99}\nsites:\n  - id: a b\n    slug: A\n    timezone: Mars\n    late_payment: no\n    hidden: 7\n    routers: [{id: r1, password: x, password_env: GERAI_ROUTER_NONE, tls: true}]\n    plans: [{id: p, price: 5.5, validity: 1x, data: 2, devices: 0, delivery: x, profile: [1]}, 3]\n")
	broken := write("broken.yaml", "brand: {name: [}\n")
	tabbed := write("tabbed.yaml", "brand:\n  name: \"a\n")
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
	type run struct {
		environ     map[string]string
		stdin, line string
	}
	runs := []run{
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
		{full, "", "help staff add"},
		{full, "", "import catalogue " + wrong},
		{full, "", "import catalogue " + broken},
		{full, "", "import catalogue " + tabbed},
		{with("GERAI_ADDR", "x"), "", "serve"},
		{with("GERAI_ORDER_TTL", "1y"), "", "doctor"},
		{with("GERAI_XENDIT_CALLBACK_TOKEN", "11111111"), "", "doctor"},
		{with("GERAI_SECRET_KEY", "short"), "", "doctor"},
	}
	for _, path := range paths(whole(), "") {
		runs = append(runs, run{full, "", path + " --help"})
	}
	for _, c := range runs {
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

// excerpt is a piece of the reader's own file, or the mark under it.
var excerpt = regexp.MustCompile(`^>? *\d+ \| |^\^$`)

// machine reports whether a line is a command to be typed, or of the reader's file.
func machine(line string) bool {
	text := strings.TrimSpace(line)
	return text == "" || strings.HasPrefix(line, "\t") || strings.HasPrefix(text, "gerai ") || strings.HasPrefix(text, "#### ") || excerpt.MatchString(text)
}

// whole is the program with the commands that cobra adds when it runs.
func whole() *cobra.Command {
	c := command()
	c.InitDefaultHelpCmd()
	c.InitDefaultCompletionCmd("x")
	return c
}

// paths lists a command and all below it.
func paths(c *cobra.Command, above string) []string {
	all := []string{above}
	for _, below := range c.Commands() {
		all = append(all, paths(below, strings.TrimSpace(above+" "+below.Name()))...)
	}
	return all
}

// Every help text of the code is in the message files, and these have no other.
func TestHelpIsInTheMessageFiles(t *testing.T) {
	used := map[string]bool{}
	look := func(where, english string) {
		if english == "" {
			return
		}
		if used[english] = true; !strings.HasPrefix(english, "help for ") {
			if _, ok := templates.Translated(templates.Indonesian, "cli.help.", english); !ok {
				t.Errorf("%s: no sentence for %q", where, english)
			}
		}
	}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		look(c.CommandPath(), c.Short)
		look(c.CommandPath(), c.Long)
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { look(c.CommandPath(), f.Usage) })
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(whole())
	for key, english := range templates.Sentences("cli.help.") {
		if !strings.HasPrefix(key, "cli.help.frame.") && !used[english] {
			t.Errorf("%s is said nowhere", key)
		}
	}
}
