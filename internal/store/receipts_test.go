package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

func issue(f *storetest.Fixture, id order.ID, year int) (r store.Receipt, fresh bool) {
	f.Helper()
	f.Write(func(tx *store.Tx) (err error) {
		r, fresh, err = tx.IssueReceipt(ctx, store.Receipt{OrderID: id, Year: year, TaxPercent: 11, Tax: 495})
		return err
	})
	return r, fresh
}

func TestReceiptsAreNumberedByYear(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		a, b, c := f.Insert(), f.Insert(), f.Insert()
		if _, found, err := f.Receipt(ctx, a.ID); found || err != nil {
			t.Fatal("a receipt out of nowhere", err)
		}
		first, fresh := issue(f, a.ID, 2026)
		if !fresh || first.Number() != "2026-000001" || first.Tax != 495 || !first.IssuedAt.Equal(f.Clock.Now()) {
			t.Errorf("%+v", first)
		}
		if again, fresh := issue(f, a.ID, 2027); fresh || again != first {
			t.Errorf("a second number for one order: %+v", again)
		}
		if second, _ := issue(f, b.ID, 2026); second.No != 2 {
			t.Errorf("%+v", second)
		}
		if next, _ := issue(f, c.ID, 2027); next.Number() != "2027-000001" {
			t.Errorf("a new year begins at 1: %+v", next)
		}
		if read, found, err := f.Receipt(ctx, a.ID); err != nil || !found || read != first {
			t.Errorf("%+v %v", read, err)
		}
		if all, err := f.Receipts(ctx, 2026, 1); err != nil || len(all) != 1 || all[0].OrderID != b.ID {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// A number that was rolled back is given to the next: no gap.
func TestReceiptNumbersHaveNoGaps(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		const orders = 24
		var all []order.Order
		for range orders {
			all = append(all, f.Insert())
		}
		undone := errors.New("undone")
		var wait sync.WaitGroup
		for i, o := range all {
			for range 2 { // each order asks twice at once, and every third gives its number back first
				wait.Go(func() {
					fn := func(fail bool) error {
						return f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
							if _, _, err := tx.IssueReceipt(ctx, store.Receipt{OrderID: o.ID, Year: 2026}); err != nil {
								return err
							}
							if fail {
								return undone
							}
							return nil
						})
					}
					if i%3 == 0 {
						if err := fn(true); !errors.Is(err, undone) {
							t.Errorf("rolled back: %v", err)
						}
					}
					if err := fn(false); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wait.Wait()
		got, err := f.Receipts(ctx, 2026, 0)
		f.Must(err)
		var numbers []string
		for i, r := range got {
			if r.No != i+1 {
				t.Errorf("number %d stands at place %d", r.No, i+1)
			}
			numbers = append(numbers, string(r.OrderID))
		}
		slices.Sort(numbers)
		if len(slices.Compact(numbers)) != orders || len(got) != orders {
			t.Errorf("%d receipts of %d orders", len(got), orders)
		}
	})
}

// A shop that is older than the table of addresses keeps all of its own.
func TestOldAddressesSurviveTheMigration(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Must(store.MigrateDownTo(ctx, f.Store, 3))
		if _, err := f.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if s, err := f.SiteBySlug(ctx, "kopi"); err != nil || s.ID != "s1" {
			t.Errorf("%+v %v", s, err)
		}
	})
}

func TestAddressesAreNeverReused(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		c := storetest.Catalogue()
		c.Sites[0].Slug = "kopi-baru"
		f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(ctx, c) })
		for _, slug := range []string{"kopi", "kopi-baru"} {
			if s, err := f.SiteBySlug(ctx, slug); err != nil || s.ID != "s1" || s.Slug != "kopi-baru" {
				t.Errorf("%s: %+v %v", slug, s, err)
			}
		}
		other := c.Sites[0]
		other.ID, other.Slug = "s2", "kopi"
		c.Sites = append(c.Sites, other)
		err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.PutCatalogue(ctx, c) })
		if fault.CodeOf(err) != "catalogue.slug_taken" {
			t.Errorf("another site took a printed address: %v", err)
		}
		if s, err := f.SiteBySlug(ctx, "kopi"); err != nil || s.ID != "s1" {
			t.Error(fmt.Sprint(s.ID), err)
		}
		// Going back to an address of one's own is fine.
		c = storetest.Catalogue()
		f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(ctx, c) })
	})
}
