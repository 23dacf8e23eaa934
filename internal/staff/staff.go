package staff

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/secret"
	"gerai/internal/store"
)

// Roles of staff; they keep their Indonesian names.
const (
	Admin   = "admin"
	Kasir   = "kasir"
	Teknisi = "teknisi"
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

// Accounts manages accounts and sessions.
type Accounts struct {
	Store *store.Store
	Cache cache.Limiter
	Clock clock.Clock
	cost  Cost
	// decoy is hashed against when no such account exists, so that the answer
	// takes the same time.
	decoy string
	// hashing has a place for every password that is checked right now.
	hashing chan struct{}
	// unknownDevices has a place for every one of them of a browser that is not known.
	unknownDevices chan struct{}
	// keys sign device cookies.
	keys secret.Keys
	// passkeys is nil where the shop's address allows none.
	passkeys *webauthn.WebAuthn
}

const (
	// atOnce bounds the passwords checked at the same time: each takes 19 MiB
	// and a core for a while, and a shop that many addresses knock at must go on
	// selling.
	atOnce = 4
	// busyPause is what those are told to wait who found no place in time.
	busyPause = 5 * time.Second
)

// New returns the accounts of a store.
func New(s *store.Store, c cache.Limiter, k clock.Clock) *Accounts {
	own, err := secret.Parse(secret.Generate())
	if err != nil {
		panic(err) // what was generated is a key
	}
	return &Accounts{Store: s, Cache: c, Clock: k, cost: DefaultCost, decoy: DefaultCost.decoyHash(), hashing: make(chan struct{}, atOnce), unknownDevices: make(chan struct{}, atOnce/2), keys: own}
}

// Add creates an account with a password. Errors: Invalid at "name", "role" or
// "password", Conflict "staff.name_taken".
func (o *Accounts) Add(ctx context.Context, by actor.Actor, name, role, password string) (store.Staff, error) {
	return o.add(ctx, by, store.Staff{Name: name, Role: role}, password, nil)
}

// add creates an account; with an empty password it cannot be signed in to until the
// invitation link has been used. also runs in the same transaction.
func (o *Accounts) add(ctx context.Context, by actor.Actor, s store.Staff, password string, also func(*store.Tx, store.Staff) error) (store.Staff, error) {
	policy, err := o.Policy(ctx)
	if err != nil {
		return s, err
	}
	switch {
	case !nameForm.MatchString(s.Name):
		return s, fault.AtField("name", "staff.name_form")
	case !slices.Contains(Roles, s.Role):
		return s, fault.AtField("role", "staff.role_unknown")
	}
	if also == nil || password != "" {
		if err := policy.check(s.Name, password); err != nil {
			return s, err
		}
		s.PasswordHash, s.PasswordAt = o.cost.hashPassword(password), o.Clock.Now()
	}
	s.CreatedAt = o.Clock.Now()
	err = o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		s.ID = tx.NewID()
		by, err := current(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := grant(by, s.Sites); err != nil {
			return err
		}
		if s.Role == Admin {
			if err := tellOfAdmin(ctx, tx, AlertAdminNew, s); err != nil {
				return err
			}
		}
		if err := tx.InsertStaff(ctx, s); err != nil {
			return err
		}
		tx.Audit("staff.add", "staff:"+s.ID, map[string]any{"name": s.Name, "role": s.Role, "sites": s.Sites})
		if also == nil {
			return nil
		}
		return also(tx, s)
	})
	if err != nil {
		return s, fmt.Errorf("add staff %s: %w", s.Name, err)
	}
	return s, nil
}
