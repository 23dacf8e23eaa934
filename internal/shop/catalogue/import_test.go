package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/shoptest"
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
