package staff_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/staff"
)

// confirmation confirms an act on an account.
func confirmation(name string) staff.Confirmation {
	return staff.Confirmation{Typed: name, Reason: "sesuai permintaan"}
}

func TestPostsAndSessions(t *testing.T) {
	each(t, func(b *harness) {
		ani, aniToken := b.in("ani")
		siti, token := b.in("siti")
		// Missing any part of the confirmation changes nothing.
		for _, c := range []staff.Confirmation{{}, {Typed: "siti"}, {Typed: "siti", Reason: "x"}, {Typed: "ani", Reason: "benar"}, {Typed: "siti", Reason: strings.Repeat("x", 301)}} {
			for name, act := range map[string]func() error{
				"reassign": func() error {
					return b.Reassign(ctx, ani.Actor(), siti.ID, staff.Assignment{Role: staff.Teknisi}, c)
				},
				"disable": func() error { return b.Disable(ctx, ani.Actor(), siti.ID, c) },
				"reset":   func() error { return b.ResetTwoFactor(ctx, ani.Actor(), siti.ID, c) },
				"invite":  func() error { _, err := b.Invite(ctx, ani.Actor(), siti.ID, c); return err },
			} {
				if err := act(); !fault.Is(err, fault.Invalid) {
					t.Errorf("%s with %+v: %v", name, c, err)
				}
			}
		}
		if who := b.who(token); who.Role != staff.Kasir {
			t.Fatal(who.Role)
		}
		want(t, b.Reassign(ctx, ani.Actor(), siti.ID, staff.Assignment{Role: "boss"}, confirmation("siti")), "staff.role_unknown")
		want(t, b.Reassign(ctx, ani.Actor(), siti.ID, staff.Assignment{Role: staff.Kasir, Sites: []string{"nowhere"}}, confirmation("siti")), "staff.site_unknown")
		b.Must(b.Reassign(ctx, ani.Actor(), siti.ID, staff.Assignment{Role: staff.Teknisi, Sites: []string{"s1"}}, confirmation("siti")))
		wantOut(t, b.Accounts, token)
		siti, token = b.in("siti")
		if siti.Role != staff.Teknisi || !siti.Serves("s1") || siti.Serves("s2") || siti.May(staff.Sell) {
			t.Errorf("%+v", siti.Staff)
		}
		b.Must(b.Disable(ctx, ani.Actor(), siti.ID, confirmation("siti")))
		wantOut(t, b.Accounts, token)
		_, err := b.SignIn(ctx, "siti", password, staff.From{Address: "10.0.0.8"})
		want(t, err, "staff.sign_in_wrong")
		b.Must(b.Enable(ctx, ani.Actor(), siti.ID))
		_, token = b.in("siti")
		if n, err := b.EndSessionsOf(ctx, ani.Actor(), siti.ID); err != nil || n != 1 {
			t.Error(n, err)
		}
		wantOut(t, b.Accounts, token)
		b.who(aniToken)
		trail, err := b.AuditOf(ctx, "staff:"+siti.ID)
		b.Must(err)
		all := ""
		for _, row := range trail {
			all += row.Action + " " + row.Detail + "\n"
		}
		for _, part := range []string{`"before":{"role":"kasir"`, `"after":{"role":"teknisi","sites":["s1"]}`, "sesuai permintaan", "staff.disable", "staff.enable"} {
			if !strings.Contains(all, part) {
				t.Errorf("the trail lacks %s:\n%s", part, all)
			}
		}
	})
}

// One admin who can sign in always remains, also when two admins remove each other at
// once.
func TestTheLastAdminStays(t *testing.T) {
	each(t, func(b *harness) {
		ani, token := b.in("ani")
		want(t, b.Disable(ctx, ani.Actor(), ani.ID, confirmation("ani")), "staff.last_admin")
		want(t, b.Reassign(ctx, ani.Actor(), ani.ID, staff.Assignment{Role: staff.Kasir}, confirmation("ani")), "staff.last_admin")
		b.who(token) // a refused act ends no session
		// An admin who has not used the link yet does not count.
		_, _, err := b.CreateUser(ctx, ani.Actor(), "budi", staff.Assignment{Role: staff.Admin}, "")
		b.Must(err)
		want(t, b.Disable(ctx, ani.Actor(), ani.ID, confirmation("ani")), "staff.last_admin")
		for round := range 4 {
			var all sync.WaitGroup
			admins := []string{"cici" + string(rune('a'+round)), "dedi" + string(rune('a'+round))}
			for _, name := range admins {
				_, err := b.Add(ctx, actor.Named("cli:test"), name, staff.Admin, password)
				b.Must(err)
			}
			people, err := b.ListStaff(ctx)
			b.Must(err)
			for _, s := range people {
				if s.Role == staff.Admin && s.PasswordHash != "" && !s.Disabled {
					all.Go(func() {
						if err := b.Disable(ctx, actor.Named("cli:test"), s.ID, confirmation(s.Name)); err != nil && fault.CodeOf(err) != "staff.last_admin" {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
			if n, err := b.CountAdmins(ctx); err != nil || n != 1 {
				t.Fatalf("%d admins left, %v", n, err)
			}
		}
	})
}

func TestResettingSomebodysFactor(t *testing.T) {
	each(t, func(b *harness) {
		ani, _ := b.in("ani")
		siti, _ := b.in("siti")
		_, siti, _ = b.enrol(siti)
		want(t, b.ResetTwoFactor(ctx, ani.Actor(), ani.ID, confirmation("ani")), "staff.own_account")
		b.Must(b.ResetTwoFactor(ctx, ani.Actor(), siti.ID, confirmation("siti")))
		b.Fixture.Clock.Add(time.Second)
		again, _ := b.in("siti")
		news := again.News()
		if again.HasTwoFactor || again.RequiredStep != staff.StepNone || len(news) == 0 || news[len(news)-1].Code != staff.NoticeFactorsReset {
			t.Error(again.HasTwoFactor, news)
		}
	})
}

func TestLinksWorkOnce(t *testing.T) {
	each(t, func(b *harness) {
		ani, _ := b.in("ani")
		from := staff.From{Address: "10.0.0.7"}
		s, link, err := b.CreateUser(ctx, ani.Actor(), "budi", staff.Assignment{Role: staff.Kasir, Sites: []string{"s1"}}, "")
		b.Must(err)
		_, err = b.SignIn(ctx, "budi", "", from)
		want(t, err, "staff.sign_in_wrong")
		_, _, err = b.CreateUser(ctx, ani.Actor(), "budi", staff.Assignment{Role: staff.Kasir}, "")
		want(t, err, "staff.name_taken")
		_, err = b.Accept(ctx, link, "short", "short", from)
		want(t, err, "staff.password_short")
		_, err = b.Accept(ctx, link, "kopi manis pagi hari", "kopi manis pagi", from)
		want(t, err, "staff.password_twice")
		var won, lost int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				_, err := b.Accept(ctx, link, "kopi manis pagi hari", "kopi manis pagi hari", from)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if fault.CodeOf(err) == "staff.link_dead" {
					lost++
				}
			})
		}
		all.Wait()
		if won != 1 || lost != 3 {
			t.Errorf("%d won, %d lost", won, lost)
		}
		_, err = b.SignIn(ctx, "budi", "kopi manis pagi hari", from)
		b.Must(err)
		// A new link kills the one before; a day kills any.
		old, err := b.Invite(ctx, ani.Actor(), s.ID, confirmation("budi"))
		b.Must(err)
		late, err := b.Invite(ctx, ani.Actor(), s.ID, confirmation("budi"))
		b.Must(err)
		_, err = b.Invited(ctx, old, somewhere)
		want(t, err, "staff.link_dead")
		_, err = b.Invited(ctx, late, somewhere)
		b.Must(err)
		b.Fixture.Clock.Add(25 * time.Hour)
		_, err = b.Accept(ctx, late, "kopi pahit malam hari", "kopi pahit malam hari", from)
		want(t, err, "staff.link_dead")
		_, err = b.Invited(ctx, "", somewhere)
		want(t, err, "staff.link_dead")
		// So does a password of one's own choice.
		ani, _ = b.in("ani")
		link, err = b.Invite(ctx, ani.Actor(), s.ID, confirmation("budi"))
		b.Must(err)
		token, err := b.SignIn(ctx, "budi", "kopi manis pagi hari", from)
		b.Must(err)
		_, _, err = b.ChangePassword(ctx, b.who(token), "kopi manis pagi hari", "kopi pahit malam hari", "kopi pahit malam hari")
		b.Must(err)
		_, err = b.Invited(ctx, link, somewhere)
		want(t, err, "staff.link_dead")
		// Disabling kills it too.
		link, err = b.Invite(ctx, ani.Actor(), s.ID, confirmation("budi"))
		b.Must(err)
		b.Must(b.Disable(ctx, ani.Actor(), s.ID, confirmation("budi")))
		_, err = b.Invited(ctx, link, somewhere)
		want(t, err, "staff.link_dead")
		_, err = b.Invite(ctx, ani.Actor(), s.ID, confirmation("budi"))
		want(t, err, "staff.disabled")
	})
}

// A first password that an admin chose allows nothing but its own change.
func TestAGivenPasswordIsChanged(t *testing.T) {
	each(t, func(b *harness) {
		ani, _ := b.in("ani")
		_, link, err := b.CreateUser(ctx, ani.Actor(), "budi", staff.Assignment{Role: staff.Kasir}, password)
		b.Must(err)
		p, _ := b.in("budi")
		if link != "" || p.RequiredStep != staff.StepPassword {
			t.Fatal(link, p.RequiredStep)
		}
		_, _, err = b.ChangePassword(ctx, p, password, password, password)
		want(t, err, "staff.password_same")
		token, _, err := b.ChangePassword(ctx, p, password, "kopi manis pagi hari", "kopi manis pagi hari")
		b.Must(err)
		if p = b.who(token); p.RequiredStep != staff.StepNone {
			t.Error(p.RequiredStep)
		}
	})
}

func TestFirstAdmin(t *testing.T) {
	o, f := empty(t)
	from := staff.From{Address: "10.0.0.7"}
	one, err := o.SetupToken(ctx)
	f.Must(err)
	two, err := o.SetupToken(ctx) // a second replica
	f.Must(err)
	f.Must(o.CheckSetupLink(ctx, one, somewhere))
	want(t, o.CheckSetupLink(ctx, "guess", somewhere), "staff.link_dead")
	_, err = o.SetUp(ctx, one, "Ani!", "kopi manis pagi hari", "kopi manis pagi hari", from)
	want(t, err, "staff.name_form")
	var won int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i, link := range []string{one, two, one, two} {
		all.Go(func() {
			name := "ani" + string(rune('a'+i))
			token, err := o.SetUp(ctx, link, name, "kopi manis pagi hari", "kopi manis pagi hari", from)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				want(t, err, "staff.link_dead")
				return
			}
			won++
			if p, err := o.Authenticate(ctx, token); err != nil || p.Role != staff.Admin || p.RequiredStep != staff.StepTwoFactorSetup {
				t.Error(p.Role, p.RequiredStep, err)
			}
		})
	}
	all.Wait()
	if n, err := f.CountStaff(ctx); won != 1 || err != nil || n != 1 {
		t.Errorf("%d made, %d accounts, %v", won, n, err)
	}
	if link, err := o.SetupToken(ctx); err != nil || link != "" {
		t.Error("a link although there is an admin", err)
	}
	// And it dies after a day.
	o, f = empty(t)
	link, err := o.SetupToken(ctx)
	f.Must(err)
	f.Clock.Add(25 * time.Hour)
	want(t, o.CheckSetupLink(ctx, link, somewhere), "staff.link_dead")
}
