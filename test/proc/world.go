package proc

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

// Token is the callback token of the simulated gateway.
const Token = "campaign-callback-token"

// World is everything around the program: simulators that keep running while
// the program is killed, and a database with a catalogue.
type World struct {
	testing.TB
	Gateway  *xenditsim.Sim
	API      *httptest.Server
	Routers  map[string]*routerossim.Router
	Database string
	Redis    string
	Keys     secret.Keys
	keyText  string
	Dir      string
}

// NewWorld starts the simulators and fills the database.
func NewWorld(t testing.TB, database, redis string) *World {
	t.Helper()
	w := &World{TB: t, Database: database, Redis: redis, Routers: map[string]*routerossim.Router{}, keyText: secret.Generate(), Dir: t.TempDir()}
	var err error
	w.Keys, err = secret.Parse(w.keyText)
	w.must(err)
	w.Gateway, err = xenditsim.New(xenditsim.Options{CallbackToken: Token, MerchantName: "Gerai", Seed: 1, TimeScale: 900})
	w.must(err)
	w.API = httptest.NewServer(w.Gateway.Handler())
	t.Cleanup(func() {
		w.must(w.Gateway.Close())
		w.API.Close()
	})
	c := catalog.Catalogue{Brand: catalog.DefaultBrand, Sites: []catalog.Site{{ID: "kopi", Slug: "kopi", Name: "Kopi", Timezone: "Asia/Jakarta"}},
		Plans: []catalog.Plan{{ID: "sehari", SiteID: "kopi", Name: "1 Hari", Price: 15000, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "2M/5M", SharedUsers: 1}}}
	r, err := routerossim.New(routerossim.Options{Name: "kopi-1", User: "gerai", Password: "rahasia", Version: "7.16", Addr: "127.0.0.1:0"})
	w.must(err)
	w.must(r.Start())
	t.Cleanup(func() { w.must(r.Close()) })
	w.Routers["kopi-1"] = r
	c.Routers = append(c.Routers, catalog.Router{SiteID: "kopi", Router: hotspot.Router{ID: "kopi-1", Name: "kopi-1", Address: r.Addr(), User: "gerai", Password: "rahasia"}})
	w.Store(func(s *store.Store) {
		_, err := s.Migrate(context.Background())
		w.must(err)
		w.must(s.InTx(context.Background(), actor.Named("test"), func(tx *store.Tx) error { return tx.PutCatalogue(context.Background(), c) }))
	})
	return w
}

// Store opens the database for a moment; on SQLite only while the program is
// down.
func (w *World) Store(fn func(*store.Store)) {
	w.Helper()
	s, err := store.Open(context.Background(), store.Options{Database: w.Database, Keys: w.Keys, Clock: clock.System{}})
	w.must(err)
	fn(s)
	w.must(s.Close())
}

// Env is the environment of one program.
func (w *World) Env(addr string) []string {
	return []string{"GERAI_ADDR=" + addr, "GERAI_BASE_URL=http://" + addr, "GERAI_DATABASE=" + w.Database, "GERAI_REDIS_URL=" + w.Redis,
		"GERAI_SECRET_KEY=" + w.keyText, "GERAI_XENDIT_KEY=xnd_development_campaign", "GERAI_XENDIT_CALLBACK_TOKEN=" + Token, "GERAI_XENDIT_URL=" + w.API.URL,
		"GERAI_GATEWAY_READS_PER_MINUTE=18000", "GERAI_ORDERS_PER_MINUTE=100000", "GERAI_LOG_LEVEL=warn", "GERAI_LOG_FORMAT=text", "PATH=/usr/bin:/bin", "HOME=" + w.Dir}
}

func (w *World) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// client never waits long: the program may be dead.
var client = &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func nonce(n int) string { return fmt.Sprintf("campaign-nonce-%010d", n) }
