package storetest

import (
	"context"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
)

// Start is when every test begins.
var Start = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// Fixture is a migrated store with a catalogue.
type Fixture struct {
	*store.Store
	testing.TB
	Clock    *clock.Fixed
	Keys     secret.Keys
	KeyText  string
	Database string
	serial   int
}

// ForEach runs fn on a fresh store of every engine.
func ForEach(t *testing.T, fn func(t *testing.T, f *Fixture)) {
	Databases(t, func(t *testing.T, database string) { fn(t, Open(t, database)) })
}

// Open opens and migrates one database.
func Open(t testing.TB, database string) *Fixture {
	t.Helper()
	f := &Fixture{TB: t, Clock: clock.NewFixed(Start), KeyText: secret.Generate(), Database: database}
	var err error
	f.Keys, err = secret.Parse(f.KeyText)
	f.Must(err)
	f.Store, err = store.Open(context.Background(), store.Options{Database: database, Keys: f.Keys, Clock: f.Clock})
	f.Must(err)
	t.Cleanup(func() { f.Must(f.Store.Close()) })
	f.Must(Ready(context.Background(), f.Store))
	f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(context.Background(), Catalogue()) })
	return f
}

// Catalogue is one site with one router and two plans.
func Catalogue() catalog.Catalogue {
	return catalog.Catalogue{Brand: catalog.DefaultBrand,
		Sites:   []catalog.Site{{ID: "s1", Slug: "kopi", Name: "Kopi", LoginHosts: []string{"a.example", "b.example"}, Policies: order.Policies{ActivationDelay: 3 * time.Second, RefundLate: true}, Failover: true}},
		Routers: []catalog.Router{{SiteID: "s1", Priority: 1, Router: hotspot.Router{ID: "r1", Name: "satu", Address: "10.0.0.1:8728", User: "gerai", Password: "rahasia sekali", TLS: true, Fingerprint: "ab", Server: "hs"}}},
		Plans: []catalog.Plan{{ID: "p1", SiteID: "s1", Name: "1 Hari", Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, UptimeLimit: time.Hour, DataLimit: 7, RateLimit: "1M/2M", SharedUsers: 2, Note: "laris"},
			{ID: "p2", SiteID: "s1", Name: "2 Hari", Price: 9000, ValidFrom: order.FromPurchase, SharedUsers: 1, Position: 1}}}
}

// Must fails the test on an error.
func (f *Fixture) Must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// Write runs fn in a transaction that has to succeed.
func (f *Fixture) Write(fn func(tx *store.Tx) error) {
	f.Helper()
	f.Must(f.InTx(context.Background(), actor.Named("test"), fn))
}

// Order makes a new, unsaved order with codes of its own.
func (f *Fixture) Order() order.Order {
	f.serial++
	n := f.serial
	digits := func(width int) string {
		out := make([]byte, width)
		for i, x := width-1, n; i >= 0; i, x = i-1, x/8 {
			out[i] = order.Symbols[x%8]
		}
		return string(out)
	}
	token := "0123456789abcdef0123456789abcdef" + digits(8)
	c := Catalogue()
	return order.Order{ID: order.ID("o" + digits(9)), Code: order.Code(digits(8)), Token: order.Token(token), Nonce: "nonce-" + digits(9), SiteID: "s1", Lang: "id", Phone: "+6281234567890",
		Item: c.Plans[0].Item(c.Sites[0]), Total: 5000, Username: "u" + digits(9), Password: "234567", Hints: order.Hints{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.0.0.9", LoginURL: "http://a", OrigURL: "http://b", ServerName: "hs"},
		AttemptNo: 1, Channel: order.Online, Status: order.Pending, Flags: []order.Flag{order.FlagTest}, Test: true, CreatedAt: f.Clock.Now(), ExpiresAt: f.Clock.Now().Add(30 * time.Minute), Version: 1}
}

// Insert saves a new order and its first attempt.
func (f *Fixture) Insert() order.Order {
	f.Helper()
	o := f.Order()
	f.Write(func(tx *store.Tx) error {
		if err := tx.InsertOrder(context.Background(), o); err != nil {
			return err
		}
		return tx.InsertAttempt(context.Background(), order.Attempt{ID: "a" + string(o.ID), OrderID: o.ID, No: 1, Method: "qris", Amount: o.Total, Reference: string(o.Code) + "-1", Key: "k" + string(o.ID),
			State: order.Creating, ExpiresAt: o.ExpiresAt, CreatedAt: o.CreatedAt})
	})
	return o
}
