package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

var (
	ctx   = context.Background()
	admin = actor.Named("staff:admin")
)

// edit changes a plan as the panel does.
func edit(k *shoptest.Harness, id string, f catalog.Fields) {
	k.Helper()
	p, err := k.Store.Plan(ctx, id)
	k.Must(err)
	_, err = k.Shop.Catalogue.SavePlan(ctx, admin, catalogue.PlanForm{ID: id, Seen: p.Fields().Digest(), Fields: f})
	k.Must(err)
}

// file is what the shop sells, as a file that was exported and read again.
func file(k *shoptest.Harness) catalog.Catalogue {
	k.Helper()
	now, err := k.Store.Catalogue(ctx)
	k.Must(err)
	c, err := catalog.ParseDocument(now.Document(), func(string) string { return "" }, func(string) ([]byte, error) { return nil, errors.New("no file") })
	k.Must(err)
	return c
}

// marked lists the fields that an import would take back.
func marked(all []catalog.Difference) (out []string) {
	for _, d := range all {
		for _, f := range d.Fields {
			if f.Panel {
				out = append(out, d.Subject()+" "+f.Field+" "+f.Old+" > "+f.New)
			}
		}
	}
	return out
}

// An import names what it takes back of the panel's work and refuses to without being told to.
func TestImportKeepsWhatThePanelDid(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "plans, sites, brand, order, new things", Test: func(t *testing.T, k *shoptest.Harness) {
		first := file(k)
		if all, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: first}); err != nil || len(all) > 0 {
			t.Fatalf("exported and imported: %+v %v", all, err)
		}
		edit(k, "sehari", catalog.Fields{"price": "6000"})
		next := file(k)
		if all, err := k.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: next}); err != nil || len(all) > 0 {
			t.Errorf("an export of today: %+v %v", all, err)
		}
		all, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: first})
		if !errors.Is(err, catalogue.ErrPanelChanged) || fmt.Sprint(marked(all)) != "[plan:sehari price 6000 > 5000]" {
			t.Errorf("%v %v", marked(all), err)
		}
		if p, err := k.Store.Plan(ctx, "sehari"); err != nil || p.Price != 6000 {
			t.Error("overwritten:", p.Price, err)
		}
		// Another field of the file is no reason to refuse.
		for i := range next.Plans {
			if next.Plans[i].ID == "sehari" {
				next.Plans[i].Note = "baru"
			}
		}
		if all, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: next}); err != nil || len(marked(all)) > 0 || len(all) != 1 {
			t.Errorf("%+v %v", all, err)
		}
		// What was made in the panel is hidden by no file unnamed.
		made, err := k.Shop.Catalogue.SavePlan(ctx, admin, catalogue.PlanForm{SiteID: "kopi", Fields: catalog.Fields{"name": "Baru", "price": "1000"}})
		k.Must(err)
		all, err = k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: next})
		if !errors.Is(err, catalogue.ErrPanelChanged) || fmt.Sprint(marked(all)) != "[plan:baru hidden false > true]" {
			t.Errorf("%v %v", marked(all), err)
		}
		// Differences that are not those that were shown are shown again.
		shown := catalogue.DifferencesDigest(all)
		edit(k, made.ID, catalog.Fields{"hidden": "true"})
		if _, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: next, Overwrite: true, Shown: shown}); !errors.Is(err, catalogue.ErrDifferencesChanged) {
			t.Error(err)
		}
		edit(k, made.ID, catalog.Fields{"hidden": "false"})
		if _, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, catalogue.Import{Catalogue: next, Overwrite: true, Shown: shown}); err != nil {
			t.Error(err)
		}
		if p, err := k.Store.Plan(ctx, made.ID); err != nil || !p.Hidden {
			t.Error("the file's word does not hold", err)
		}
		// The order of plans, and what was retired.
		k.Must(k.Shop.Catalogue.MovePlan(ctx, admin, "sehari", 0, 1))
		k.Must(k.Shop.Catalogue.RetirePlan(ctx, admin, "bulanan", "Bulanan", "tidak laku"))
		all, err = k.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: next})
		k.Must(err)
		got := map[string]bool{}
		for _, m := range marked(all) {
			got[m] = true
		}
		for _, want := range []string{"plan:bulanan hidden true > false", "plan:bulanan retired true > "} {
			if !got[want] {
				t.Errorf("%s is not marked: %v", want, marked(all))
			}
		}
		ordered := false
		for _, d := range all {
			ordered = ordered || d.Subject() == "site:kopi" && d.Fields[0].Field == "plans" && d.Fields[0].Panel
		}
		if !ordered {
			t.Errorf("the order is not marked: %+v", all)
		}
		rows, err := k.Store.AuditOf(ctx, "plan:sehari")
		k.Must(err)
		if last := rows[len(rows)-1]; last.Action != "plan.import" {
			t.Error(last.Action)
		}
	}}})
}

// A router that was removed does not come back with the password that is stored of it: neither by
// a file that names another address, nor by taking back a move.
func TestARemovedRouterKeepsItsPassword(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "removed, imported", Test: func(t *testing.T, k *shoptest.Harness) {
		next := file(k)
		r := stored(k)
		k.Must(k.Store.InTx(ctx, admin, func(tx *store.Tx) error {
			moved := r
			moved.SiteID = "kos"
			tx.NoteCatalogueChange(store.CatalogueChange{Subject: "router:pojok", Action: "router.site", Old: catalog.Fields{"site": "kopi"}, New: catalog.Fields{"site": "kos"}})
			return tx.PutRouter(ctx, moved)
		}))
		move := newest(k, "router:pojok")
		k.Must(k.Shop.Routers.RemoveRouter(ctx, admin, r, "dicuri"))
		k.WantCode(k.Shop.Catalogue.TakeBack(ctx, admin, move.ID), "catalogue.gone")
		at := slices.IndexFunc(next.Routers, func(x catalog.Router) bool { return x.ID == "pojok" })
		next.Routers[at].Address = "192.0.2.66:8728"
		in := catalogue.Import{Catalogue: next, Overwrite: true, PasswordAgain: true}
		_, err := k.Shop.Catalogue.PlanImport(ctx, in)
		k.WantCode(err, "catalogue.router_password_new")
		if fault.SubjectOf(err) != "pojok" {
			t.Error("which:", fault.SubjectOf(err))
		}
		_, err = k.Shop.Catalogue.ImportCatalogue(ctx, admin, in)
		k.WantCode(err, "catalogue.router_password_new")
		if all, err := k.Store.Routers(ctx); err != nil || slices.ContainsFunc(all, func(x catalog.Router) bool { return x.ID == "pojok" }) {
			t.Error("it is back", err)
		}
		in.PasswordAgain = false // the command line
		_, err = k.Shop.Catalogue.ImportCatalogue(ctx, admin, in)
		k.Must(err)
		if now := stored(k); now.Password != "" || now.Address != "192.0.2.66:8728" {
			t.Errorf("%s with a password of %d characters", now.Address, len(now.Password))
		}
		k.Must(k.Shop.Routers.RemoveRouter(ctx, admin, r, "dicuri lagi"))
		in.Catalogue.Routers[at].Password, in.PasswordAgain = "yang baru", true
		_, err = k.Shop.Catalogue.ImportCatalogue(ctx, admin, in)
		k.Must(err)
		if now := stored(k); now.Password != "yang baru" || now.Disabled {
			t.Error(now.Disabled, len(now.Password))
		}
	}}})
}

// An account without the right for routers switches none off by a file that lacks their site.
func TestImportWithoutTheSiteOfARouter(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "kept", Test: func(t *testing.T, k *shoptest.Harness) {
		next := file(k)
		next.Sites = slices.DeleteFunc(next.Sites, func(s catalog.Site) bool { return s.ID == "kopi" })
		next.Plans = slices.DeleteFunc(next.Plans, func(p catalog.Plan) bool { return p.SiteID == "kopi" })
		next.Routers = nil
		in := catalogue.Import{Catalogue: next, Overwrite: true, KeepRouters: true, PasswordAgain: true}
		before, err := k.Store.Routers(ctx)
		k.Must(err)
		for range 2 {
			_, err := k.Shop.Catalogue.ImportCatalogue(ctx, admin, in)
			k.Must(err)
		}
		after, err := k.Store.Routers(ctx)
		if k.Must(err); fmt.Sprint(after) != fmt.Sprint(before) || before[0].Disabled {
			t.Errorf("%+v, were %+v", after, before)
		}
		site, err := k.Store.Site(ctx, "kopi")
		if err != nil || !site.Hidden || !plan(k, "sehari").Hidden {
			t.Error("what the file does not name is still sold", err)
		}
		if all, err := k.Shop.Catalogue.PlanImport(ctx, in); err != nil || len(all) != 0 {
			t.Errorf("there is more to do: %+v %v", all, err)
		}
	}}})
}

// stored is the router of the shop, removed or not.
func stored(k *shoptest.Harness) catalog.Router {
	k.Helper()
	r, err := k.Store.Router(ctx, "pojok")
	k.Must(err)
	return r
}
