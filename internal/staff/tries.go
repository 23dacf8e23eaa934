package staff

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Limits on sign-in. A browser that signed in to the account before has a budget
// of its own, perAccount, and so has an address with an open session of the
// account: guesses from elsewhere do not lock them out. All other tries count
// per address and account, per address over all accounts, and per account over
// all those addresses together, because addresses are cheap. Proofs of who is
// signed in count per session, as many as for an account.
var (
	perAccount       = cache.Limit{Count: 10, Per: 10 * time.Minute}
	perAddress       = cache.Limit{Count: 60, Per: 10 * time.Minute}
	perUnknownDevice = cache.Limit{Count: 20, Per: 10 * time.Minute}
)

// Limits on what is kept of a passkey's questions: per browser or session, and
// for all unknown browsers together.
var (
	perChallenge = cache.Limit{Count: 30, Per: 10 * time.Minute}
	allUnknown   = cache.Limit{Count: 600, Per: 10 * time.Minute}
)

// count takes one event from a limit. Errors: Limited with the code.
func (o *Accounts) count(ctx context.Context, key string, l cache.Limit, code string) error {
	if ok, after := o.Cache.Allow(ctx, key, l); !ok {
		return fault.TooOften(code, after)
	}
	return nil
}

// mayTry counts a try at a name and reads its account, an empty one if there is
// none. known says that the account was used from that browser or address before.
// What is stopped at one name counts over all names of the address too.
func (o *Accounts) mayTry(ctx context.Context, name string, from From) (account store.Staff, known bool, err error) {
	address, brought := countedAs(from.Address), o.devices(from.Device)
	if len(brought) == 0 { // before the database is asked
		if err := o.count(ctx, "signin:"+address, perAddress, "limit.sign_in"); err != nil {
			return store.Staff{}, false, err
		}
	}
	account, err = o.Store.StaffByName(ctx, name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return account, false, err
	}
	if id := o.deviceOf(brought, account); id != "" {
		return account, true, o.count(ctx, "signin:device:"+id, perAccount, "limit.sign_in")
	}
	if len(brought) > 0 {
		if err := o.count(ctx, "signin:"+address, perAddress, "limit.sign_in"); err != nil {
			return account, false, err
		}
	}
	if err := o.count(ctx, "signin:"+address+":"+name, perAccount, "limit.sign_in"); err != nil {
		return account, false, err
	}
	familiar, err := o.familiar(ctx, account, address)
	if err != nil || familiar {
		return account, familiar, err
	}
	return account, false, o.count(ctx, "signin:account:"+name, perUnknownDevice, "limit.sign_in_account")
}

// familiar reports whether an account has a session at the address that opened
// with all that the account asks for.
func (o *Accounts) familiar(ctx context.Context, s store.Staff, address string) (bool, error) {
	sessions, err := o.Store.SessionsOf(ctx, s.ID, o.Clock.Now())
	if err != nil {
		return false, err
	}
	at := slices.DeleteFunc(sessions, func(x store.Session) bool { return countedAs(x.Address) != address })
	if len(at) == 0 {
		return false, nil
	}
	second, err := o.hasTwoFactor(ctx, s)
	return !second || slices.ContainsFunc(at, func(x store.Session) bool { return !x.TwoFactorAt.IsZero() }), err
}

// mayChallenge counts a question to an unnamed passkey, which is kept for a while.
func (o *Accounts) mayChallenge(ctx context.Context, from From) error {
	for _, d := range o.devices(from.Device) {
		s, err := o.Store.StaffByID(ctx, d.account)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if id := o.deviceOf([]device{d}, s); id != "" {
			return o.count(ctx, "ask:device:"+id, perChallenge, "limit.sign_in")
		}
	}
	if err := o.count(ctx, "signin:"+countedAs(from.Address), perAddress, "limit.sign_in"); err != nil {
		return err
	}
	return o.count(ctx, "ask:unknown", allUnknown, "limit.sign_in")
}

// mayChallengeAgain counts a question to a passkey of a person with a session.
func (o *Accounts) mayChallengeAgain(ctx context.Context, p Principal) error {
	return o.count(ctx, "ask:"+p.Session.TokenHash, perChallenge, "limit.sign_in")
}

// mayReauthenticate counts a try of a person who is signed in, by their session alone:
// others behind the same address must not keep people from their work.
func (o *Accounts) mayReauthenticate(ctx context.Context, p Principal) error {
	return o.count(ctx, "prove:"+p.Session.TokenHash, perAccount, "limit.sign_in")
}

// codesPerAccount bounds guesses at six digits of an account from all unknown
// browsers together. Recovery codes and passkeys cannot be guessed and keep
// working, and so does a browser that signed in before, which has a budget of
// its own, as has a session whose second factor was given.
var codesPerAccount = cache.Limit{Count: 30, Per: time.Hour}

// mayGuess counts a six-digit code before it is looked at. The count may be on
// another machine, so it comes before the transaction. Errors: Limited
// "limit.code".
func (o *Accounts) mayGuess(ctx context.Context, p Principal, typed string) error {
	if digits, _ := readCode(typed); digits == "" || !p.Session.TwoFactorAt.IsZero() {
		return nil // mayReauthenticate has counted it
	}
	if id := o.deviceOf(o.devices(p.Device), p.Staff); id != "" {
		return o.count(ctx, "code:device:"+id, perAccount, "limit.sign_in")
	}
	return o.count(ctx, "code:"+p.ID, codesPerAccount, "limit.code")
}

// mayOpen counts a one-time link that is wrong, so that trying out links ends
// like trying out passwords. A link that is right is never refused.
func (o *Accounts) mayOpen(ctx context.Context, from From, err error) error {
	if !errors.Is(err, store.ErrLinkDead) {
		return err
	}
	if limited := o.count(ctx, "link:"+countedAs(from.Address), perAddress, "limit.sign_in"); limited != nil {
		return limited
	}
	return err
}

// countedAs is what an address counts as: itself, or the /64 of an IPv6 address,
// of which every subscriber has at least one whole.
func countedAs(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}
