package staff

import (
	"context"
	"fmt"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// triesPerSession bounds the codes that a session may try before it has its second
// factor; after that the password has to be given again.
var triesPerSession = cache.Limit{Count: 5, Per: absolute}

// CheckTwoFactor completes a session with its second factor: a code of the app or a
// recovery code. The session is replaced by a new one. Errors: Invalid
// "staff.code_wrong" or "staff.code_used" at "code", Limited "limit.sign_in" or
// "limit.code", Denied "staff.signed_out" when the session ended because of too
// many wrong codes.
func (o *Accounts) CheckTwoFactor(ctx context.Context, p Principal, code string) (sessionToken string, err error) {
	if p.RequiredStep != StepTwoFactor {
		return "", fault.New(fault.Conflict, "staff.nothing_owed")
	}
	if ok, _ := o.Cache.Allow(ctx, "second:"+p.Session.TokenHash, triesPerSession); !ok {
		err := o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
			tx.Audit("staff.second_refused", "staff:"+p.ID, nil)
			return tx.DeleteSession(ctx, p.Session.TokenHash)
		})
		if err != nil {
			return "", err
		}
		return "", ErrSignedOut
	}
	if err := o.mayReauthenticate(ctx, p); err != nil {
		return "", err
	}
	if err := o.mayGuess(ctx, p, code); err != nil {
		return "", err
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := spend(ctx, tx, &s, code); err != nil {
			return err
		}
		tx.Audit("staff.second", "staff:"+p.ID, nil)
		sessionToken, err = raise(ctx, tx, p)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		if failErr := o.failed(ctx, p.Staff, p.Session.Address); failErr != nil {
			return "", failErr
		}
	}
	if err != nil {
		return "", fmt.Errorf("second factor of %s: %w", p.Name, err)
	}
	return sessionToken, nil
}

// ReauthenticateTwoFactor checks a code before an act that cannot be taken back. The session
// gets another token. Errors as of CheckTwoFactor.
func (o *Accounts) ReauthenticateTwoFactor(ctx context.Context, p Principal, code string) (sessionToken string, err error) {
	if err := o.mayReauthenticate(ctx, p); err != nil {
		return "", err
	}
	if err := o.mayGuess(ctx, p, code); err != nil {
		return "", err
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := spend(ctx, tx, &s, code); err != nil {
			return err
		}
		sessionToken, err = renewByTwoFactor(ctx, tx, p)
		return err
	})
	if err != nil {
		return "", err
	}
	return sessionToken, nil
}

// renewByTwoFactor is renew after a proof with the second factor.
func renewByTwoFactor(ctx context.Context, tx *store.Tx, p Principal) (sessionToken string, err error) {
	return renew(ctx, tx, p, func(s *store.Session) { s.ReauthenticatedAt, s.TwoFactorAt = tx.Now(), tx.Now() })
}
