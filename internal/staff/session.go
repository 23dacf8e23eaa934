package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Session lifetimes: idle and absolute. Fresh is how long ago somebody may
// have proved who they are before an act that cannot be taken back.
const (
	idle     = 30 * time.Minute
	absolute = 12 * time.Hour
	Fresh    = 5 * time.Minute
)

// Limits on sign-in: per address and account, so that nobody can lock another
// person out, and per address over all accounts.
var (
	perAccount = cache.Limit{Count: 10, Per: 10 * time.Minute}
	perAddress = cache.Limit{Count: 60, Per: 10 * time.Minute}
)

// Person is who sits in front of the panel.
type Person struct {
	store.Staff
	Session store.Session
}

// Actor names the person in the audit trail.
func (p Person) Actor() string { return "staff:" + p.Name }

// Serves reports whether the person may work on a site.
func (p Person) Serves(siteID string) bool {
	return len(p.Sites) == 0 || slices.Contains(p.Sites, siteID)
}

// IsFresh reports whether the person proved who they are a moment ago.
func (p Person) IsFresh(now time.Time) bool { return now.Sub(p.Session.FreshAt) < Fresh }

// From is where somebody signs in from: network address and browser.
type From struct{ Address, Agent string }

// SignIn checks the password and opens a session. The answer for an unknown
// name and a wrong password is the same and takes the same time. Errors:
// Denied "staff.sign_in_wrong", Limited "limit.sign_in".
func (o *Office) SignIn(ctx context.Context, name, password string, from From) (sessionToken string, err error) {
	if err := o.mayTry(ctx, name, from.Address); err != nil {
		return "", err
	}
	account, err := o.known(ctx, name, password)
	if err != nil {
		return "", err
	}
	return o.open(ctx, account, from)
}

// known returns the account if the password is its own.
func (o *Office) known(ctx context.Context, name, password string) (store.Staff, error) {
	leave, err := o.hashOne(ctx)
	if err != nil {
		return store.Staff{}, err
	}
	defer leave()
	account, err := o.Store.StaffByName(ctx, name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return store.Staff{}, err
	}
	hash := account.PasswordHash
	if hash == "" {
		hash = o.decoy
	}
	if !checkPassword(hash, password) || err != nil || account.Disabled {
		return store.Staff{}, fault.New(fault.Denied, "staff.sign_in_wrong")
	}
	return account, nil
}

// hashOne waits for a place among those who check passwords.
func (o *Office) hashOne(ctx context.Context) (leave func(), err error) {
	select {
	case o.hashing <- struct{}{}:
		return func() { <-o.hashing }, nil
	case <-ctx.Done():
		return nil, fault.TooOften("limit.sign_in", busyPause)
	}
}

func (o *Office) mayTry(ctx context.Context, name, address string) error {
	if ok, after := o.Cache.Allow(ctx, "signin:"+address, perAddress); !ok {
		return fault.TooOften("limit.sign_in", after)
	}
	if ok, after := o.Cache.Allow(ctx, "signin:"+address+":"+name, perAccount); !ok {
		return fault.TooOften("limit.sign_in", after)
	}
	return nil
}

func (o *Office) open(ctx context.Context, account store.Staff, from From) (string, error) {
	secret, now := token(), o.Clock.Now()
	agent := from.Agent
	if len(agent) > 120 {
		agent = agent[:120]
	}
	s := store.Session{TokenHash: hashToken(secret), StaffID: account.ID, CreatedAt: now, SeenAt: now, FreshAt: now, ExpiresAt: now.Add(absolute), Address: from.Address, Agent: agent}
	ctx = store.WithOrigin(ctx, origin(s))
	err := o.Store.InTx(ctx, "staff:"+account.Name, func(tx *store.Tx) error {
		tx.Audit("staff.sign_in", "staff:"+account.ID, nil)
		return tx.InsertSession(ctx, s)
	})
	if err != nil {
		return "", fmt.Errorf("open session of %s: %w", account.Name, err)
	}
	return secret, nil
}

func origin(s store.Session) store.Origin {
	return store.Origin{Address: s.Address, Session: s.TokenHash[:8]}
}

// Under returns a context whose audit rows name where the person sits.
func (p Person) Under(ctx context.Context) context.Context {
	return store.WithOrigin(ctx, origin(p.Session))
}

// Who returns the person behind a session token. Errors: Denied
// "staff.signed_out".
func (o *Office) Who(ctx context.Context, sessionToken string) (Person, error) {
	now := o.Clock.Now()
	account, session, err := o.Store.StaffBySession(ctx, hashToken(sessionToken), now)
	if fault.Is(err, fault.NotFound) || (err == nil && (account.Disabled || now.Sub(session.SeenAt) > idle)) {
		return Person{}, fault.New(fault.Denied, "staff.signed_out")
	}
	if err != nil {
		return Person{}, err
	}
	if now.Sub(session.SeenAt) > time.Minute {
		session.SeenAt = now
		err = o.Store.InTx(ctx, "staff:"+account.Name, func(tx *store.Tx) error { return tx.SaveSession(ctx, session) })
	}
	return Person{Staff: account, Session: session}, err
}

// Prove checks the password again before an act that cannot be taken back.
// Errors: Invalid "staff.password_wrong" at "password", Limited "limit.sign_in".
func (o *Office) Prove(ctx context.Context, p Person, password string) error {
	if err := o.mayTry(ctx, p.Name, p.Session.Address); err != nil {
		return err
	}
	leave, err := o.hashOne(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if !checkPassword(p.PasswordHash, password) {
		return fault.AtField("password", "staff.password_wrong")
	}
	p.Session.FreshAt = o.Clock.Now()
	return o.Store.InTx(p.Under(ctx), p.Actor(), func(tx *store.Tx) error { return tx.SaveSession(ctx, p.Session) })
}

// SignOut ends a session; ending it twice is no error.
func (o *Office) SignOut(ctx context.Context, sessionToken string) error {
	return o.Store.InTx(ctx, "staff", func(tx *store.Tx) error { return tx.DeleteSession(ctx, hashToken(sessionToken)) })
}

func token() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

func hashToken(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
