package staff

import (
	"context"
	"fmt"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Enrolled is what comes of adding a factor: the session that replaces the old
// one, and the recovery codes if these are the first ever, shown once.
type Enrolled struct {
	Token string
	Codes []string
}

// EnrolTOTP makes an app the person's second factor once a code of it is right.
// Errors: Conflict "staff.totp_there", Invalid "staff.code_wrong" at "code",
// Limited "limit.sign_in".
func (o *Accounts) EnrolTOTP(ctx context.Context, p Principal, secret, code string) (Enrolled, error) {
	if err := o.mayReauthenticate(ctx, p); err != nil {
		return Enrolled{}, err
	}
	return o.enrol(ctx, p, func(tx *store.Tx, s *store.Staff) error {
		if s.TOTP != "" {
			return fault.New(fault.Conflict, "staff.totp_there")
		}
		digits, _ := readCode(code)
		at, ok := step(secret, digits, 0, tx.Now())
		if !ok {
			return fault.AtField("code", "staff.code_wrong")
		}
		s.TOTP, s.TOTPStep = secret, at
		told(s, NoticeTOTPAdded, tx.Now())
		tx.Audit("staff.totp_add", "staff:"+s.ID, nil)
		return tx.SaveStaff(ctx, *s)
	})
}

// enrol adds a factor, makes the recovery codes that belong to the first one
// and replaces the session.
func (o *Accounts) enrol(ctx context.Context, p Principal, add func(*store.Tx, *store.Staff) error) (e Enrolled, err error) {
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		left, err := tx.CountRecoveryCodes(ctx, s.ID)
		if err != nil {
			return err
		}
		if err := add(tx, &s); err != nil {
			return err
		}
		e = Enrolled{}
		if left == 0 {
			if e.Codes, err = newRecovery(ctx, tx, s.ID); err != nil {
				return err
			}
		}
		e.Token, err = raise(ctx, tx, p)
		return err
	})
	if err != nil {
		return Enrolled{}, fmt.Errorf("add a factor of %s: %w", p.Name, err)
	}
	return e, nil
}

// NewRecovery replaces the recovery codes and returns the new ones, to be shown
// once. Errors: Conflict "staff.no_factor" when there is nothing to recover.
func (o *Accounts) NewRecovery(ctx context.Context, p Principal) (codes []string, err error) {
	if !p.HasTwoFactor {
		return nil, fault.New(fault.Conflict, "staff.no_factor")
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if codes, err = newRecovery(ctx, tx, s.ID); err != nil {
			return err
		}
		told(&s, NoticeRecoveryNew, tx.Now())
		tx.Audit("staff.recovery_new", "staff:"+s.ID, map[string]any{"codes": len(codes)})
		return tx.SaveStaff(ctx, s)
	})
	if err != nil {
		return nil, fmt.Errorf("new recovery codes of %s: %w", p.Name, err)
	}
	return codes, nil
}

// RemoveTOTP takes the app off. The caller has made sure that the second factor
// was given a moment ago. Errors: Conflict "staff.no_factor", Denied
// "staff.second_missing".
func (o *Accounts) RemoveTOTP(ctx context.Context, p Principal) error {
	return o.removeFactor(ctx, p, func(tx *store.Tx, s *store.Staff) error {
		if s.TOTP == "" {
			return fault.New(fault.Conflict, "staff.no_factor")
		}
		s.TOTP = ""
		told(s, NoticeTOTPRemoved, tx.Now())
		tx.Audit("staff.totp_remove", "staff:"+s.ID, nil)
		return nil
	})
}

// removeFactor takes a factor off for a session that gave one a moment ago.
// With the last factor the recovery codes go too.
func (o *Accounts) removeFactor(ctx context.Context, p Principal, remove func(*store.Tx, *store.Staff) error) error {
	if !p.HasTwoFactor {
		return fault.New(fault.Conflict, "staff.no_factor")
	}
	if !clock.Within(p.Session.TwoFactorAt, o.Clock.Now(), ReauthenticationLife) {
		return fault.New(fault.Denied, "staff.second_missing")
	}
	err := o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := remove(tx, &s); err != nil {
			return err
		}
		if err := tx.SaveStaff(ctx, s); err != nil {
			return err
		}
		if err := tellOf(ctx, tx, AlertFactorRemoved, s); err != nil {
			return err
		}
		left, err := tx.CountPasskeys(ctx, s.ID)
		if err != nil || left > 0 || s.TOTP != "" {
			return err
		}
		return tx.PutRecoveryCodes(ctx, s.ID, nil)
	})
	if err != nil {
		return fmt.Errorf("remove a factor of %s: %w", p.Name, err)
	}
	return nil
}
