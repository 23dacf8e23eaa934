package staff_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/staff"
)

// elsewhere is another network for every number, as a guesser with a /48 or many rented
// machines has.
func elsewhere(n int) staff.From {
	if n%2 == 0 {
		return staff.From{Address: fmt.Sprintf("2001:db8:%x:%x::1", n/50_000+1, n%50_000+1)}
	}
	return staff.From{Address: fmt.Sprintf("100.%d.%d.%d", 64+n/65_536, n/256%256, n%256)}
}

// guessMany guesses at an account from a new address each time and returns how
// many guesses were looked at.
func (b *harness) guessMany(name string, tries int) (looked int) {
	b.t.Helper()
	for n := range tries {
		switch _, err := b.SignIn(ctx, name, "wrong wrong wrong", elsewhere(n)); fault.CodeOf(err) {
		case "staff.sign_in_wrong":
			looked++
		case "limit.sign_in_account":
		default:
			b.t.Fatal(err)
		}
	}
	return looked
}

// One account guessed at from ever new addresses: the guesser is slowed, names
// that no account has alike, and the owner signs in from the browser and the place
// that the account knows.
func TestGuessingOneAccountFromEverywhere(t *testing.T) {
	each(t, func(b *harness) {
		home := staff.From{Address: "203.0.113.7"}
		token, err := b.SignIn(ctx, "siti", password, home)
		b.Must(err)
		siti := b.who(token)
		ani, _ := b.in("ani")
		b.Fixture.Clock.Add(time.Minute)
		device, other := b.RememberDevice(siti), b.RememberDevice(ani)
		if n := b.guessMany("siti", 564); n != 20 {
			t.Errorf("%d of 564 guesses were looked at", n)
		}
		if n := b.guessMany("nobody-here", 30); n != 20 {
			t.Errorf("%d guesses at no account were looked at: that tells which accounts there are", n)
		}
		try := func(from staff.From) error {
			_, err := b.SignIn(ctx, "siti", password, from)
			return err
		}
		b.Must(try(staff.From{Address: "198.51.100.1", Device: device}))
		b.Must(try(staff.From{Address: "198.51.100.1", Device: other + "~" + device}))
		b.Must(try(home))
		for name, bad := range map[string]string{
			"none": "", "another account's": other, "nonsense": "x.y.z.1.2~~", "forged": strings.Replace(other, ani.ID, siti.ID, 1),
			"older": strings.Replace(device, "~", "", 1) + "x", "long": strings.Repeat(device+"~", 50),
		} {
			if err := try(staff.From{Address: "198.51.100.2", Device: bad}); fault.CodeOf(err) != "limit.sign_in_account" {
				t.Errorf("a cookie that is %s: %v", name, err)
			}
		}
		// There is one more guess each half minute.
		b.Fixture.Clock.Add(5 * time.Minute)
		if n := b.guessMany("siti", 100); n != 10 {
			t.Errorf("%d guesses in five minutes", n)
		}
		_, err = b.EndSessionsOf(ctx, actor.Named("cli:test"), siti.ID)
		b.Must(err)
		want(t, try(home), "limit.sign_in_account") // no session of the account is left
	})
}

// A device cookie is a budget, no key: a copy of it guesses no faster than
// from one address, and a new password, or ninety days, ends it.
func TestADeviceIsNoKey(t *testing.T) {
	each(t, func(b *harness) {
		siti, _ := b.in("siti")
		from := elsewhere(1)
		from.Device = b.RememberDevice(siti)
		for range 10 {
			_, err := b.SignIn(ctx, "siti", "wrong wrong wrong", from)
			want(t, err, "staff.sign_in_wrong")
		}
		_, err := b.SignIn(ctx, "siti", "wrong wrong wrong", from)
		want(t, err, "limit.sign_in")
		b.Fixture.Clock.Add(11 * time.Minute)
		b.guessMany("siti", 21)
		_, err = b.SignIn(ctx, "siti", password, from)
		b.Must(err)
		// The same browser at a counter, used by two people, knows both.
		ani, _ := b.in("ani")
		ani.Device = from.Device
		both := b.RememberDevice(ani)
		_, err = b.SignIn(ctx, "siti", password, staff.From{Address: from.Address, Device: both})
		b.Must(err)
		if again := b.RememberDevice(staff.Principal{Staff: ani.Staff, Device: both}); strings.Count(again, "~") != 1 {
			t.Errorf("%d accounts", strings.Count(again, "~")+1)
		}
		token, _, err := b.ChangePassword(ctx, siti, password, "an entirely other one", "an entirely other one")
		b.Must(err)
		_, err = b.SignIn(ctx, "siti", "an entirely other one", from)
		want(t, err, "limit.sign_in_account")
		now := b.who(token)
		now.Device = from.Device
		from.Device = b.RememberDevice(now) // as the answer to the change sets it
		_, err = b.SignIn(ctx, "siti", "an entirely other one", from)
		b.Must(err)
		b.Fixture.Clock.Add(staff.DeviceLife)
		b.guessMany("siti", 21)
		_, err = b.SignIn(ctx, "siti", "an entirely other one", from)
		want(t, err, "limit.sign_in_account")
		// Another shop's keys sign nothing here.
		foreign, err := secret.Parse(secret.Generate())
		b.Must(err)
		from.Device = b.RememberDevice(staff.Principal{Staff: now.Staff})
		b.UseKeys(foreign)
		_, err = b.SignIn(ctx, "siti", "an entirely other one", from)
		want(t, err, "limit.sign_in_account")
	})
}

// Guessers who have the password spend the account's codes, not those of the
// browser that its owner always uses, nor of a session that gave a code.
func TestGuessingCodesLeavesTheOwnerHers(t *testing.T) {
	each(t, func(b *harness) {
		p, _ := b.in("siti")
		secret, mine, _ := b.enrol(p)
		device := b.RememberDevice(mine)
		half, _ := b.in("siti")
		if b.RememberDevice(half) != "" {
			t.Error("a browser is known without the second factor")
		}
		looked := 0
		for n := range 60 {
			soldier := half
			soldier.Session.TokenHash = fmt.Sprintf("%064d", n)
			switch _, err := b.CheckTwoFactor(ctx, soldier, "123456"); fault.CodeOf(err) {
			case "staff.code_wrong":
				looked++
			case "limit.code":
			default:
				t.Fatal(err)
			}
		}
		if looked != 30 {
			t.Errorf("%d codes were looked at", looked)
		}
		b.Fixture.Clock.Add(time.Minute)
		_, err := b.CheckTwoFactor(ctx, half, b.code(secret, 0))
		want(t, err, "limit.code")
		mine = b.proved(b.ReauthenticateTwoFactor(ctx, mine, b.code(secret, 0)))
		b.Fixture.Clock.Add(time.Minute)
		half.Device = device
		_, err = b.CheckTwoFactor(ctx, half, b.code(secret, 0))
		b.Must(err)
		// The sign-in page's place without the second factor is no known place.
		b.Must(b.EndSession(ctx, mine, staff.SessionName(mine.Session)))
	})
}

// Questions to passkeys are kept for minutes: strangers fill no table with them,
// and a browser that is known still gets its own.
func TestQuestionsToPasskeysAreBounded(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.UsePasskeys(shopOrigin, "Gerai"))
		p, _ := b.in("siti")
		_, e := b.register(p, "HP kasir")
		p = b.who(e.Token)
		kept := 0
		for n := range 700 {
			if _, err := b.SignInChallenge(ctx, elsewhere(n)); err == nil {
				kept++
			} else {
				want(t, err, "limit.sign_in")
			}
		}
		if kept != 600 {
			t.Errorf("%d questions are kept", kept)
		}
		_, err := b.SignInChallenge(ctx, staff.From{Address: "198.51.100.1", Device: b.RememberDevice(p)})
		b.Must(err)
		for n := range 31 {
			if _, err = b.PasskeyChallenge(ctx, p); n < 30 {
				b.Must(err)
			}
		}
		want(t, err, "limit.sign_in")
		_, err = b.NewPasskeyChallenge(ctx, p)
		want(t, err, "limit.sign_in")
	})
}

// Links are too long to be guessed; trying them out ends all the same, and a
// link that is right opens at the same address.
func TestTryingOutLinks(t *testing.T) {
	each(t, func(b *harness) {
		ani, _ := b.in("ani")
		siti, err := b.StaffByName(ctx, "siti")
		b.Must(err)
		link, err := b.Invite(ctx, ani.Actor(), siti.ID, confirmation("siti"))
		b.Must(err)
		for n := range 60 {
			if n%2 == 0 {
				_, err = b.Invited(ctx, fmt.Sprint("guess", n), somewhere)
			} else {
				err = b.CheckSetupLink(ctx, fmt.Sprint("guess", n), somewhere)
			}
			want(t, err, "staff.link_dead")
		}
		_, err = b.Invited(ctx, "guess", somewhere)
		want(t, err, "limit.sign_in")
		want(t, b.CheckSetupLink(ctx, "guess", somewhere), "limit.sign_in")
		_, err = b.Accept(ctx, "guess", "kopi manis pagi hari", "kopi manis pagi hari", somewhere)
		want(t, err, "limit.sign_in")
		_, err = b.Accept(ctx, link, "kopi manis pagi hari", "kopi manis pagi hari", somewhere)
		b.Must(err)
	})
}

// keys is a limiter that remembers which keys it was asked about.
type keys struct {
	cache.Limiter
	asked map[string]bool
}

func (k keys) Allow(ctx context.Context, key string, l cache.Limit) (bool, time.Duration) {
	k.asked[key] = true
	return k.Limiter.Allow(ctx, key, l)
}

// A browser that is known does not share the address's budget, which strangers
// behind the same address may have spent.
func TestAKnownBrowserCountsAlone(t *testing.T) {
	each(t, func(b *harness) {
		siti, _ := b.in("siti")
		seen := keys{b.Accounts.Cache, map[string]bool{}}
		b.Accounts.Cache = seen
		_, err := b.SignIn(ctx, "siti", password, staff.From{Address: siti.Session.Address, Device: b.RememberDevice(siti)})
		b.Must(err)
		for key := range seen.asked {
			if !strings.HasPrefix(key, "signin:device:") {
				t.Error(key)
			}
		}
	})
}
