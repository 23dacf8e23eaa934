package catalogue_test

import (
	"errors"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// newest is the change of a subject that was made last.
func newest(k *shoptest.Harness, subject string) store.CatalogueChange {
	k.Helper()
	all, err := k.Shop.Catalogue.Changes(ctx, nil, "", 100)
	k.Must(err)
	for _, c := range all {
		if c.Subject == subject {
			return c
		}
	}
	k.Fatal("no change of ", subject)
	return store.CatalogueChange{}
}

func plan(k *shoptest.Harness, id string) catalog.Plan {
	k.Helper()
	p, err := k.Store.Plan(ctx, id)
	k.Must(err)
	return p
}

// Each kind of change is listed with what was before and after, and taken back once.
func TestTakingBack(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a plan: the fields of the change alone, once, in its turn", Test: func(t *testing.T, k *shoptest.Harness) {
			edit(k, "sehari", catalog.Fields{"price": "6000"})
			first := newest(k, "plan:sehari")
			if first.Old["price"] != "5000" || first.New["price"] != "6000" || len(first.New) != 1 || first.By != admin.AuditName || first.SiteID != "kopi" {
				t.Fatalf("%+v", first)
			}
			edit(k, "sehari", catalog.Fields{"note": "baru"})
			edit(k, "sehari", catalog.Fields{"price": "7000"})
			if err := k.Shop.Catalogue.TakeBack(ctx, admin, first.ID); !errors.Is(err, catalogue.ErrChangedSince) {
				t.Fatal(err)
			}
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "plan:sehari").ID))
			for range 2 {
				k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, first.ID))
				if p := plan(k, "sehari"); p.Price != 5000 || p.Note != "baru" {
					t.Fatalf("%+v", p)
				}
			}
			if c, err := k.Store.CatalogueChange(ctx, first.ID); err != nil || c.TakenBackBy != admin.AuditName || c.TakenBackAt.IsZero() {
				t.Errorf("%+v %v", c, err)
			}
			if got := strings.Join(k.Audits("plan:sehari"), "\n"); strings.Count(got, " plan.take_back ") != 2 {
				t.Error(got)
			}
			// Taking back is a change like any other.
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "plan:sehari").ID))
			if p := plan(k, "sehari"); p.Price != 6000 {
				t.Error(p.Price)
			}
		}},
		{Name: "plans that were made, retired and moved", Test: func(t *testing.T, k *shoptest.Harness) {
			made, err := k.Shop.Catalogue.SavePlan(ctx, admin, catalogue.PlanForm{SiteID: "kopi", Fields: catalog.Fields{"name": "Baru", "price": "1000"}})
			k.Must(err)
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "plan:"+made.ID).ID))
			if !plan(k, made.ID).Retired() {
				t.Error("it is still sold")
			}
			k.Must(k.Shop.Catalogue.RetirePlan(ctx, admin, "sehari", "1 Hari", "tidak laku"))
			again, err := k.Shop.Catalogue.SavePlan(ctx, admin, catalogue.PlanForm{SiteID: "kopi", Fields: catalog.Fields{"name": "1 Hari", "price": "1000"}})
			k.Must(err)
			retired := newest(k, "plan:sehari").ID
			if err := k.Shop.Catalogue.TakeBack(ctx, admin, retired); fault.CodeOf(err) != "catalogue.plan_name_used" {
				t.Error("two of one name:", err)
			}
			edit(k, again.ID, catalog.Fields{"name": "Sehari Lain"})
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, retired))
			if p := plan(k, "sehari"); p.Retired() || p.Hidden {
				t.Errorf("%+v", p)
			}
			before, err := k.Store.Plans(ctx, "kopi")
			k.Must(err)
			k.Must(k.Shop.Catalogue.MovePlan(ctx, admin, before[0].ID, 0, 1))
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "site:kopi").ID))
			if after, err := k.Store.Plans(ctx, "kopi"); err != nil || after[0].ID != before[0].ID {
				t.Error("the order stays", err)
			}
		}},
		{Name: "sites, the brand with its logo, routers, promotions", Test: func(t *testing.T, k *shoptest.Harness) {
			site, err := k.Store.Site(ctx, "kopi")
			k.Must(err)
			_, err = k.Shop.Catalogue.SaveSite(ctx, admin, catalogue.SiteForm{ID: "kopi", Seen: site.Fields().Digest(), Fields: catalog.Fields{"name": "Kopi Baru", "slug": "kopi-baru"}})
			k.Must(err)
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "site:kopi").ID))
			if now, err := k.Store.Site(ctx, "kopi"); err != nil || now.Name != site.Name || now.Slug != site.Slug {
				t.Errorf("%+v %v", now, err)
			}
			brand, err := k.Store.Brand(ctx)
			k.Must(err)
			k.Must(k.Shop.Catalogue.SaveBrand(ctx, admin, catalogue.BrandForm{Seen: brand.Fields().Digest(), Fields: catalog.Fields{"tagline": "Cepat"}}))
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "brand").ID))
			if now, err := k.Store.Brand(ctx); err != nil || now.Tagline != brand.Tagline {
				t.Error(now.Tagline, err)
			}
			p, err := k.Shop.Catalogue.CreatePromotion(ctx, admin, nil, catalog.Promotion{Name: "Akhir pekan", DiscountKind: catalog.PercentOff, Value: 10, Weekdays: 65, Hours: catalog.Hours{From: 60, Until: 120}}, k.NextNonce())
			k.Must(err)
			changed := p
			changed.Value, changed.Hours, changed.MostUses = 20, catalog.Hours{}, 5
			k.Must(k.Shop.Catalogue.SavePromotion(ctx, admin, nil, changed))
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "promotion:"+p.ID).ID))
			if now, err := k.Store.Promotion(ctx, p.ID); err != nil || now.Value != 10 || now.Hours != p.Hours || now.MostUses != 0 || now.Weekdays != 65 {
				t.Errorf("%+v %v", now, err)
			}
			k.Must(k.Shop.Catalogue.EndPromotion(ctx, admin, nil, p.ID, "sudah cukup"))
			k.WantCode(k.Shop.Catalogue.TakeBack(ctx, admin, newest(k, "promotion:"+p.ID).ID), "promotion.over")
			k.Must(k.Store.InTx(ctx, admin, func(tx *store.Tx) error {
				r, err := tx.Router(ctx, "pojok")
				if err != nil {
					return err
				}
				r.SiteID = "kos"
				tx.NoteCatalogueChange(store.CatalogueChange{Subject: "router:pojok", Action: "router.site", Old: catalog.Fields{"site": "kopi"}, New: catalog.Fields{"site": "kos"}})
				return tx.PutRouter(ctx, r)
			}))
			moved := newest(k, "router:pojok")
			k.WantCode(k.Shop.Catalogue.TakeBack(ctx, actor.Actor{AuditName: "staff:kopi", Sites: []string{"kopi"}}, moved.ID), "catalogue.change_not_found")
			k.Must(k.Shop.Catalogue.TakeBack(ctx, admin, moved.ID))
			if r, err := k.Store.Router(ctx, "pojok"); err != nil || r.SiteID != "kopi" {
				t.Error(r.SiteID, err)
			}
		}},
		{Name: "what an account of one site sees", Test: func(t *testing.T, k *shoptest.Harness) {
			edit(k, "sehari", catalog.Fields{"price": "6000"})
			c := newest(k, "plan:sehari")
			all, err := k.Shop.Catalogue.Changes(ctx, []string{"kos"}, "", 100)
			k.Must(err)
			for _, x := range all {
				if x.SiteID != "kos" {
					t.Errorf("%+v", x)
				}
			}
			k.WantCode(k.Shop.Catalogue.TakeBack(ctx, actor.Actor{AuditName: "staff:kos", Sites: []string{"kos"}}, c.ID), "catalogue.change_not_found")
		}},
	})
}

// An import that keeps what the panel did applies the rest, and says what it keeps the next time
// as well; the routers of a file that was made without them stay.
func TestImportThatKeepsThePanel(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "fields, order, things", Test: func(t *testing.T, k *shoptest.Harness) {
		first := file(k)
		_, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: first})
		k.Must(err)
		edit(k, "sehari", catalog.Fields{"price": "6000"})
		made, err := k.Shop.Catalogue.SavePlan(ctx, admin, catalogue.PlanForm{SiteID: "kopi", Fields: catalog.Fields{"name": "Baru", "price": "1000"}})
		k.Must(err)
		k.Must(k.Shop.Catalogue.MovePlan(ctx, admin, "sehari", 0, 1))
		order, err := k.Store.Plans(ctx, "kopi")
		k.Must(err)
		for i := range first.Plans {
			if first.Plans[i].ID == "sehari" {
				first.Plans[i].Note = "dari berkas"
			}
		}
		in := catalogue.Import{Catalogue: first, KeepPanel: true, PasswordAgain: true}
		all, err := k.Shop.Catalogue.PlanImport(ctx, in)
		if k.Must(err); len(all) != 1 || len(marked(all)) != 0 || all[0].Fields[0].Field != "note" {
			t.Fatalf("%+v", all)
		}
		in.Shown = catalogue.DifferencesDigest(all)
		if _, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, in); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, in); !errors.Is(err, catalogue.ErrDifferencesChanged) {
			t.Error("applied twice:", err)
		}
		if p := plan(k, "sehari"); p.Price != 6000 || p.Note != "dari berkas" {
			t.Errorf("%+v", p)
		}
		if plan(k, made.ID).Hidden {
			t.Error("the panel's plan is hidden")
		}
		now, err := k.Store.Plans(ctx, "kopi")
		k.Must(err)
		for i := range now {
			if now[i].ID != order[i].ID {
				t.Errorf("%d is %s, was %s", i, now[i].ID, order[i].ID)
			}
		}
		all, err = k.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: first})
		k.Must(err)
		if got := strings.Join(marked(all), " "); !strings.Contains(got, "plan:sehari price 6000 > 5000") || !strings.Contains(got, "plan:"+made.ID+" hidden") {
			t.Error("the panel's work is named no more:", got)
		}
		exported, err := k.Shop.Catalogue.Export(ctx, admin, false)
		k.Must(err)
		parsed, err := catalog.ParseDocument(exported, func(string) string { return "" }, func(string) ([]byte, error) { return nil, errors.New("no file") })
		k.Must(err)
		if all, err := k.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: parsed, KeepRouters: catalogue.WithoutRouters(exported)}); err != nil || len(all) != 0 {
			t.Errorf("a file without routers: %+v %v", all, err)
		}
		first.Routers[0].Address = "192.0.2.9:8728"
		in.Shown = ""
		_, err = k.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: first, PasswordAgain: true})
		k.WantCode(err, "catalogue.router_password")
	}}})
}
