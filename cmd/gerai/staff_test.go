package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/staff"
	"gerai/internal/testenv"
)

func TestStaffListAndReset(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	run(t, env, "kopi manis pagi hari\n", "staff", "add", "ani").want(t, 0)
	run(t, env, "kopi manis pagi hari\n", "staff", "add", "--role", "kasir", "siti").want(t, 0)
	run(t, env, "password12345\n", "staff", "add", "budi").want(t, exitUsage, "easy to guess")
	o := run(t, env, "", "staff", "list")
	o.want(t, 0, "NAME", "ani", "siti", "kasir", "active")
	if strings.Contains(o.text, "argon2") {
		t.Error("it prints a hash")
	}
	run(t, env, "", "staff", "reset-second-factor", "siti").want(t, 0, "no second factor any more")
	run(t, env, "", "staff", "reset-second-factor", "nobody").want(t, exitUsage, "no account")
	run(t, env, "", "staff", "reset-second-factor", "--reason", "x", "siti").want(t, exitUsage, "reason")
}

// A list of networks that excludes every admin is removed at the server.
func TestAllowAny(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	with := func(act func(*app.Tool)) {
		t.Helper()
		tool, err := openTool(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer tool.Close()
		act(tool)
	}
	with(func(tool *app.Tool) {
		p := staff.DefaultPolicy
		p.AllowFrom = []string{"192.0.2.0/24"}
		if err := tool.Accounts.SetPolicy(context.Background(), actor.Named("test"), "", p); err != nil {
			t.Fatal(err)
		}
	})
	run(t, env, "", "staff", "allow-any").want(t, 0, "every network")
	with(func(tool *app.Tool) {
		if p, err := tool.Accounts.Policy(context.Background()); err != nil || len(p.AllowFrom) != 0 || !p.Demands(staff.Admin) {
			t.Errorf("%+v %v", p, err)
		}
	})
}

func TestAuditCommands(t *testing.T) {
	env := world(t)
	run(t, env, "", "migrate").want(t, 0)
	run(t, env, "kopi manis pagi hari\n", "staff", "add", "ani").want(t, 0)
	o := run(t, env, "", "audit", "verify")
	o.want(t, 0, "1 row is sound")
	anchor := regexp.MustCompile(`\d+:[0-9a-f]{64}`).FindString(o.text)
	run(t, env, "kopi manis pagi hari\n", "staff", "add", "--role", "kasir", "siti").want(t, 0)
	run(t, env, "", "audit", "verify", "--anchor", anchor).want(t, 0)
	run(t, env, "", "audit", "verify", "--anchor", strings.Replace(anchor, ":", ":0", 1)).want(t, exitSick, "made anew")
	o = run(t, env, "", "audit", "export", "--action", "staff.add")
	o.want(t, 0)
	rows, err := csv.NewReader(strings.NewReader(o.text)).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "seq" || !strings.Contains(rows[1][5], "siti") {
		t.Errorf("%v %v", rows, err)
	}
}

// The first start prints a link; the first admin is made with it, and afterwards there is
// no link any more.
func TestServePrintsTheFirstLink(t *testing.T) {
	env := world(t)
	nobody := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nobody.Close)
	for name, value := range map[string]string{"GERAI_ADDR": "127.0.0.1:0", "GERAI_BASE_URL": "http://shop.example", "GERAI_XENDIT_KEY": "xnd_development_abcdefghij",
		"GERAI_XENDIT_CALLBACK_TOKEN": "callback-token-0123456789", "GERAI_XENDIT_URL": nobody.URL} {
		env[name] = value
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	link := regexp.MustCompile(`http://shop\.example/admin/setup\?token=[0-9a-f-]{64,}`)
	said := serveOnce(t)
	found := link.FindString(said)
	if found == "" {
		t.Fatalf("no link: %s", said)
	}
	tool, err := openTool(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Accounts.CheckSetupLink(context.Background(), strings.TrimPrefix(found, "http://shop.example/admin/setup?token="), staff.From{Address: "10.0.0.9"}); err != nil {
		t.Error(err)
	}
	if err := tool.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, env, "kopi manis pagi hari\n", "staff", "add", "ani").want(t, 0)
	for name, value := range env {
		t.Setenv(name, value)
	}
	if said := serveOnce(t); link.MatchString(said) {
		t.Errorf("a link although there is an admin: %s", said)
	}
}

// serveOnce runs the shop until it answers and returns what it printed.
func serveOnce(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GERAI_ADDR", addr)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var out bytes.Buffer
	c := command()
	c.SetArgs([]string{"serve"})
	c.SetOut(io.Discard)
	c.SetErr(&out)
	ended := make(chan error, 1)
	go func() { ended <- c.ExecuteContext(ctx) }()
	client := &http.Client{Timeout: 5 * time.Second}
	testenv.Eventually(t, 30*time.Second, func() (bool, string) {
		res, err := client.Get("http://" + addr + "/healthz")
		if err != nil {
			return false, err.Error()
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK, res.Status
	})
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return out.String()
}
