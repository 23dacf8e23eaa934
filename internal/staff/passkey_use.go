package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// SignInChallenge starts a sign-in without a name or password. Errors: Conflict
// "staff.passkeys_off", Limited "limit.sign_in".
func (o *Accounts) SignInChallenge(ctx context.Context, from From) (Challenge, error) {
	if err := o.needPasskeys(); err != nil {
		return Challenge{}, err
	}
	if err := o.mayChallenge(ctx, from); err != nil {
		return Challenge{}, err
	}
	options, data, err := o.passkeys.BeginDiscoverableLogin()
	if err != nil {
		return Challenge{}, wrongPasskey(err)
	}
	return o.keepChallenge(ctx, ceremonySignIn, "", options, data)
}

// PasskeyChallenge starts the check of a passkey of a signed-in account. Errors:
// Conflict "staff.passkeys_off", Conflict "staff.no_factor", Limited "limit.sign_in".
func (o *Accounts) PasskeyChallenge(ctx context.Context, p Principal) (Challenge, error) {
	if err := o.needPasskeys(); err != nil {
		return Challenge{}, err
	}
	if err := o.mayChallengeAgain(ctx, p); err != nil {
		return Challenge{}, err
	}
	u, err := ownerOf(ctx, o.Store, p.Staff)
	if err != nil {
		return Challenge{}, err
	}
	if len(u.keys) == 0 {
		return Challenge{}, fault.New(fault.Conflict, "staff.no_factor")
	}
	options, data, err := o.passkeys.BeginLogin(u)
	if err != nil {
		return Challenge{}, wrongPasskey(err)
	}
	return o.keepChallenge(ctx, ceremonyReauthenticate, p.ID, options, data)
}

// SignInPasskey opens a session by a passkey alone: it is held and its person
// was verified, so it is both factors. Errors: NotFound "staff.passkey_late",
// Denied "staff.passkey_wrong".
func (o *Accounts) SignInPasskey(ctx context.Context, ceremony string, answer []byte, from From) (sessionToken string, err error) {
	if err := o.needPasskeys(); err != nil {
		return "", err
	}
	data, err := o.takeChallenge(ctx, ceremony, ceremonySignIn, "")
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", wrongPasskey(err)
	}
	u, c, err := o.passkeys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		s, err := o.Store.StaffByID(ctx, string(handle))
		if err != nil {
			return nil, err
		}
		return ownerOf(ctx, o.Store, s)
	}, data, parsed)
	if err != nil {
		return "", wrongPasskey(err)
	}
	who, known := u.(owner)
	if !known || who.Disabled {
		return "", wrongPasskey(errors.New("the account is disabled"))
	}
	ctx, sessionToken = begin(ctx, from, who.Staff)
	err = o.Store.InTx(ctx, actorOf(who.Staff), func(tx *store.Tx) error {
		// Removing a passkey and disabling an account lock the account row as well.
		now, err := tx.HoldStaff(ctx, who.ID)
		if err == nil && now.Disabled {
			err = wrongPasskey(errors.New("the account is disabled"))
		}
		if err != nil {
			return err
		}
		if err := used(ctx, tx, who, c); err != nil {
			return err
		}
		tx.Audit("staff.sign_in", "staff:"+who.ID, map[string]any{"passkey": true})
		return open(ctx, tx, sessionToken, who.Staff, from, tx.Now())
	})
	if err != nil {
		return "", fmt.Errorf("sign in %s: %w", who.Name, err)
	}
	return sessionToken, nil
}

// answered checks a known person's answer.
func (o *Accounts) answered(ctx context.Context, p Principal, ceremony string, answer []byte) (owner, *webauthn.Credential, error) {
	if err := o.needPasskeys(); err != nil {
		return owner{}, nil, err
	}
	data, err := o.takeChallenge(ctx, ceremony, ceremonyReauthenticate, p.ID)
	if err != nil {
		return owner{}, nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return owner{}, nil, wrongPasskey(err)
	}
	u, err := ownerOf(ctx, o.Store, p.Staff)
	if err != nil {
		return owner{}, nil, err
	}
	c, err := o.passkeys.ValidateLogin(u, data, parsed)
	if err != nil {
		return owner{}, nil, wrongPasskey(err)
	}
	return u, c, nil
}

// CheckTwoFactorPasskey is CheckTwoFactor with a passkey. Errors: NotFound
// "staff.passkey_late", Denied "staff.passkey_wrong".
func (o *Accounts) CheckTwoFactorPasskey(ctx context.Context, p Principal, ceremony string, answer []byte) (sessionToken string, err error) {
	if p.RequiredStep != StepTwoFactor {
		return "", fault.New(fault.Conflict, "staff.nothing_owed")
	}
	u, c, err := o.answered(ctx, p, ceremony, answer)
	if err != nil {
		return "", err
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		if _, err := tx.HoldStaff(ctx, p.ID); err != nil {
			return err
		}
		if err := used(ctx, tx, u, c); err != nil {
			return err
		}
		tx.Audit("staff.second", "staff:"+p.ID, map[string]any{"passkey": true})
		sessionToken, err = raise(ctx, tx, p)
		return err
	})
	return sessionToken, err
}

// ReauthenticatePasskey is ReauthenticateTwoFactor with a passkey. Errors as of CheckTwoFactorPasskey.
func (o *Accounts) ReauthenticatePasskey(ctx context.Context, p Principal, ceremony string, answer []byte) (sessionToken string, err error) {
	u, c, err := o.answered(ctx, p, ceremony, answer)
	if err != nil {
		return "", err
	}
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		if _, err := tx.HoldStaff(ctx, p.ID); err != nil {
			return err
		}
		if err := used(ctx, tx, u, c); err != nil {
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

// used keeps what a use changed. A counter that goes backwards means that the
// key exists twice: it is refused.
func used(ctx context.Context, tx *store.Tx, u owner, c *webauthn.Credential) error {
	if c.Authenticator.CloneWarning {
		return wrongPasskey(errors.New("the counter went backwards"))
	}
	for _, k := range u.keys {
		if k.ID != credentialID(c.ID) {
			continue
		}
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		k.Credential, k.UsedAt = string(text), tx.Now()
		saved, err := tx.SavePasskey(ctx, k)
		if err == nil && !saved {
			err = wrongPasskey(errors.New("it was removed a moment ago"))
		}
		return err
	}
	return wrongPasskey(errors.New("no such passkey"))
}
