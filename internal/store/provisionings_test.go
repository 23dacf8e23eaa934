package store_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

func TestKits(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		k := store.Provisioning{ID: "k1", RouterID: "r1", Plan: `{"password":"rahasia lama"}`, Steps: []store.ProvisioningStep{{Name: "group:gerai"}, {Name: "user:gerai"}}}
		f.Write(func(tx *store.Tx) error { return tx.InsertProvisioning(ctx, k) })
		if raw := store.Query(t, f.Store, `SELECT plan_sealed FROM kits`); strings.Contains(raw[0][0], "rahasia") {
			t.Error("the plan lies open")
		}
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			return tx.InsertProvisioning(ctx, store.Provisioning{ID: "k2", RouterID: "r1", Plan: "x"})
		}); !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "router.kit_unfinished" {
			t.Error("two at once:", err)
		}
		f.Write(func(tx *store.Tx) error { return tx.SetProvisioningStep(ctx, "k1", 0, store.StepBegun) })
		f.Write(func(tx *store.Tx) error { return tx.SetProvisioningPlan(ctx, "k1", "known more") })
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SetProvisioningStep(ctx, "k1", 7, store.StepDone) }); !fault.Is(err, fault.NotFound) {
			t.Error("a step that is not there:", err)
		}
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SetProvisioningStep(ctx, "k1", 1, "shiny") }); err == nil {
			t.Error("a state that is not there")
		}
		got, err := f.Provisionings(ctx, "r1")
		k.State, k.Plan, k.CreatedAt = store.ProvisioningApplying, "known more", f.Clock.Now()
		k.Steps[0].State, k.Steps[1].State = store.StepBegun, store.StepPlanned
		if err != nil || !reflect.DeepEqual(got, []store.Provisioning{k}) {
			t.Errorf("%+v %v", got, err)
		}
		f.Write(func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, "k1", store.ProvisioningApplied) })
		f.Write(func(tx *store.Tx) error {
			return tx.InsertProvisioning(ctx, store.Provisioning{ID: "k2", RouterID: "r1", Plan: "x"})
		})
		if got, err = f.Provisionings(ctx, "r1"); err != nil || len(got) != 2 || got[0].ID != "k2" {
			t.Errorf("newest first: %+v %v", got, err)
		}
		for _, id := range []string{"k1", "k2"} {
			f.Write(func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, id, store.ProvisioningRolledBack) })
		}
		if got, err = f.Provisionings(ctx, "r1"); err != nil || len(got) != 0 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestKitsOutliveTheirKey(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Write(func(tx *store.Tx) error {
			return tx.InsertProvisioning(ctx, store.Provisioning{ID: "k1", RouterID: "r1", Plan: "plan"})
		})
		fresh := secret.Generate()
		both, err := secret.Parse(fresh + "," + f.KeyText)
		f.Must(err)
		store.SwapKeys(f.Store, both)
		for _, want := range []int{1, 0} {
			if n, err := f.RotateKeys(ctx, actor.Named("test")); err != nil || n.Sealed["kits"] != want {
				t.Errorf("%d resealed, want %d (%v)", n.Sealed["kits"], want, err)
			}
		}
		alone, err := secret.Parse(fresh)
		f.Must(err)
		store.SwapKeys(f.Store, alone)
		if got, err := f.Provisionings(ctx, "r1"); err != nil || got[0].Plan != "plan" {
			t.Error(got, err)
		}
		store.SwapKeys(f.Store, f.Keys)
		if _, err := f.Provisionings(ctx, "r1"); fault.CodeOf(err) != "router.kit_unreadable" {
			t.Error(err)
		}
	})
}

func TestRouterAccessIsSealed(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		r, err := f.Store.Router(ctx, "r1")
		f.Must(err)
		want := r
		want.Router = hotspot.Router{ID: "r1", Name: r.Name, Server: r.Server, Address: "10.0.0.1:8729", User: "gerai-2", Password: "baru sekali", TLS: true, Fingerprint: strings.Repeat("ab", 32)}
		f.Write(func(tx *store.Tx) error { return tx.SetRouterAccess(ctx, want.Router) })
		if got, err := f.Store.Router(ctx, "r1"); err != nil || got != want {
			t.Errorf("%+v %v", got, err)
		}
		if strings.Contains(store.RawPassword(t, f.Store, "r1"), "baru") {
			t.Error("the password lies open")
		}
	})
}

// A reader works beside the process that owns the file, and sees what it does.
func TestReadOnlyBesideAWriter(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "gerai.db")
	f := storetest.Open(t, database)
	open := func(database string) (*store.Store, error) {
		return store.Open(ctx, store.Options{Database: database, Keys: f.Keys, Clock: f.Clock, ReadOnly: true})
	}
	r, err := open(database)
	f.Must(err)
	defer func() { f.Must(r.Close()) }()
	f.Write(func(tx *store.Tx) error {
		return tx.InsertProvisioning(ctx, store.Provisioning{ID: "k1", RouterID: "r1", Plan: "x"})
	})
	if kits, err := r.Provisionings(ctx, "r1"); err != nil || len(kits) != 1 {
		t.Error(kits, err)
	}
	if err := r.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, "k1", store.ProvisioningRolledBack) }); err == nil {
		t.Error("a reader writes")
	}
	if _, err := open("sqlite:" + filepath.Join(t.TempDir(), "none.db")); fault.CodeOf(err) != "store.unreachable" {
		t.Error("a file that is not there:", err)
	}
}
