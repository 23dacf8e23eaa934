package staff_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// twoSites adds a second site to the fixture's one.
func (b *harness) twoSites() {
	b.t.Helper()
	b.Write(func(tx *store.Tx) error {
		return tx.PutCatalogue(ctx, catalog.Catalogue{Brand: catalog.DefaultBrand, Sites: []catalog.Site{{ID: "s1", Slug: "kopi", Name: "Kopi"}, {ID: "s2", Slug: "kos", Name: "Kos", Position: 1}}})
	})
}

// hired is an account with an assignment and a password, signed in.
func (b *harness) hired(name, role string, sites ...string) staff.Principal {
	b.t.Helper()
	_, _, err := b.CreateUser(ctx, actor.Named("cli:test"), name, staff.Assignment{Role: role, Sites: sites}, password)
	b.Must(err)
	p, _ := b.in(name)
	return p
}

// An admin of one site manages the accounts of that site and assigns nothing that the
// admin lacks; all other accounts are hidden and stay as they are.
func TestAnAdminGivesOnlyWhatTheyHave(t *testing.T) {
	each(t, func(b *harness) {
		b.twoSites()
		ani, _ := b.in("ani")
		dewi := b.hired("dewi", staff.Admin, "s1")
		eko := b.hired("eko", staff.Kasir, "s1")
		fajar := b.hired("fajar", staff.Kasir, "s2")
		gita := b.hired("gita", staff.Kasir, "s1", "s2")
		by := dewi.Actor()
		for name, sites := range map[string][]string{"all": nil, "another": {"s2"}, "one too many": {"s1", "s2"}} {
			if _, _, err := b.CreateUser(ctx, by, "x"+strings.ReplaceAll(name, " ", ""), staff.Assignment{Role: staff.Kasir, Sites: sites}, ""); err == nil {
				t.Errorf("hired for %s", name)
			}
			if err := b.Reassign(ctx, by, eko.ID, staff.Assignment{Role: staff.Kasir, Sites: sites}, confirmation("eko")); err == nil {
				t.Errorf("posted to %s", name)
			}
			if err := b.Reassign(ctx, by, dewi.ID, staff.Assignment{Role: staff.Admin, Sites: sites}, confirmation("dewi")); err == nil {
				t.Errorf("widened oneself to %s", name)
			}
		}
		before, err := b.ListStaff(ctx)
		b.Must(err)
		for _, p := range []staff.Principal{ani, fajar, gita} {
			post := staff.Assignment{Role: p.Role, Sites: []string{"s1"}}
			for what, err := range map[string]error{"reassign": b.Reassign(ctx, by, p.ID, post, confirmation(p.Name)), "disable": b.Disable(ctx, by, p.ID, confirmation(p.Name)), "enable": b.Enable(ctx, by, p.ID),
				"reset": b.ResetTwoFactor(ctx, by, p.ID, confirmation(p.Name)), "invite": secondOf(b.Invite(ctx, by, p.ID, confirmation(p.Name))), "end": secondOf(b.EndSessionsOf(ctx, by, p.ID))} {
				t.Run(what, func(t *testing.T) { want(t, err, "staff.not_found") })
			}
		}
		want(t, b.SetPolicy(ctx, by, "", staff.DefaultPolicy), "staff.whole_only")
		after, err := b.ListStaff(ctx)
		b.Must(err)
		if fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("changed:\n%+v\n%+v", before, after)
		}
		b.Must(b.Disable(ctx, by, eko.ID, confirmation("eko")))
		b.Must(b.Enable(ctx, by, eko.ID))
		// What was theirs when the request began and is not any more counts no more.
		b.Must(b.Reassign(ctx, ani.Actor(), dewi.ID, staff.Assignment{Role: staff.Admin, Sites: []string{"s2"}}, confirmation("dewi")))
		want(t, b.Disable(ctx, by, eko.ID, confirmation("eko")), "staff.not_found")
		b.Must(b.Reassign(ctx, ani.Actor(), dewi.ID, staff.Assignment{Role: staff.Kasir, Sites: []string{"s1"}}, confirmation("dewi")))
		want(t, b.Disable(ctx, by, eko.ID, confirmation("eko")), "staff.not_yours")
		// An admin of all sites remains.
		want(t, b.Reassign(ctx, ani.Actor(), ani.ID, staff.Assignment{Role: staff.Admin, Sites: []string{"s1"}}, confirmation("ani")), "staff.last_whole")
	})
}

func secondOf[T any](_ T, err error) error { return err }

// alerts are the open ones about people, each as "kind subject".
func (b *harness) alerts() (out []string) {
	b.t.Helper()
	all, err := b.OpenAlerts(ctx)
	b.Must(err)
	for _, a := range all {
		if !slices.Contains(staff.AlertKinds, a.Kind) || a.SiteID != "" {
			b.t.Errorf("%+v", a)
		}
		out = append(out, a.Kind+" "+a.Detail)
	}
	slices.Sort(out)
	return out
}

func (b *harness) wantAlerts(all ...string) {
	b.t.Helper()
	if got := b.alerts(); !slices.Equal(got, all) {
		b.t.Errorf("alerts %q, want %q", got, all)
	}
}

// Ten failures of one account, from wherever, or from one address, at whatever
// account, within the window: one alert. Nine, or ten over a longer time: none.
func TestFailedSignInsAreTold(t *testing.T) {
	each(t, func(b *harness) {
		fail := func(name, address string) {
			_, err := b.SignIn(ctx, name, "salah", staff.From{Address: address})
			want(t, err, "staff.sign_in_wrong")
		}
		for i := range 9 {
			fail("siti", fmt.Sprintf("10.0.0.%d", i))
		}
		b.wantAlerts()
		b.Fixture.Clock.Add(11 * time.Minute)
		fail("siti", "10.0.0.1")
		b.wantAlerts()
		for i := range 11 {
			fail("siti", fmt.Sprintf("10.0.1.%d", i))
		}
		b.wantAlerts("sign_in_failed siti")
		b.Fixture.Clock.Add(11 * time.Minute)
		for i := range 11 {
			fail(fmt.Sprintf("tidak-ada-%d", i), "10.9.9.9")
		}
		b.wantAlerts("sign_in_failed 10.9.9.9", "sign_in_failed siti")
	})
}

func TestChangesOfAdminsAndFactorsAreTold(t *testing.T) {
	each(t, func(b *harness) {
		b.twoSites()
		ani, _ := b.in("ani")
		siti, _ := b.in("siti")
		_, _, err := b.CreateUser(ctx, ani.Actor(), "kasir2", staff.Assignment{Role: staff.Kasir}, "")
		b.Must(err)
		b.wantAlerts() // no alert about the first admin, and a kasir is none
		_, _, err = b.CreateUser(ctx, ani.Actor(), "budi", staff.Assignment{Role: staff.Admin, Sites: []string{"s1"}}, password)
		b.Must(err)
		b.Must(b.Reassign(ctx, ani.Actor(), siti.ID, staff.Assignment{Role: staff.Admin}, confirmation("siti")))
		budi, err := b.StaffByName(ctx, "budi")
		b.Must(err)
		b.Must(b.Reassign(ctx, ani.Actor(), budi.ID, staff.Assignment{Role: staff.Admin}, confirmation("budi")))
		b.wantAlerts("admin_new budi", "admin_role budi", "admin_role siti")
		siti, _ = b.in("siti")
		secret, now, _ := b.enrol(siti)
		b.Fixture.Clock.Add(time.Minute)
		now = b.proved(b.ReauthenticateTwoFactor(ctx, now, b.code(secret, 0)))
		b.Fixture.Clock.Add(time.Second)
		now = b.again(now)
		b.Must(b.RemoveTOTP(ctx, now))
		b.wantAlerts("admin_new budi", "admin_role budi", "admin_role siti", "factor_removed siti")
		ani, _ = b.in("ani")
		b.Must(b.ResetTwoFactor(ctx, ani.Actor(), siti.ID, confirmation("siti")))
		b.wantAlerts("admin_new budi", "admin_role budi", "admin_role siti", "factor_removed siti", "factor_reset siti")
	})
}

// again reads a person's session as it is now.
func (b *harness) again(p staff.Principal) staff.Principal {
	b.t.Helper()
	_, s, err := b.StaffBySession(ctx, p.Session.TokenHash, b.Fixture.Clock.Now())
	b.Must(err)
	p.Session = s
	return p
}

func TestWhoSeesAlertsAboutPeople(t *testing.T) {
	for _, role := range staff.Roles {
		p := staff.Principal{Staff: store.Staff{Role: role}}
		for _, kind := range staff.AlertKinds {
			if slices.Contains(p.AlertKinds(), kind) != (role == staff.Admin) {
				t.Errorf("%s and %s", role, kind)
			}
		}
	}
}

// The audit trail names the account: a new name does not hide what was done under the old
// one, and another account that takes the name is told apart.
func TestTheTrailNamesTheAccount(t *testing.T) {
	each(t, func(b *harness) {
		siti, _ := b.in("siti")
		under := siti.Under(ctx)
		act := func(p staff.Principal) {
			b.Must(b.InTx(p.Under(ctx), p.Actor(), func(tx *store.Tx) error { tx.Audit("till.open", "till", map[string]any{"reason": "mulai"}); return nil }))
		}
		act(siti)
		b.Must(b.Rename(under, siti, "rini", "id"))
		_, err := b.Add(ctx, actor.Named("cli:test"), "siti", staff.Teknisi, password)
		b.Must(err)
		other, _ := b.in("siti")
		act(other)
		rini, _ := b.in("rini")
		act(rini)
		find := func(person string) (out []string) {
			f, err := b.AuditOfPerson(ctx, store.AuditFilter{Action: "till.open"}, person)
			b.Must(err)
			page, err := b.SearchAudit(ctx, f)
			b.Must(err)
			for _, row := range page.Rows {
				out = append(out, row.Actor+" "+row.Role)
				if row.StaffID == "" || !strings.Contains(row.Detail, `"session":"`) || !strings.Contains(row.Detail, `"from":"10.0.0.9"`) {
					t.Errorf("%+v", row)
				}
			}
			return out
		}
		for person, found := range map[string][]string{"rini": {"staff:rini kasir", "staff:siti kasir"}, siti.ID: {"staff:rini kasir", "staff:siti kasir"}, other.ID: {"staff:siti teknisi"},
			"siti": {"staff:rini kasir", "staff:siti teknisi", "staff:siti kasir"}} {
			if got := find(person); !slices.Equal(got, found) {
				t.Errorf("%s: %q, want %q", person, got, found)
			}
		}
		_, err = b.AuditOfPerson(ctx, store.AuditFilter{}, "tidak-ada")
		want(t, err, "staff.not_found")
		// Signing in is an act of the account, too.
		if row, err := b.SearchAudit(ctx, store.AuditFilter{Action: "staff.sign_in", Staff: []string{siti.ID}}); err != nil || len(row.Rows) != 2 || row.Rows[0].Role != staff.Kasir {
			t.Errorf("%+v %v", row, err)
		}
		var file strings.Builder
		f, err := b.AuditOfPerson(ctx, store.AuditFilter{Action: "till.open"}, siti.ID)
		b.Must(err)
		_, err = b.ExportAudit(ctx, &file, f, 0)
		b.Must(err)
		rows, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
		b.Must(err)
		line := func(row []string) map[string]string {
			out := map[string]string{}
			for i, name := range rows[0] {
				out[name] = row[i]
			}
			return out
		}
		if got := line(rows[2]); got["actor"] != "staff:siti" || got["staff_id"] != siti.ID || got["name_now"] != "rini" || got["role"] != staff.Kasir || got["reason"] != "mulai" || got["session"] != siti.Session.TokenHash[:8] || got["address"] != "10.0.0.9" {
			t.Errorf("%v", got)
		}
	})
}
