package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Roles of staff; they keep their Indonesian names.
const (
	Admin   = "admin"
	Kasir   = "kasir"
	Teknisi = "teknisi"
)

// Session lifetimes: idle and absolute.
const (
	idle     = 30 * time.Minute
	absolute = 12 * time.Hour
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

// Office manages accounts and sessions.
type Office struct {
	Store *store.Store
	Cache cache.Limiter
	Clock clock.Clock
	// decoy is hashed against when no such account exists, so that the answer
	// takes the same time.
	decoy string
	// hashing has a place for every password that is checked right now.
	hashing chan struct{}
}

const (
	// atOnce bounds the passwords checked at the same time: each takes 19 MiB
	// and a core for a while, and a shop that many addresses knock at must go on
	// selling.
	atOnce = 4
	// busyPause is what those are told to wait who found no place in time.
	busyPause = 5 * time.Second
)

// New returns an office.
func New(s *store.Store, c cache.Limiter, k clock.Clock) *Office {
	return &Office{Store: s, Cache: c, Clock: k, decoy: hashPassword(token()), hashing: make(chan struct{}, atOnce)}
}

// Add creates an account. Errors: Invalid at "name", "role" or "password",
// Conflict "staff.name_taken".
func (o *Office) Add(ctx context.Context, actor, name, role, password string) (store.Staff, error) {
	switch {
	case !nameForm.MatchString(name):
		return store.Staff{}, fault.AtField("name", "staff.name_form")
	case role != Admin && role != Kasir && role != Teknisi:
		return store.Staff{}, fault.AtField("role", "staff.role_unknown")
	case utf8.RuneCountInString(password) < MinPassword || len(password) > 1024:
		return store.Staff{}, fault.AtField("password", "staff.password_short")
	}
	account := store.Staff{Name: name, Role: role, PasswordHash: hashPassword(password), CreatedAt: o.Clock.Now()}
	err := o.Store.InTx(ctx, actor, func(tx *store.Tx) error {
		account.ID = tx.NewID()
		if err := tx.InsertStaff(ctx, account); err != nil {
			return err
		}
		tx.Audit("staff.add", "staff:"+account.ID, map[string]any{"name": name, "role": role})
		return nil
	})
	if err != nil {
		return store.Staff{}, fmt.Errorf("add staff %s: %w", name, err)
	}
	return account, nil
}

// Limits on sign-in: per address and account, so that nobody can lock another
// person out, and per address over all accounts.
var (
	perAccount = cache.Limit{Count: 10, Per: 10 * time.Minute}
	perAddress = cache.Limit{Count: 60, Per: 10 * time.Minute}
)

// SignIn checks the password and opens a session. The answer for an unknown
// name and a wrong password is the same and takes the same time. Errors:
// Denied "staff.sign_in_wrong", Limited.
func (o *Office) SignIn(ctx context.Context, name, password, address string) (sessionToken string, err error) {
	if ok, after := o.Cache.Allow(ctx, "signin:"+address, perAddress); !ok {
		return "", fault.TooOften("limit.sign_in", after)
	}
	if ok, after := o.Cache.Allow(ctx, "signin:"+address+":"+name, perAccount); !ok {
		return "", fault.TooOften("limit.sign_in", after)
	}
	account, err := o.known(ctx, name, password)
	if err != nil {
		return "", err
	}
	secret := token()
	now := o.Clock.Now()
	err = o.Store.InTx(ctx, "staff:"+account.Name, func(tx *store.Tx) error {
		tx.Audit("staff.sign_in", "staff:"+account.ID, map[string]any{"address": address})
		return tx.InsertSession(ctx, store.Session{TokenHash: hashToken(secret), StaffID: account.ID, CreatedAt: now, SeenAt: now,
			ExpiresAt: now.Add(absolute), Address: address})
	})
	if err != nil {
		return "", fmt.Errorf("open session of %s: %w", account.Name, err)
	}
	return secret, nil
}

// known returns the account if the password is its own.
func (o *Office) known(ctx context.Context, name, password string) (store.Staff, error) {
	select {
	case o.hashing <- struct{}{}:
		defer func() { <-o.hashing }()
	case <-ctx.Done():
		return store.Staff{}, fault.TooOften("limit.sign_in", busyPause)
	}
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

// Who returns the person behind a session token. Errors: Denied
// "staff.signed_out".
func (o *Office) Who(ctx context.Context, sessionToken string) (store.Staff, error) {
	now := o.Clock.Now()
	person, session, err := o.Store.StaffBySession(ctx, hashToken(sessionToken), now)
	if fault.Is(err, fault.NotFound) || (err == nil && (person.Disabled || now.Sub(session.SeenAt) > idle)) {
		return store.Staff{}, fault.New(fault.Denied, "staff.signed_out")
	}
	if err != nil {
		return store.Staff{}, err
	}
	if now.Sub(session.SeenAt) > time.Minute {
		err = o.Store.InTx(ctx, "staff:"+person.Name, func(tx *store.Tx) error { return tx.TouchSession(ctx, session.TokenHash, now) })
	}
	return person, err
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
