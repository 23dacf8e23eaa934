package staff

import (
	"context"
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
	account := store.Staff{Name: name, Role: role, PasswordHash: hashPassword(password), CreatedAt: o.Clock.Now(), PasswordAt: o.Clock.Now()}
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
