package shoptest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/jobs"
	"gerai/internal/jobs/runner"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/secret"
	"gerai/internal/shop"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/payments"
	"gerai/payments/xendit"
)

// Start is when every test begins.
var Start = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// Token is the callback token of the test gateway.
const Token = "token-of-the-test-gateway"

// Harness is one shop with everything around it.
type Harness struct {
	testing.TB
	Shop   *shop.Shop
	Store  *store.Store
	Runner *runner.Runner
	Clock  *clock.Fixed
	// Verifier hears the gateway and the routers, which tell k.Clock less what
	// SetClock set it ahead by.
	Verifier *clock.Verifier
	Cache    cache.Cache
	Gateway  *xendit.Gateway
	Xendit   *xenditsim.Sim
	API      *httptest.Server // the gateway's API and controls
	Hotspot  *routeros.Driver
	Keys     secret.Keys
	Routers  map[string]*routerossim.Router // by router id

	mu          sync.Mutex
	answers     []int // the webhook handler's answers
	webhookDown bool
	forgetful   bool // stores and answers 503
	selling     catalog.Catalogue
	reads       atomic.Int64
	creates     atomic.Int64
	gate        *gate
	panelKeys   *payments.Connection
	nonce       int
	dead        []jobs.Job
	options     shop.Options
	ahead       atomic.Int64 // what the shop's clock tells more than the outside's
}

// SetClock sets the shop's clock ahead of the outside's, or behind with a
// negative d; zero sets it right.
func (k *Harness) SetClock(ahead time.Duration) {
	k.Clock.Step(ahead - time.Duration(k.ahead.Swap(int64(ahead))))
}

// SetOutside has everything but the shop tell a time that is behind by so much.
func (k *Harness) SetOutside(behind time.Duration) { k.ahead.Store(int64(behind)) }

// Outside is the time everywhere but in the shop.
func (k *Harness) Outside() time.Time { return k.Clock.Now().Add(-time.Duration(k.ahead.Load())) }

// Option changes what New builds.
type Option func(*settings)

type settings struct {
	database string
	options  func(*shop.Options)
	catalog  func(*catalog.Catalogue)
	log      io.Writer
	five     bool
	trace    func(string)
}

// OnDatabase runs the shop on another database than a fresh SQLite file.
func OnDatabase(url string) Option { return func(s *settings) { s.database = url } }

// Counting counts the statements of the store.
func Counting(n *atomic.Int64) Option {
	return func(s *settings) { s.trace = func(string) { n.Add(1) } }
}

// With changes the shop's options.
func With(fn func(*shop.Options)) Option { return func(s *settings) { s.options = fn } }

// Selling changes the catalogue.
func Selling(fn func(*catalog.Catalogue)) Option { return func(s *settings) { s.catalog = fn } }

// Traced has the store tell of its statements and commits.
func Traced(tell func(what string)) Option { return func(s *settings) { s.trace = tell } }

// FiveRouters adds two sites with a router each: "taman" sells "tiga-jam" from the first login, "pasar" sells
// "seminggu".
func FiveRouters(s *settings) { s.five = true }

// New builds a shop that sells at two sites: "kopi" with one router, "kos"
// with two that may stand in for each other.
func New(t testing.TB, options ...Option) *Harness {
	t.Helper()
	set := settings{log: io.Discard}
	for _, o := range options {
		o(&set)
	}
	if set.database == "" {
		set.database = storetest.SQLite(t)
	}
	if os.Getenv("GERAI_TEST_LOG") != "" {
		set.log = os.Stderr
	}
	log := slog.New(slog.NewTextHandler(set.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	k := &Harness{TB: t, Clock: clock.NewFixed(Start), Routers: map[string]*routerossim.Router{}}
	k.Verifier = clock.NewVerifier(k.Clock)
	k.Must(k.openStore(set, log))
	k.startGateway(log)
	c := k.startRouters(set)
	k.selling = c
	k.Cache = cache.NewMemory(k.Clock)
	k.Hotspot = routeros.New(routeros.Options{Clock: k.Clock, Log: log, DialTimeout: time.Second, CallTimeout: 500 * time.Millisecond,
		OpTimeout: 3 * time.Second, BreakFor: time.Millisecond, LoginPause: time.Millisecond})
	k.gate = &gate{k.Gateway}
	limits := shop.DefaultLimits
	limits.OrdersPerClient = cache.Limit{Count: 1_000_000, Per: time.Minute}
	limits.GatewayReads = cache.Limit{Count: 1_000_000, Per: time.Minute}
	limits.CreatesPerGateway = cache.Limit{Count: 1_000_000, Per: time.Minute}
	limits.UnpaidPerClient = 1_000_000
	so := shop.Options{Store: k.Store, Gateway: k.gate, Hotspot: k.Hotspot, Cache: k.Cache, Clock: k.Clock, Keys: k.Keys, Log: log, Limits: &limits,
		BaseURL: "http://shop.test", Zone: time.FixedZone("WIB", 7*3600), OrderTTL: 30 * time.Minute, VAMinimum: 10000, PayerName: "GERAI",
		Verifier: k.Verifier, Instance: "test", Setup: k.setupSettings()}
	if set.options != nil {
		set.options(&so)
	}
	k.options = so
	k.Shop = shop.New(so)
	k.Must(k.Shop.Catalogue.ApplyCatalogue(context.Background(), actor.Named("test"), c))
	k.Runner = k.NewRunner()
	k.Shop.StartJobsAt(k.Runner)
	t.Cleanup(k.close)
	return k
}

// gate is the shop's gateway, which a test may exchange.
type gate struct{ payments.Gateway }

// Connected reports whether the gateway in use has an account.
func (g *gate) Connected() bool { return payments.Online(g.Gateway) }

// UseGateway exchanges the shop's gateway.
func (k *Harness) UseGateway(g payments.Gateway) { k.gate.Gateway = g }

// NewRunner returns one more runner on the same shop.
func (k *Harness) NewRunner() *runner.Runner {
	handlers := map[jobs.Kind]runner.Handler{}
	for kind, h := range k.Shop.Handlers() {
		handlers[kind] = h
	}
	return runner.New(runner.Options{Store: k.Store, Bus: k.Cache, Topic: shop.TopicJobs, Clock: k.Clock, Log: k.Shop.Log, Handlers: handlers,
		OnDead: func(ctx context.Context, j jobs.Job, cause error) {
			k.mu.Lock()
			k.dead = append(k.dead, j)
			k.mu.Unlock()
			k.Shop.Alerts.JobDead(ctx, j, cause)
		}})
}

func (k *Harness) openStore(set settings, log *slog.Logger) error {
	var err error
	if k.Keys, err = secret.Parse(secret.Generate()); err != nil {
		return err
	}
	ctx := context.Background()
	if k.Store, err = store.Open(ctx, store.Options{Database: set.database, Keys: k.Keys, Clock: k.Clock, Log: log, Trace: set.trace}); err != nil {
		return err
	}
	return storetest.Ready(ctx, k.Store)
}

func (k *Harness) startGateway(log *slog.Logger) {
	hook := httptest.NewServer(http.HandlerFunc(k.webhookHandler))
	var err error
	k.Xendit, err = xenditsim.New(xenditsim.Options{CallbackToken: Token, WebhookURL: hook.URL, Now: k.Outside, MerchantName: "Gerai", Seed: 1})
	k.Must(err)
	api := k.Xendit.Handler()
	k.API = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			k.reads.Add(1)
		}
		if r.Method == http.MethodPost && r.URL.Path == "/payment_requests" {
			k.creates.Add(1)
		}
		api.ServeHTTP(w, r)
	}))
	k.Gateway, err = xendit.New(xendit.Options{Key: "xnd_development_test", BaseURL: k.API.URL, CallbackTokens: []string{Token}, Timeout: 2 * time.Second, Log: log, Clock: k.Clock,
		Told: func(t time.Time) { k.Verifier.Tell(clock.SourceGateway, t) }})
	k.Must(err)
	k.Verifier.Asks(clock.SourceGateway, k.Gateway.Time)
	k.Cleanup(func() {
		k.Must(k.Xendit.Close())
		k.API.Close()
		hook.Close()
	})
}

// webhookHandler is the webhook handler without its web framework.
func (k *Harness) webhookHandler(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<17))
	if err != nil {
		status = http.StatusBadRequest
	}
	k.mu.Lock()
	down, forgetful := k.webhookDown, k.forgetful
	k.mu.Unlock()
	n, err := k.Gateway.ParseNotification(r.Header.Get, body)
	switch {
	case down:
		status = http.StatusServiceUnavailable
	case fault.Is(err, fault.Denied):
		status = http.StatusUnauthorized
	case err != nil:
		status = http.StatusBadRequest
	case k.Shop.Orders.RecordWebhookEvent(priority.With(r.Context(), priority.Urgent), n, body) != nil, forgetful:
		status = http.StatusServiceUnavailable
	}
	k.mu.Lock()
	k.answers = append(k.answers, status)
	k.mu.Unlock()
	w.WriteHeader(status)
}

func (k *Harness) startRouters(set settings) catalog.Catalogue {
	c := catalog.Catalogue{Brand: catalog.DefaultBrand,
		Sites: []catalog.Site{
			{ID: "kopi", Slug: "kopi-pojok", Name: "Kopi Pojok", Timezone: "Asia/Jakarta", LoginHosts: []string{"wifi.kopi.example"}},
			{ID: "kos", Slug: "kos-melati", Name: "Kos Melati", Timezone: "Asia/Makassar", Failover: true, Position: 1}},
		Plans: []catalog.Plan{
			{ID: "sehari", SiteID: "kopi", Name: "1 Hari", Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "2M/5M", SharedUsers: 1},
			{ID: "sejam", SiteID: "kopi", Name: "1 Jam", Price: 2000, Validity: time.Hour, UptimeLimit: time.Hour, DataLimit: 500_000_000, ValidFrom: order.FromPurchase, SharedUsers: 1},
			{ID: "bulanan", SiteID: "kos", Name: "Bulanan", Price: 85000, Validity: 720 * time.Hour, ValidFrom: order.FromPurchase, RateLimit: "5M/15M", SharedUsers: 3}}}
	k.startRouter(&c, "kopi", "pojok", "6.49")
	k.startRouter(&c, "kos", "melati-a", "7.16")
	k.startRouter(&c, "kos", "melati-b", "7.22")
	if set.five {
		c.Sites = append(c.Sites, catalog.Site{ID: "taman", Slug: "taman-kota", Name: "Taman Kota", Timezone: "Asia/Jayapura", Position: 2},
			catalog.Site{ID: "pasar", Slug: "pasar-baru", Name: "Pasar Baru", Timezone: "Asia/Jakarta", Position: 3})
		c.Plans = append(c.Plans,
			catalog.Plan{ID: "tiga-jam", SiteID: "taman", Name: "3 Jam", Price: 3000, Validity: 3 * time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "2M/5M", SharedUsers: 1},
			catalog.Plan{ID: "seminggu", SiteID: "pasar", Name: "1 Minggu", Price: 25000, Validity: 7 * 24 * time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "3M/8M", SharedUsers: 1})
		k.startRouter(&c, "taman", "taman", "6.49.10")
		k.startRouter(&c, "pasar", "pasar", "7.20")
	}
	if set.catalog != nil {
		set.catalog(&c)
	}
	return c
}

// startRouter starts a simulated router of a site and puts it into the catalogue.
func (k *Harness) startRouter(c *catalog.Catalogue, site, id, version string) {
	sim, err := routerossim.New(routerossim.Options{Name: id, User: "gerai", Password: "rahasia-" + id, Version: version, Addr: "127.0.0.1:0", Now: k.Outside})
	k.Must(err)
	k.Must(sim.Start())
	k.Routers[id] = sim
	k.Cleanup(func() { k.Must(sim.Close()) })
	c.Routers = append(c.Routers, catalog.Router{SiteID: site, Priority: len(c.Routers), Router: hotspot.Router{ID: id, Name: id, Address: sim.Addr(), User: "gerai", Password: "rahasia-" + id}})
}

func (k *Harness) close() {
	k.Must(k.Hotspot.Close())
	k.Must(k.Cache.Close())
	k.Must(k.Store.Close())
}

// NextNonce returns a nonce that no form had.
func (k *Harness) NextNonce() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.nonce++
	return fmt.Sprintf("nonce-of-form-%08d", k.nonce)
}
