package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/shop"
	"gerai/internal/staff"
)

//go:embed demo.yaml
var demoYAML []byte

// ready is the line that tells a script where everything is.
type ready struct {
	ShopURL       string            `json:"shop_url"`
	AdminURL      string            `json:"admin_url"`
	AdminUser     string            `json:"admin_user"`
	AdminPassword string            `json:"admin_password"`
	XenditURL     string            `json:"xendit_url"`
	CallbackToken string            `json:"xendit_callback_token"`
	Routers       []readyRouter     `json:"routers"`
	SimURL        string            `json:"sim_url"`
	Env           map[string]string `json:"env"` // lets every gerai command work on this demo's data
}

type readyRouter struct {
	Name     string `json:"name"`
	Addr     string `json:"addr"`
	TLSAddr  string `json:"tls_addr"` // "" when api-ssl is off
	User     string `json:"user"`
	Password string `json:"password"`
}

const adminUser = "admin"

func run(ctx context.Context, f flags, out, notes io.Writer) error {
	log, err := newLog(f.logLevel)
	if err != nil {
		return err
	}
	dir, cleanup, err := folder(f.dir)
	if err != nil {
		return err
	}
	defer cleanup()
	id, err := remember(dir)
	if err != nil {
		return err
	}
	w, err := startWorld(f, id, dir, log)
	defer func() {
		if err := w.close(); err != nil {
			log.Error("simulators not closed cleanly", "error", err)
		}
	}()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	env, err := environment(f, id, dir, l.Addr().String(), w)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a, err := openShop(ctx, f, id, w, l, env, log)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // the program ends; what matters is committed
	served := make(chan error, 1)
	runCtx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { served <- a.Run(runCtx) }()
	w.gateway.SetWebhookURL(baseURL(a) + "/webhooks/xendit")
	if err := answers(ctx, baseURL(a)+"/readyz", served); err != nil {
		return err
	}
	if err := announce(out, notes, a, id, w, env); err != nil {
		return err
	}
	return <-served
}

func folder(dir string) (string, func(), error) {
	if dir != "" {
		dir, err := filepath.Abs(dir) // the ready line's env is used in other folders too
		if err != nil {
			return "", nil, err
		}
		return dir, func() {}, os.MkdirAll(dir, 0o700)
	}
	dir, err := os.MkdirTemp("", "gerai-demo-")
	return dir, func() { _ = os.RemoveAll(dir) }, err // a leftover in the temporary folder does no harm
}

// environment is the configuration of the demo's shop as an operator would
// write it. The same variables serve every other gerai command on its data.
func environment(f flags, id identity, dir, listening string, w *world) (map[string]string, error) {
	database := f.database
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok && path != "" {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("--database: %w", err)
		}
		database = "sqlite:" + abs
	}
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "gerai.db")
	}
	env := map[string]string{
		"GERAI_ADDR": reachable(listening), "GERAI_BASE_URL": "http://" + named(f.addr, reachable(listening)), "GERAI_DATABASE": database,
		"GERAI_SECRET_KEY": id.SecretKey, "GERAI_XENDIT_KEY": id.GatewayKey, "GERAI_XENDIT_CALLBACK_TOKEN": id.CallbackToken,
		"GERAI_XENDIT_URL": "http://" + w.addr, "GERAI_PAYER_NAME": "GERAI NUSANTARA", passwordVariable: id.RouterPassword}
	if f.redis != "" {
		env["GERAI_REDIS_URL"] = f.redis
	}
	return env, nil
}

// passwordVariable holds the routers' password in demo.yaml.
const passwordVariable = "GERAI_ROUTER_DEMO"

// openShop opens the product on its configuration and fills it with demo data.
func openShop(ctx context.Context, f flags, id identity, w *world, l net.Listener, env map[string]string, log *slog.Logger) (*app.App, error) {
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	c, err := config.Load(environ)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	// The simulator serves any number of reads, and load tests come from one address.
	limits := shop.DefaultLimits
	limits.OrdersPerClient = cache.Limit{Count: 60_000, Per: time.Minute}
	limits.GatewayReads = cache.Limit{Count: 60_000, Per: time.Minute}
	limits.CreatesPerGateway = cache.Limit{Count: 60_000, Per: time.Minute}
	limits.UnpaidPerClient = 60_000
	a, err := app.Open(ctx, c, log, app.WithLimits(limits), app.WithListener(l), app.WithClock(ahead(f.ahead)))
	if err != nil {
		return nil, err
	}
	if err := setUpShop(ctx, a, id, w); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func setUpShop(ctx context.Context, a *app.App, id identity, w *world) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	getenv := func(string) string { return id.RouterPassword }
	c, err := catalog.ParseDocument(demoYAML, getenv, func(name string) ([]byte, error) { return nil, fmt.Errorf("%s: the demo has no files", name) })
	if err != nil {
		return err
	}
	outfitted := true
	for i := range c.Routers {
		c.Routers[i].Address = reachable(w.routers[i].Addr())
		// A router that was set up in an earlier run keeps the account it got.
		if old, err := a.Store.Router(ctx, c.Routers[i].ID); err == nil && old.TLS {
			c.Routers[i].Router = old.Router
			c.Routers[i].Address = reachable(w.routers[i].TLSAddr())
			continue
		}
		outfitted = false
	}
	if err := a.Shop.Catalogue.ApplyCatalogue(ctx, actor.Named("demo"), c); err != nil {
		return err
	}
	if !outfitted {
		if err := provision(ctx, a, w); err != nil {
			return err
		}
	}
	if err := oneStep(ctx, a); err != nil {
		return err
	}
	if _, err := a.Accounts.Add(ctx, actor.Named("demo"), adminUser, staff.Admin, id.AdminPassword); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return makeStock(ctx, a)
}

// oneStep lets the printed password alone open the panel, unless the rules for accounts
// were changed.
func oneStep(ctx context.Context, a *app.App) error {
	if _, found, err := a.Store.StaffPolicy(ctx); err != nil || found {
		return err
	}
	rules := staff.DefaultPolicy
	rules.SecondFactor = nil
	return a.Accounts.SetPolicy(ctx, actor.Named("demo"), "", rules)
}

func baseURL(a *app.App) string { return a.Config.BaseURL }

// named is the address listened on under the name that was asked for: browsers
// allow passkeys at localhost, not at 127.0.0.1.
func named(asked, listening string) string {
	if host, _, err := net.SplitHostPort(asked); err == nil && host == "localhost" {
		if _, port, err := net.SplitHostPort(listening); err == nil {
			return net.JoinHostPort(host, port)
		}
	}
	return listening
}

// answers waits until the shop is ready or has failed.
func answers(ctx context.Context, url string, served <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-served:
			return fmt.Errorf("the shop ended: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the shop does not answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

func announce(out, notes io.Writer, a *app.App, id identity, w *world, env map[string]string) error {
	r := ready{ShopURL: baseURL(a), AdminURL: baseURL(a) + "/admin", AdminUser: adminUser, AdminPassword: id.AdminPassword,
		XenditURL: "http://" + w.addr, CallbackToken: id.CallbackToken, SimURL: "http://" + w.addr, Env: env}
	for _, x := range w.routers {
		r.Routers = append(r.Routers, readyRouter{Name: x.Name(), Addr: reachable(x.Addr()), TLSAddr: reachable(x.TLSAddr()), User: "gerai", Password: id.RouterPassword})
	}
	if err := tell(out, r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(notes, "\n  Shop   %s\n  Bank   %s/_sim/   (pay the orders here)\n  Panel  %s   (%s, %s)\n\n  Ctrl-C ends it.\n",
		r.ShopURL, r.SimURL, r.AdminURL, r.AdminUser, r.AdminPassword)
	return err
}

// tell prints the one line that scripts wait for.
func tell(out io.Writer, ready any) error {
	text, err := json.Marshal(ready)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "ready %s\n", text)
	return err
}
