package storefront

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// A page of plans asks the database nothing while nothing changes, under each of its
// addresses, in each language, with and without the browser's copy.
func TestASecondPlanPageMakesNoStatement(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		var statements atomic.Int64
		v := open(t, shoptest.OnDatabase(database), shoptest.Counting(&statements), shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[1].Hidden = true }))
		pages := []string{"/h/kopi-pojok", "/H/KOPI-POJOK", "/h/kopi-pojok?lang=en", "/"}
		tags := map[string]string{}
		for _, path := range pages {
			a := v.get(path)
			a.page(http.StatusOK)
			tags[path] = a.Header.Get("ETag")
		}
		if statements.Load() == 0 {
			t.Fatal("nothing is counted")
		}
		statements.Store(0)
		for _, path := range pages {
			v.get(path, "Accept-Encoding", "gzip")
			v.get(path).page(http.StatusOK)
			if a := v.get(path, "If-None-Match", tags[path]); a.StatusCode != http.StatusNotModified {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
		}
		if n := statements.Load(); n != 0 {
			t.Errorf("%d statements", n)
		}
		v.Resell(func(c *catalog.Catalogue) { c.Plans[0].Price = 7000 })
		statements.Store(0)
		if price := v.get(pages[0]).page(http.StatusOK).Find("form.plan .price").First().Text(); !strings.Contains(price, "Rp7.000") || statements.Load() == 0 {
			t.Errorf("%s after %d statements", price, statements.Load())
		}
	})
}

// What another replica changes is read as soon as its message has come.
func TestAChangeByAnotherReplicaShows(t *testing.T) {
	url := testenv.Redis(t)
	v := open(t)
	log := slog.New(slog.DiscardHandler)
	bus := func() cache.Cache {
		c, err := cache.NewRedis(url, "gerai:", v.Clock, log)
		v.Must(err)
		t.Cleanup(func() { v.Must(c.Close()) })
		return c
	}
	here, there := bus(), bus()
	streams := httpx.NewStreams(0)
	second := New(Options{Shop: v.Shop, Store: v.Store, Bus: here, Streams: streams, Clock: v.Clock, Random: rand.Reader, Log: log, Zone: v.Shop.Zone, BaseURL: "http://shop.test", Live: v.Shop.Live})
	t.Cleanup(second.Close)
	app := httpx.NewServer(httpx.Options{OnError: second.ErrorPage})
	second.Mount(app)
	price := func() string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://shop.test/h/kopi-pojok", nil)
		v.Must(err)
		res, err := app.Test(req, -1)
		v.Must(err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		v.Must(err)
		for _, p := range []string{"Rp5.000", "Rp7.000"} {
			if strings.Contains(string(body), p) {
				return p
			}
		}
		return ""
	}
	if got := price(); got != "Rp5.000" {
		t.Fatal(got)
	}
	ctx := context.Background()
	c, err := v.Store.Catalogue(ctx)
	v.Must(err)
	c.Plans[0].Price = 7000
	v.Must(v.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.PutCatalogue(ctx, c) }))
	if got := price(); got != "Rp5.000" {
		t.Fatal("nothing told of the change yet:", got)
	}
	testenv.Eventually(t, 10*time.Second, func() (bool, string) {
		there.Publish(ctx, "catalogue", "") // the subscription may still be on its way
		return price() == "Rp7.000", "the other replica's change does not show"
	})
}
