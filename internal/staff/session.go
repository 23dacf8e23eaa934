package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Session lifetimes: idle, which a policy may change, and absolute.
// ReauthenticationLife is how long a reauthentication counts for acts that cannot be
// taken back.
const (
	idle                 = 30 * time.Minute
	absolute             = 12 * time.Hour
	ReauthenticationLife = 5 * time.Minute
)

// Principal is a signed-in account with its session.
type Principal struct {
	store.Staff
	Session      store.Session
	HasTwoFactor bool         // there is a second factor
	RequiredStep RequiredStep // what is still to be given before the panel opens
	Device       string       // the device cookie that came with the request, may be ""
	family       string       // see Family
}

// Serves reports whether the person may work on a site.
func (p Principal) Serves(siteID string) bool {
	return len(p.Sites) == 0 || slices.Contains(p.Sites, siteID)
}

// Reauthenticated reports whether the person proved who they are a moment ago.
func (p Principal) Reauthenticated(now time.Time) bool {
	return clock.Within(p.Session.ReauthenticatedAt, now, ReauthenticationLife)
}

// From is where a sign-in comes from: network address, browser, and the device
// cookie that RememberDevice once made, if the browser has one.
type From struct{ Address, Agent, Device string }

// SignIn checks the password and opens a session, which may still require a second
// factor. The answer for an unknown name and a wrong password is the same and
// takes the same time. Errors: Denied "staff.sign_in_wrong", Limited
// "limit.sign_in" or "limit.sign_in_account".
func (o *Accounts) SignIn(ctx context.Context, name, password string, from From) (sessionToken string, err error) {
	if !nameForm.MatchString(name) {
		name = "" // no account has such a name, and it is not kept: it may be as long as a form
	}
	account, known, err := o.mayTry(ctx, name, from)
	if err != nil {
		return "", err
	}
	place := o.placeOfUnknownDevice
	if known {
		place = o.place
	}
	leave, err := place(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	hash := account.PasswordHash
	if hash == "" {
		hash = o.decoy
	}
	if !checkPassword(hash, password) || account.PasswordHash == "" || account.Disabled {
		if err := o.failed(ctx, account, from.Address); err != nil {
			return "", err
		}
		return "", fault.New(fault.Denied, "staff.sign_in_wrong")
	}
	return o.enter(ctx, account, from)
}

// enter opens a session after the password was checked. If the password changed or
// the account was disabled since the check, it opens none: the session would outlive
// those that the change has just ended.
func (o *Accounts) enter(ctx context.Context, checked store.Staff, from From) (sessionToken string, err error) {
	ctx, sessionToken = begin(ctx, from, checked)
	err = o.Store.InTx(ctx, actorOf(checked), func(tx *store.Tx) error {
		account, err := tx.HoldStaff(ctx, checked.ID)
		if err != nil {
			return err
		}
		if account.Disabled || account.PasswordHash != checked.PasswordHash {
			return fault.New(fault.Denied, "staff.sign_in_wrong")
		}
		tx.Audit("staff.sign_in", "staff:"+account.ID, nil)
		return open(ctx, tx, sessionToken, account, from, time.Time{})
	})
	if err != nil {
		return "", fmt.Errorf("sign in %s: %w", checked.Name, err)
	}
	return sessionToken, nil
}

// placeOfUnknownDevice is place for a browser without a device cookie. Only a part of
// the places is open to such browsers.
func (o *Accounts) placeOfUnknownDevice(ctx context.Context) (leave func(), err error) {
	select {
	case o.unknownDevices <- struct{}{}:
	case <-ctx.Done():
		return nil, fault.TooOften("limit.sign_in", busyPause)
	}
	free, err := o.place(ctx)
	if err != nil {
		<-o.unknownDevices
		return nil, err
	}
	return func() { free(); <-o.unknownDevices }, nil
}

// place waits until fewer than atOnce passwords are being checked.
func (o *Accounts) place(ctx context.Context) (leave func(), err error) {
	select {
	case o.hashing <- struct{}{}:
		return func() { <-o.hashing }, nil
	case <-ctx.Done():
		return nil, fault.TooOften("limit.sign_in", busyPause)
	}
}

// begin makes the token of a new session and a context whose audit rows name that
// session and its account.
func begin(ctx context.Context, from From, who store.Staff) (_ context.Context, sessionToken string) {
	sessionToken = token()
	return store.WithOrigin(ctx, store.Origin{Address: from.Address, Session: hashToken(sessionToken)[:8], StaffID: who.ID, Role: who.Role}), sessionToken
}

// open starts a session. second is when the second factor was given, zero for
// not yet.
func open(ctx context.Context, tx *store.Tx, sessionToken string, account store.Staff, from From, second time.Time) error {
	now, agent := tx.Now(), strings.ToValidUTF8(strings.ReplaceAll(from.Agent, "\x00", ""), "")
	if r := []rune(agent); len(r) > longestAgent {
		agent = string(r[:longestAgent])
	}
	return tx.InsertSession(ctx, store.Session{TokenHash: hashToken(sessionToken), StaffID: account.ID, CreatedAt: now, SeenAt: now, ReauthenticatedAt: now,
		TwoFactorAt: second, ExpiresAt: now.Add(absolute), Address: from.Address, Agent: agent})
}

// longestAgent bounds what is kept of a browser's name for itself.
const longestAgent = 160

// raise replaces a session by a new one that has the second factor; the old token
// stops working. The caller holds the account's row. A session that was ended in
// between is not restored. Errors: Denied "staff.signed_out".
func raise(ctx context.Context, tx *store.Tx, p Principal) (sessionToken string, err error) {
	if _, _, err := tx.StaffBySession(ctx, p.Session.TokenHash, tx.Now()); err != nil {
		return "", signedOut(err)
	}
	if err := tx.DeleteSession(ctx, p.Session.TokenHash); err != nil {
		return "", err
	}
	sessionToken = token()
	return sessionToken, open(ctx, tx, sessionToken, p.Staff, From{Address: p.Session.Address, Agent: p.Session.Agent}, tx.Now())
}

// renew gives a session another token after a reauthentication: the old token stops
// working at the commit, also for anyone who copied it. The session stays the same:
// its absolute end does not move, and forms of its pages remain valid, because the
// family in the token is kept. change writes what was proved. The caller holds the
// account's row. Errors: Denied "staff.signed_out".
func renew(ctx context.Context, tx *store.Tx, p Principal, change func(*store.Session)) (sessionToken string, err error) {
	_, session, err := tx.StaffBySession(ctx, p.Session.TokenHash, tx.Now())
	if err != nil {
		return "", signedOut(err)
	}
	if err := tx.DeleteSession(ctx, session.TokenHash); err != nil {
		return "", err
	}
	sessionToken = tokenOf(p.family)
	session.TokenHash, session.SeenAt = hashToken(sessionToken), tx.Now()
	change(&session)
	return sessionToken, tx.InsertSession(ctx, session)
}

// Under returns a context whose audit rows name the account, its role, and the network
// address.
func (p Principal) Under(ctx context.Context) context.Context {
	return store.WithOrigin(ctx, store.Origin{Address: p.Session.Address, Session: p.Session.TokenHash[:8], StaffID: p.ID, Role: p.Role})
}

// Authenticate returns the account behind a session token and its required step; it
// counts as using the session. Errors: Denied "staff.signed_out".
func (o *Accounts) Authenticate(ctx context.Context, sessionToken string) (Principal, error) {
	p, err := o.Peek(ctx, sessionToken)
	if now := o.Clock.Now(); err == nil && !clock.Within(p.Session.SeenAt, now, time.Minute) {
		p.Session.SeenAt = now
		err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error { return tx.SaveSession(ctx, p.Session) })
	}
	return p, err
}

// Peek is Authenticate for a request that a page repeats on a timer, which must not
// keep an unattended session alive.
func (o *Accounts) Peek(ctx context.Context, sessionToken string) (Principal, error) {
	now := o.Clock.Now()
	account, session, err := o.Store.StaffBySession(ctx, hashToken(sessionToken), now)
	if err != nil {
		return Principal{}, signedOut(err)
	}
	policy, err := o.Policy(ctx)
	if err != nil {
		return Principal{}, err
	}
	if account.Disabled || now.Sub(session.SeenAt) > policy.silence(account.Role) {
		return Principal{}, ErrSignedOut
	}
	p := Principal{Staff: account, Session: session}
	if family := Family(sessionToken); family != sessionToken {
		p.family = family
	}
	if p.HasTwoFactor, err = o.hasTwoFactor(ctx, account); err != nil {
		return Principal{}, err
	}
	p.RequiredStep = policy.requiredStep(account, session, p.HasTwoFactor, now)
	return p, nil
}

// signedOut says of a session that is not there that it has ended.
func signedOut(err error) error {
	if fault.Is(err, fault.NotFound) {
		return ErrSignedOut
	}
	return err
}

// Reauthenticate checks the password again before an act that cannot be taken back, for
// people who have no second factor. The session gets another token. Errors:
// Invalid "staff.password_wrong" at "password", "staff.code_wanted" at "code",
// Limited "limit.sign_in", Denied "staff.signed_out".
func (o *Accounts) Reauthenticate(ctx context.Context, p Principal, password string) (sessionToken string, err error) {
	if p.HasTwoFactor {
		return "", fault.AtField("code", "staff.code_wanted")
	}
	if err := o.mayReauthenticate(ctx, p); err != nil {
		return "", err
	}
	leave, err := o.place(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	if !checkPassword(p.PasswordHash, password) {
		return "", fault.AtField("password", "staff.password_wrong")
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		now, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != p.PasswordHash {
			return fault.New(fault.Conflict, "staff.changed")
		}
		sessionToken, err = renew(ctx, tx, p, func(s *store.Session) { s.ReauthenticatedAt = tx.Now() })
		return err
	})
	if err != nil {
		return "", err
	}
	return sessionToken, nil
}

// SignOut ends a session; ending it twice is no error.
func (o *Accounts) SignOut(ctx context.Context, sessionToken string) error {
	return o.Store.InTx(ctx, actor.Named("staff"), func(tx *store.Tx) error { return tx.DeleteSession(ctx, hashToken(sessionToken)) })
}

func token() string { return tokenOf("") }

// familySize is how many hexadecimal digits in front of a token name its family.
const familySize = 32

// tokenOf draws a token of a family, "" for a new one.
func tokenOf(family string) string {
	raw := make([]byte, familySize/2+32)
	rand.Read(raw)
	if family == "" {
		family = hex.EncodeToString(raw[32:])
	}
	return family + "-" + hex.EncodeToString(raw[:32])
}

// Family is the part of a session token that renewing by a proof keeps. It
// opens nothing; form tokens are bound to it, so that a proof in one tab does
// not spoil what is typed in another. A token from before there were families
// is its own.
func Family(sessionToken string) string {
	if family, _, ok := strings.Cut(sessionToken, "-"); ok {
		return family
	}
	return sessionToken
}

func hashToken(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
