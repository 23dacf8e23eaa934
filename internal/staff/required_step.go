package staff

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/store"
)

// RequiredStep is what a session still has to complete before the panel opens to it.
// Until then it reaches only the pages that complete the step.
type RequiredStep string

// The required steps, in the order in which they are asked for.
const (
	StepNone           RequiredStep = ""
	StepTwoFactor      RequiredStep = "second"   // the second factor they have
	StepPassword       RequiredStep = "password" // a password of their own choice
	StepTwoFactorSetup RequiredStep = "factor"   // a second factor, which their role must have
)

func (p Policy) requiredStep(s store.Staff, session store.Session, hasFactor bool, now time.Time) RequiredStep {
	switch {
	case hasFactor && session.TwoFactorAt.IsZero():
		return StepTwoFactor
	case p.stale(s, now):
		return StepPassword
	case !hasFactor && p.Demands(s.Role):
		return StepTwoFactorSetup
	}
	return StepNone
}

// hasTwoFactor reports whether a person has a second factor. Recovery codes alone
// are none.
func (o *Accounts) hasTwoFactor(ctx context.Context, s store.Staff) (bool, error) {
	if s.TOTP != "" {
		return true, nil
	}
	n, err := o.Store.CountPasskeys(ctx, s.ID)
	if err != nil {
		return false, fmt.Errorf("factors of %s: %w", s.Name, err)
	}
	return n > 0, nil
}
