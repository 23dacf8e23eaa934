package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gerai/internal/clock"
	"gerai/internal/secret"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

// identity is what a demo folder remembers between runs.
type identity struct {
	SecretKey      string `json:"secret_key"`
	GatewayKey     string `json:"gateway_key"`
	CallbackToken  string `json:"callback_token"`
	AdminPassword  string `json:"admin_password"`
	RouterPassword string `json:"router_password"`
}

func draw() string {
	b := make([]byte, 12)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// remember reads the folder's identity or makes one.
func remember(dir string) (identity, error) {
	path := filepath.Join(dir, "demo.json")
	var id identity
	text, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(text, &id); err != nil {
			return id, fmt.Errorf("%s is damaged: %w", path, err)
		}
		return id, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return id, err
	}
	id = identity{SecretKey: secret.Generate(), GatewayKey: "xnd_development_" + draw(), CallbackToken: draw(), AdminPassword: strings.ToLower(rand.Text()), RouterPassword: draw()}
	if text, err = json.MarshalIndent(id, "", "  "); err != nil {
		return id, err
	}
	// Written aside and renamed: a kill in between leaves no half file.
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return id, err
	}
	return id, os.Rename(path+".new", path)
}

// ahead is a clock that is set ahead of the machine's.
type ahead time.Duration

// Now returns the time over there.
func (a ahead) Now() time.Time { return clock.System{}.Now().Add(time.Duration(a)) }

// world is everything outside the shop.
type world struct {
	gateway *xenditsim.Sim
	routers []*routerossim.Router
	server  *http.Server
	addr    string
}

// demoRouters are the routers of demo.yaml with the versions they imitate, one
// of each age.
var demoRouters = []struct{ id, version string }{{"pojok-1", "7.16"}, {"melati-a", "6.49"}, {"melati-b", "7.22"}}

func startWorld(f flags, id identity, dir string, log *slog.Logger) (*world, error) {
	w := &world{}
	for i, r := range demoRouters {
		addr, err := following(f.routerosAddr, i)
		if err != nil {
			return w, err
		}
		host, _, _ := net.SplitHostPort(addr)
		secure := net.JoinHostPort(host, "0")
		sim, err := routerossim.New(routerossim.Options{Name: r.id, User: "gerai", Password: id.RouterPassword, Version: r.version, Addr: addr, TLSAddr: secure,
			StateFile: filepath.Join(dir, "router-"+r.id+".jsonl"), Log: log, Now: ahead(f.ahead).Now})
		if err != nil {
			return w, fmt.Errorf("router %s: %w", r.id, err)
		}
		if err := sim.Start(); err != nil {
			return w, fmt.Errorf("router %s: %w", r.id, err)
		}
		w.routers = append(w.routers, sim)
	}
	var err error
	w.gateway, err = xenditsim.New(xenditsim.Options{APIKey: id.GatewayKey, CallbackToken: id.CallbackToken, TimeScale: f.fast,
		StateFile: gatewayFile(dir), MerchantName: "Gerai", Seed: uint64(time.Now().UnixNano()), Log: log, Now: ahead(f.ahead).Now})
	if err != nil {
		return w, err
	}
	mux := http.NewServeMux()
	routers := routerossim.Handler(w.routers...)
	mux.Handle("/_sim/routers", routers)
	mux.Handle("/_sim/routers/", routers)
	mux.Handle("/", w.gateway.Handler())
	l, err := net.Listen("tcp", f.simAddr)
	if err != nil {
		return w, fmt.Errorf("--sim-addr: %w", err)
	}
	w.addr = reachable(l.Addr().String())
	w.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := w.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("simulators stopped", "error", err)
		}
	}()
	return w, nil
}

// following returns the address i ports after the first; port 0 stays 0.
func following(addr string, i int) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("--routeros-addr: %w", err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("--routeros-addr: port %q is no number", port)
	}
	if n != 0 {
		n += i
	}
	return net.JoinHostPort(host, strconv.Itoa(n)), nil
}

// reachable is a listen address as programs on this machine can call it: one
// that stands for every interface is not for calling.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func (w *world) close() error {
	var errs []error
	if w.server != nil {
		errs = append(errs, w.server.Close())
	}
	if w.gateway != nil {
		errs = append(errs, w.gateway.Close())
	}
	for _, r := range w.routers {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}
