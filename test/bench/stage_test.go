package bench

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

const callbackToken = "bench-callback-token"

// stage is the product as it is shipped with its usual settings, and what surrounds it, each in a process of its own.
type stage struct {
	*demo
	engine   string
	database string
	env      []string // of the shop, but for its address
	sites    []string // slugs
	plans    []string // what is bought at each of them

	shopPID, simPID, postgresPID, redisPID int // 0: there is none
}

// staged says what a stage has.
type staged struct {
	routers      int           // 0: one
	commandTakes time.Duration // of a router
	database     string        // a past of gerai-demo seed; "": a fresh one
	panel        bool          // the account that measures may sign in
	streams      int           // how many event streams may be open, 0: as many as usual
}

// setStage starts simulators and shop; the budgets of one address and of the gateway are as high as the configuration allows, because
// all customers come from one machine.
func setStage(t testing.TB, e engine, o staged) *stage {
	t.Helper()
	build(t)
	s := &stage{demo: &demo{TB: t, Token: callbackToken}, engine: e.name}
	seeded := o.database != ""
	if s.database = o.database; !seeded {
		s.database = e.database(t)
	}
	addr := free(t)
	s.Shop = "http://" + addr
	routers := max(1, o.routers)
	if seeded {
		routers = 3 // the demo's
	}
	var around surrounded
	s.simPID = accompany(t, "simulators", surroundings{Token: callbackToken, Webhook: s.Shop + "/webhooks/xendit", Routers: routers, CommandTakes: o.commandTakes}, &around)
	s.Sim = around.URL
	s.stock(around.Routers, seeded)
	if o.panel {
		admitBench(t, s.database, benchKey)
	}
	redis := e.redis(t)
	s.env = []string{"GERAI_DATABASE=" + s.database, "GERAI_REDIS_URL=" + redis, "GERAI_SECRET_KEY=" + benchKey,
		"GERAI_XENDIT_KEY=xnd_development_bench", "GERAI_XENDIT_CALLBACK_TOKEN=" + callbackToken, "GERAI_XENDIT_URL=" + s.Sim,
		"GERAI_GATEWAY_READS_PER_MINUTE=18000", "GERAI_ORDERS_PER_MINUTE=100000", "PATH=/usr/bin:/bin"}
	if o.streams > 0 {
		s.shopPID = s.serveRoomy(addr, o.streams)
	} else {
		s.cmd = s.serve(addr)
		s.shopPID = s.cmd.Process.Pid
	}
	if e.shared {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var err error
		if s.postgresPID, err = postmaster(ctx, s.database); err == nil {
			s.redisPID, err = redisProcess(ctx, redis)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// serve starts a process of the shop and waits until it is ready.
func (s *stage) serve(addr string) *exec.Cmd {
	s.Helper()
	dir := s.TempDir()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		s.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(binaries, "gerai"), "serve")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = s.envAt(addr, dir)
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		_ = cmd.Process.Kill() // it may be gone already
		_ = cmd.Wait()
		if s.Failed() {
			if text, err := os.ReadFile(log.Name()); err == nil {
				s.Logf("the log of %s ends:\n%s", addr, text[max(0, len(text)-3000):])
			}
		}
		log.Close()
	})
	s.ready(addr)
	return cmd
}

// envAt is the environment of a process of the shop.
func (s *stage) envAt(addr, dir string) []string {
	return append(slices.Clone(s.env), "GERAI_ADDR="+addr, "GERAI_BASE_URL="+s.Shop, "HOME="+dir)
}

// ready waits until a process of the shop is.
func (s *stage) ready(addr string) {
	s.Helper()
	testenv.Eventually(s.TB, 30*time.Second, func() (bool, string) {
		res, err := client.Get("http://" + addr + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK, res.Status
	})
}

// stock fills a database with a catalogue: a site with one router and some plans for each router, or where there is a past already the
// demo's, whose routers are here now.
func (s *stage) stock(routers []string, seeded bool) {
	s.Helper()
	c := s.catalogue(routers)
	if seeded {
		c = s.demoCatalogue(routers)
	}
	keys, err := secret.Parse(benchKey)
	if err != nil {
		s.Fatal(err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Database: s.database, Keys: keys, Clock: clock.System{}})
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Migrate(ctx); err != nil {
		s.Fatal(err)
	}
	if err := db.InTx(ctx, actor.Named("bench"), func(tx *store.Tx) error { return tx.PutCatalogue(ctx, c) }); err != nil {
		s.Fatal(err)
	}
}

// offers are the plans of a site.
var offers = []struct {
	id, name string
	price    money.Rupiah
}{{"2jam", "2 Jam", 3000}, {"1hari", "1 Hari", 5000}, {"7hari", "7 Hari", 25000}}

func (s *stage) catalogue(routers []string) catalog.Catalogue {
	c := catalog.Catalogue{Brand: catalog.DefaultBrand}
	for i, address := range routers {
		id := routerName(i)
		s.sites, s.plans = append(s.sites, "site-"+id), append(s.plans, id+"-1hari")
		c.Sites = append(c.Sites, catalog.Site{ID: id, Slug: s.sites[i], Name: s.sites[i], Timezone: "Asia/Jakarta"})
		for _, p := range offers {
			c.Plans = append(c.Plans, catalog.Plan{ID: id + "-" + p.id, SiteID: id, Name: p.name, Price: p.price, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "2M/5M", SharedUsers: 1})
		}
		c.Routers = append(c.Routers, catalog.Router{SiteID: id, Router: hotspot.Router{ID: id, Name: id, Address: address, User: routerUser, Password: routerPassword}})
	}
	return c
}

// demoCatalogue is what gerai-demo seed filled a past with.
func (s *stage) demoCatalogue(routers []string) catalog.Catalogue {
	s.Helper()
	text, err := os.ReadFile("../../cmd/gerai-demo/demo.yaml")
	if err != nil {
		s.Fatal(err)
	}
	c, err := catalog.ParseDocument(text, func(string) string { return routerPassword }, func(name string) ([]byte, error) { return nil, fmt.Errorf("%s: the demo has no files", name) })
	if err != nil {
		s.Fatal(err)
	}
	for i := range c.Routers {
		c.Routers[i].Address = routers[i]
	}
	s.sites, s.plans = []string{"kopi-pojok"}, []string{"kopi-1hari"}
	return c
}

// work is processor time by who used it.
type work struct{ shop, postgres, redis, simulators, generator time.Duration }

func (w work) minus(v work) work {
	return work{w.shop - v.shop, w.postgres - v.postgres, w.redis - v.redis, w.simulators - v.simulators, w.generator - v.generator}
}

func (w work) all() time.Duration { return w.shop + w.postgres + w.redis + w.simulators + w.generator }

// worked reads what each process has used so far.
func (s *stage) worked() (w work) {
	s.Helper()
	read := func(of func(int) (time.Duration, error), pid int) time.Duration {
		if pid == 0 {
			return 0
		}
		d, err := of(pid)
		if err != nil {
			s.Fatal(err)
		}
		return d
	}
	return work{read(processTime, s.shopPID), read(familyTime, s.postgresPID), read(processTime, s.redisPID), read(processTime, s.simPID), ownTime()}
}

// perOrder says processor time per order in milliseconds.
func perOrder(d time.Duration, orders int) string {
	if orders == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000/float64(orders))
}
