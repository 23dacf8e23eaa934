package golden

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/testenv"
)

// start is the time at which every shop of this package begins.
var start = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// What a shop of this package is made with. The key seals only what simulators
// know.
const (
	baseURL       = "http://gerai.example"
	callbackToken = "callback-token-of-the-goldens"
	metricsToken  = "metrics-token-of-the-goldens"
	gatewayKey    = "xnd_development_goldens"
	routerSecret  = "rahasia-router"
	sealingKey    = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	demoCatalogue = "../../cmd/gerai-demo/demo.yaml"
)

// versions are those of the demo's routers.
var versions = []struct{ id, version string }{{"pojok", "7.16"}, {"melati-a", "6.49"}, {"melati-b", "7.22"}}

// world is the whole program on a clock that stands, with a simulated gateway and
// simulated routers. Nothing happens in it but by request or by runAll.
type world struct {
	testing.TB
	dir     string
	clock   *clock.Fixed
	app     *app.App
	gateway *xenditsim.Sim
	routers map[string]*routerossim.Router
	addr    string
	end     func()
}

// seeded is a random source that tells the same every time. Draws of one size are
// a stream of their own, so that one id more moves no code.
type seeded struct {
	mu      sync.Mutex
	seed    uint64
	streams map[int]*rand.ChaCha8
}

// seedOf is a source for a program that starts at a time: a later one on the same
// data must not draw the same again.
func seedOf(at time.Time) *seeded {
	return &seeded{seed: uint64(at.UnixMilli()), streams: map[int]*rand.ChaCha8{}}
}

func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	src := s.streams[len(p)]
	if src == nil {
		var seed [32]byte
		binary.BigEndian.PutUint64(seed[:8], s.seed)
		binary.BigEndian.PutUint64(seed[8:], uint64(len(p)))
		src = rand.NewChaCha8(seed)
		s.streams[len(p)] = src
	}
	return src.Read(p)
}

// newWorld starts a program on the data folder at a time; an empty folder makes
// a new shop.
func newWorld(t testing.TB, dir string, at time.Time) *world {
	t.Helper()
	w := &world{TB: t, dir: dir, clock: clock.NewFixed(at), routers: map[string]*routerossim.Router{}}
	var closers []func() error
	var once sync.Once
	w.end = func() {
		once.Do(func() {
			for i := len(closers) - 1; i >= 0; i-- {
				w.must(closers[i]())
			}
		})
	}
	t.Cleanup(w.end)
	text, err := os.ReadFile(demoCatalogue)
	w.must(err)
	c, err := catalog.ParseDocument(text, func(string) string { return routerSecret }, func(string) ([]byte, error) { return nil, os.ErrNotExist })
	w.must(err)
	for i, v := range versions {
		r, err := routerossim.New(routerossim.Options{Name: v.id, User: "gerai", Password: routerSecret, Version: v.version, Addr: "127.0.0.1:0", Now: w.clock.Now,
			StateFile: filepath.Join(dir, "router-"+v.id+".jsonl")})
		w.must(err)
		w.must(r.Start())
		closers = append(closers, r.Close)
		w.routers[v.id] = r
		c.Routers[i].Address = r.Addr()
	}
	w.gateway, err = xenditsim.New(xenditsim.Options{APIKey: gatewayKey, CallbackToken: callbackToken, MerchantName: "Gerai", Seed: uint64(at.UnixMilli()), Now: w.clock.Now, StateFile: filepath.Join(dir, "xendit.jsonl")})
	w.must(err)
	closers = append(closers, w.gateway.Close)
	api := httptest.NewServer(w.gateway.Handler())
	closers = append(closers, func() error { api.Close(); return nil })
	closers = append(closers, w.run(api.URL, c))
	w.gateway.SetWebhookURL("http://" + w.addr + "/webhooks/xendit")
	return w
}

// run opens the program, gives it the catalogue and serves.
func (w *world) run(gateway string, c catalog.Catalogue) (closer func() error) {
	w.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.addr = l.Addr().String()
	settings, err := config.Load([]string{"GERAI_ADDR=" + w.addr, "GERAI_BASE_URL=" + baseURL, "GERAI_DATABASE=sqlite:" + filepath.Join(w.dir, "gerai.db"), "GERAI_SECRET_KEY=" + sealingKey,
		"GERAI_XENDIT_KEY=" + gatewayKey, "GERAI_XENDIT_CALLBACK_TOKEN=" + callbackToken, "GERAI_XENDIT_URL=" + gateway, "GERAI_PAYER_NAME=GERAI NUSANTARA",
		"GERAI_METRICS_TOKEN=" + metricsToken, "GERAI_GATEWAY_READS_PER_MINUTE=18000", "GERAI_ORDERS_PER_MINUTE=100000"})
	w.must(err)
	log := slog.New(slog.DiscardHandler)
	if os.Getenv("GERAI_TEST_LOG") != "" {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	ctx, stop := context.WithCancel(context.Background())
	w.app, err = app.Open(ctx, settings, log, app.WithClock(w.clock), app.WithListener(l), app.WithRandom(seedOf(w.clock.Now())), app.WithoutBackground())
	if err != nil {
		stop()
		w.Fatal(err)
	}
	_, err = w.app.Migrate(ctx)
	if err == nil {
		err = w.app.Shop.Catalogue.ApplyCatalogue(ctx, actor.Named("demo"), c)
	}
	if err != nil {
		stop()
		w.Fatal(errors.Join(err, w.app.Close()))
	}
	ended := make(chan error, 1)
	go func() { ended <- w.app.Run(ctx) }()
	testenv.Eventually(w, 20*time.Second, func() (bool, string) {
		res, err := http.Get("http://" + w.addr + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK, res.Status
	})
	http.DefaultClient.CloseIdleConnections()
	return func() error {
		stop()
		return errors.Join(<-ended, w.app.Close())
	}
}

// runAll lets every webhook arrive and all work that is due be done. Each
// periodic task runs once: how often a router was asked is counted.
func (w *world) runAll() {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	w.work(ctx)
	w.must(w.app.Tasks(ctx))
	w.work(ctx)
}

// work delivers webhooks and runs jobs until neither makes more of the other.
func (w *world) work(ctx context.Context) {
	w.Helper()
	for {
		w.must(w.gateway.Drain(ctx))
		n, err := w.app.Jobs(ctx)
		w.must(err)
		if n == 0 {
			return
		}
	}
}

// later lets time pass and what is due by then be done.
func (w *world) later(d time.Duration) {
	w.Helper()
	w.clock.Add(d)
	w.gateway.Tick()
	w.runAll()
}

// pay pays an attempt of an order at the bank; 0 is what is asked for.
func (w *world) pay(reference string, amount int64) {
	w.Helper()
	_, err := w.gateway.Pay(xenditsim.PayIn{ReferenceID: reference, Amount: amount})
	w.must(err)
	w.runAll()
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
