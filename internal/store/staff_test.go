package store_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// person inserts an account.
func person(f *storetest.Fixture, name string) store.Staff {
	f.Helper()
	s := store.Staff{ID: "id-" + name, Name: name, Role: "admin", PasswordHash: "x", CreatedAt: f.Clock.Now(), PasswordAt: f.Clock.Now(), Lang: "en", Sites: []string{"s1", "s2"},
		TOTP: "JBSWY3DPEHPK3PXP", TOTPStep: 7, MustChange: true, Notices: "[]"}
	f.Write(func(tx *store.Tx) error { return tx.InsertStaff(ctx, s) })
	return s
}

func TestStaffRoundTrip(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		want := person(f, "siti")
		if got, err := f.StaffByID(ctx, want.ID); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v %v", got, err)
		}
		want.Name, want.TOTPStep, want.MustChange, want.Disabled, want.Sites = "sitti", 3, false, true, nil
		f.Write(func(tx *store.Tx) error { return tx.SaveStaff(ctx, want) })
		want.TOTPStep = 7 // never back
		if got, err := f.StaffByName(ctx, "sitti"); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v %v", got, err)
		}
		f.Write(func(tx *store.Tx) error {
			for _, c := range []struct {
				step int64
				ok   bool
			}{{7, false}, {8, true}, {8, false}, {6, false}} {
				if ok, err := tx.UseTOTPStep(ctx, want.ID, c.step); err != nil || ok != c.ok {
					t.Errorf("%d: %t %v", c.step, ok, err)
				}
			}
			return nil
		})
		other := person(f, "budi")
		other.Name = "Sitti"
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveStaff(ctx, other) }); fault.CodeOf(err) != "staff.name_taken" {
			t.Error(err)
		}
	})
}

// A key rotation takes the second factors along.
func TestSecondFactorsAreResealed(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		shared := person(f, "siti").TOTP
		sealed := func() string { return store.Query(t, f.Store, `SELECT totp_sealed FROM staff`)[0][0] }
		before := sealed()
		if strings.Contains(before, shared) {
			t.Fatal("stored readable")
		}
		fresh := secret.Generate()
		both, err := secret.Parse(fresh + "," + f.KeyText)
		f.Must(err)
		store.SwapKeys(f.Store, both)
		for _, want := range []int{1, 0} {
			if n, err := f.RotateKeys(ctx, actor.Named("test")); err != nil || n.Sealed["staff"] != want {
				t.Error(n, err)
			}
		}
		only, err := secret.Parse(fresh)
		f.Must(err)
		store.SwapKeys(f.Store, only)
		if s, err := f.StaffByName(ctx, "siti"); err != nil || s.TOTP != shared || sealed() == before {
			t.Error(err)
		}
		stranger, err := secret.Parse(secret.Generate())
		f.Must(err)
		store.SwapKeys(f.Store, stranger)
		if _, err := f.StaffByName(ctx, "siti"); fault.CodeOf(err) != "secret.unreadable" {
			t.Error(err)
		}
	})
}

func TestFactorsAndLinks(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		s, other := person(f, "siti"), person(f, "budi")
		key := store.Passkey{ID: "k1", StaffID: s.ID, Name: "HP", Credential: "{}", CreatedAt: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error { return tx.InsertPasskey(ctx, key) })
		stolen := key
		stolen.StaffID = other.ID
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.InsertPasskey(ctx, stolen) }); fault.CodeOf(err) != "staff.passkey_known" {
			t.Error(err)
		}
		key.Credential, key.UsedAt = `{"a":1}`, f.Clock.Now()
		f.Write(func(tx *store.Tx) error {
			saved, err := tx.SavePasskey(ctx, key)
			if !saved {
				t.Error("not saved")
			}
			return err
		})
		if got, err := f.PasskeysOf(ctx, s.ID); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], key) {
			t.Errorf("%+v %v", got, err)
		}
		// One of another account, and one that is not there: nothing is written.
		for _, gone := range []store.Passkey{{ID: "k1", StaffID: other.ID, Credential: "{}"}, {ID: "k2", StaffID: s.ID, Credential: "{}"}} {
			f.Write(func(tx *store.Tx) error {
				if saved, err := tx.SavePasskey(ctx, gone); err != nil || saved {
					t.Errorf("%+v was saved: %v", gone, err)
				}
				return nil
			})
		}
		f.Write(func(tx *store.Tx) error {
			f.Must(tx.PutRecoveryCodes(ctx, s.ID, []string{"a", "b"}))
			for i := range 2 {
				if ok, err := tx.UseRecoveryCode(ctx, s.ID, "a"); err != nil || ok != (i == 0) {
					t.Error(ok, err)
				}
			}
			if gone, err := tx.DeletePasskey(ctx, other.ID, "k1"); err != nil || gone {
				t.Error("somebody else's passkey", gone, err)
			}
			f.Must(tx.InsertCeremony(ctx, "c", "prove", s.ID, "data", f.Clock.Now().Add(time.Minute)))
			for kind, who := range map[string]string{"sign_in": s.ID, "prove": other.ID} {
				if _, err := tx.TakeCeremony(ctx, "c", kind, who); fault.CodeOf(err) != "staff.passkey_late" {
					t.Error(kind, who, err)
				}
			}
			for i := range 2 {
				if data, err := tx.TakeCeremony(ctx, "c", "prove", s.ID); (err == nil) != (i == 0) || (i == 0 && data != "data") {
					t.Error(data, err)
				}
			}
			f.Must(tx.PutInvite(ctx, "h1", s.ID, f.Clock.Now().Add(time.Hour)))
			return tx.PutInvite(ctx, "h2", s.ID, f.Clock.Now().Add(time.Hour))
		})
		if _, err := f.InvitedBy(ctx, "h1", f.Clock.Now()); fault.CodeOf(err) != "staff.link_dead" {
			t.Error("two links live", err)
		}
		if id, err := f.InvitedBy(ctx, "h2", f.Clock.Now()); err != nil || id != s.ID {
			t.Error(id, err)
		}
		f.Clock.Add(2 * time.Hour)
		f.Write(func(tx *store.Tx) error {
			f.Must(tx.ClearFactors(ctx, s.ID))
			return tx.CleanStaff(ctx)
		})
		for _, table := range []string{"passkeys", "recovery_codes", "ceremonies", "invites"} {
			if left := store.Query(t, f.Store, `SELECT CAST(COUNT(*) AS TEXT) FROM `+table); left[0][0] != "0" {
				t.Errorf("%s keeps %s", table, left[0][0])
			}
		}
	})
}

func TestSearchingTheTrail(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		for i := range 60 {
			by, action := "staff:siti", "staff.sign_in"
			if i%3 == 0 {
				by, action = "customer", "order.place"
			}
			f.Clock.Add(time.Hour)
			f.Must(f.InTx(ctx, actor.Named(by), func(tx *store.Tx) error {
				tx.Audit(action, "staff:x", map[string]any{"n": i, "text": `Jalan "Melati" 100% <b>`})
				return nil
			}))
		}
		count := func(filter store.AuditFilter) (n int) {
			filter.Limit = 7
			for {
				page, err := f.SearchAudit(ctx, filter)
				f.Must(err)
				n += len(page.Rows)
				if page.More == 0 {
					return n
				}
				filter.Before = page.More
			}
		}
		for name, c := range map[string]struct {
			filter store.AuditFilter
			want   int
		}{
			"all":         {store.AuditFilter{}, 60},
			"actor":       {store.AuditFilter{Actor: "customer"}, 20},
			"action":      {store.AuditFilter{Action: "staff.sign_in"}, 40},
			"family":      {store.AuditFilter{Action: "order."}, 20},
			"no family":   {store.AuditFilter{Action: "staff.sign_in."}, 0},
			"wild family": {store.AuditFilter{Action: "%."}, 0},
			"subject":     {store.AuditFilter{Subject: "staff:y"}, 0},
			"from":        {store.AuditFilter{From: storetest.Start.Add(51 * time.Hour)}, 10},
			"to":          {store.AuditFilter{To: storetest.Start.Add(11 * time.Hour)}, 10},
			"text":        {store.AuditFilter{Text: `jalan "MELATI"`}, 60},
			"percent":     {store.AuditFilter{Text: "100%"}, 60},
			"wild":        {store.AuditFilter{Text: "J%i"}, 0},
			"angle":       {store.AuditFilter{Text: "<b>"}, 60},
			"both":        {store.AuditFilter{Text: "melati", Actor: "customer"}, 20},
			"broken":      {store.AuditFilter{Text: "\xff\x00"}, 0},
			"quote":       {store.AuditFilter{Actor: "'; DROP TABLE audit"}, 0},
			"nonsense id": {store.AuditFilter{Before: -7}, 60},
		} {
			if got := count(c.filter); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
	})
}

// Whatever an act says of itself, where it came from stays on record.
func TestAnActCannotHideItsOrigin(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		under := store.WithOrigin(ctx, store.Origin{Address: "10.0.0.9", Session: "abcd"})
		f.Must(f.InTx(under, actor.Named("staff:siti"), func(tx *store.Tx) error {
			tx.Audit("order.cancel", "order:x", map[string]any{"from": "pending", "session": "-", "was": "pending"})
			return nil
		}))
		rows, err := f.AuditOf(ctx, "order:x")
		f.Must(err)
		if want := `{"from":"10.0.0.9","session":"abcd","was":"pending"}`; len(rows) != 1 || rows[0].Detail != want {
			t.Errorf("%+v, want %s", rows, want)
		}
	})
}
