package staff

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/store"
)

// Debt is what a signed-in person still has to give before the panel opens to
// them. Whoever owes reaches nothing but the pages that settle the debt.
type Debt string

// The debts, in the order they are asked for.
const (
	OwesNothing  Debt = ""
	OwesSecond   Debt = "second"   // the second factor they have
	OwesPassword Debt = "password" // a password of their own choice
	OwesFactor   Debt = "factor"   // a second factor, which their role must have
)

func (p Policy) debt(s store.Staff, session store.Session, hasFactor bool, now time.Time) Debt {
	switch {
	case hasFactor && session.SecondAt.IsZero():
		return OwesSecond
	case p.stale(s, now):
		return OwesPassword
	case !hasFactor && p.Demands(s.Role):
		return OwesFactor
	}
	return OwesNothing
}

// hasFactor reports whether a person has a second factor. Recovery codes alone
// are none.
func (o *Office) hasFactor(ctx context.Context, s store.Staff) (bool, error) {
	if s.TOTP != "" {
		return true, nil
	}
	n, err := o.Store.CountPasskeys(ctx, s.ID)
	if err != nil {
		return false, fmt.Errorf("factors of %s: %w", s.Name, err)
	}
	return n > 0, nil
}
