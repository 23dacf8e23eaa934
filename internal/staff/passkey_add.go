package staff

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gerai/internal/fault"
	"gerai/internal/store"
)

const (
	mostPasskeys       = 10
	longestPasskeyName = 40 // characters
)

// NewPasskeyChallenge starts the registration of a passkey. Errors: Conflict
// "staff.passkeys_off", Conflict "staff.passkeys_many", Limited "limit.sign_in".
func (o *Accounts) NewPasskeyChallenge(ctx context.Context, p Principal) (Challenge, error) {
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
	if len(u.keys) >= mostPasskeys {
		return Challenge{}, fault.New(fault.Conflict, "staff.passkeys_many")
	}
	options, data, err := o.passkeys.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
	if err != nil {
		return Challenge{}, wrongPasskey(err)
	}
	return o.keepChallenge(ctx, ceremonyRegister, p.ID, options, data)
}

// AddPasskey keeps a passkey under a name. Errors: Invalid "staff.passkey_name"
// at "passkey_name", NotFound "staff.passkey_late", Denied
// "staff.passkey_wrong", Conflict "staff.passkey_known".
func (o *Accounts) AddPasskey(ctx context.Context, p Principal, ceremony, name string, answer []byte) (Enrolled, error) {
	if err := o.needPasskeys(); err != nil {
		return Enrolled{}, err
	}
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > longestPasskeyName {
		return Enrolled{}, fault.AtField("passkey_name", "staff.passkey_name")
	}
	data, err := o.takeChallenge(ctx, ceremony, ceremonyRegister, p.ID)
	if err != nil {
		return Enrolled{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Enrolled{}, wrongPasskey(err)
	}
	c, err := o.passkeys.CreateCredential(owner{Staff: p.Staff}, data, parsed)
	if err != nil {
		return Enrolled{}, wrongPasskey(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return Enrolled{}, err
	}
	return o.enrol(ctx, p, func(tx *store.Tx, s *store.Staff) error {
		if n, err := tx.CountPasskeys(ctx, s.ID); err != nil || n >= mostPasskeys {
			return orMany(err)
		}
		told(s, NoticePasskeyAdded, tx.Now())
		tx.Audit("staff.passkey_add", "staff:"+s.ID, map[string]any{"passkey": name})
		if err := tx.SaveStaff(ctx, *s); err != nil {
			return err
		}
		return tx.InsertPasskey(ctx, store.Passkey{ID: credentialID(c.ID), StaffID: s.ID, Name: name, Credential: string(text), CreatedAt: tx.Now()})
	})
}

func orMany(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "staff.passkeys_many")
}

// RemovePasskey takes one off. Errors: NotFound "staff.passkey_gone", Denied
// "staff.second_missing".
func (o *Accounts) RemovePasskey(ctx context.Context, p Principal, id string) error {
	return o.removeFactor(ctx, p, func(tx *store.Tx, s *store.Staff) error {
		gone, err := tx.DeletePasskey(ctx, s.ID, id)
		if err == nil && !gone {
			err = fault.New(fault.NotFound, "staff.passkey_gone")
		}
		if err != nil {
			return err
		}
		told(s, NoticePasskeyRemoved, tx.Now())
		tx.Audit("staff.passkey_remove", "staff:"+s.ID, nil)
		return nil
	})
}
