package main

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

func demoCatalogue(t *testing.T) catalog.Catalogue {
	t.Helper()
	c, err := catalog.ParseDocument(demoYAML, func(string) string { return "x" }, func(string) ([]byte, error) { return nil, io.EOF })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The same number makes the same past, another number another one.
func TestPastsRepeat(t *testing.T) {
	now := time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)
	make := func(seed uint64) (all []store.History) {
		f := seedFlags{orders: 700, vouchers: 20, days: 30, seed: seed}
		p := newPast(demoCatalogue(t), f, time.FixedZone("WIB", 7*3600), now)
		for range 4 {
			all = append(all, p.next(200))
		}
		return all
	}
	a, b, c := make(1), make(1), make(2)
	if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Error("the seed does not decide")
	}
	n, last := 0, time.Time{}
	for _, h := range a {
		for _, o := range h.Orders {
			if n++; o.CreatedAt.Before(last) || o.CreatedAt.After(now) {
				t.Fatalf("order %d at %s after %s", n, o.CreatedAt, last)
			}
			last = o.CreatedAt
		}
	}
	if n != 700 || len(a[3].Vouchers) == 0 {
		t.Errorf("%d orders", n)
	}
}

// What is seeded holds what a real past holds: statuses follow from facts, the
// trail is sound, sums agree.
func TestSeedIsSound(t *testing.T) {
	testenv.Databases(t, func(t *testing.T, database string) {
		t.Setenv("GERAI_SECRET_KEY", secret.Generate())
		f := seedFlags{orders: 1500, vouchers: 3000, days: 40, seed: 3, database: database}
		var out bytes.Buffer
		if err := seed(t.Context(), f, &out); err != nil || !strings.HasPrefix(out.String(), "seeded 1500 orders and 3000 vouchers") {
			t.Fatal(out.String(), err)
		}
		if err := seed(t.Context(), f, io.Discard); err == nil {
			t.Error("seeded twice")
		}
		tool, err := openSeed(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		defer tool.Close()
		if _, err := tool.Store.VerifyAudit(t.Context()); err != nil {
			t.Error(err)
		}
		seen := map[order.Status]int{}
		var before store.Cursor
		for {
			page, err := tool.Store.ListOrders(t.Context(), store.OrderFilter{Before: before})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page {
				seen[o.Status]++
				sound(t, tool.Store, o)
				before = store.Cursor{CreatedAt: o.CreatedAt, ID: o.ID}
			}
			if len(page) == 0 {
				break
			}
		}
		if seen[order.Activated] < 1000 || seen[order.Expired] < 100 || seen[order.Cancelled] == 0 {
			t.Errorf("%v", seen)
		}
		wrong, compared, err := tool.Shop.Reports.CheckReports(t.Context())
		if err != nil || len(wrong) > 0 || compared < 38 {
			t.Errorf("%v of %d days differ (%v)", wrong, compared, err)
		}
		books, err := tool.Shop.Reports.Books(t.Context(), report.Filter{From: "2020-01-01", To: tool.Shop.Reports.ThisDay(), Test: true})
		if sum := report.Total(books.Cells, nil); err != nil || sum.Sold < 1000 || sum.Back == 0 || sum.In <= sum.Sales {
			t.Errorf("%+v %v", sum, err)
		}
	})
}

func sound(t *testing.T, s *store.Store, o order.Order) {
	t.Helper()
	_, f, err := s.Facts(context.Background(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	v := order.Derive(f, time.Now())
	if v.Status != o.Status || !v.PaidAt.Equal(o.PaidAt) {
		t.Errorf("order %s is %s, its facts say %s", o.ID, o.Status, v.Status)
	}
	if (f.Activation == nil) == (o.Status == order.Activated) {
		t.Errorf("order %s is %s, activation %v", o.ID, o.Status, f.Activation)
	}
}
