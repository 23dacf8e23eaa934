package staff

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Kinds of ceremony.
const (
	ceremonyRegister       = "register"
	ceremonySignIn         = "sign_in"
	ceremonyReauthenticate = "prove"
)

// ceremonyTime is how long a passkey may take to answer.
const ceremonyTime = 3 * time.Minute

// UsePasskeys switches passkeys on for the shop's public address. WebAuthn
// needs a name, not a number, and https unless the name is localhost: elsewhere
// they stay off, which is no error.
func (o *Accounts) UsePasskeys(baseURL, display string) error {
	u, err := url.Parse(baseURL)
	if err != nil {
		return fmt.Errorf("passkeys at %s: %w", baseURL, err)
	}
	host := u.Hostname()
	if host == "" || net.ParseIP(host) != nil || (u.Scheme != "https" && host != "localhost") {
		return nil
	}
	o.passkeys, err = webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: display, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference:  protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return fmt.Errorf("passkeys at %s: %w", baseURL, err)
	}
	return nil
}

// Passkeys reports whether they can be used at all.
func (o *Accounts) Passkeys() bool { return o.passkeys != nil }

// owner is a person as the library wants to see them.
type owner struct {
	store.Staff
	credentials []webauthn.Credential
	keys        []store.Passkey
}

// WebAuthnID is the account's id: random, and nothing about the person.
func (u owner) WebAuthnID() []byte { return []byte(u.ID) }

// WebAuthnName is what the authenticator shows in its list.
func (u owner) WebAuthnName() string { return u.Name }

// WebAuthnDisplayName is the same: accounts have one name.
func (u owner) WebAuthnDisplayName() string { return u.Name }

// WebAuthnCredentials are all passkeys.
func (u owner) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

type passkeyReader interface {
	PasskeysOf(ctx context.Context, staffID string) ([]store.Passkey, error)
}

func ownerOf(ctx context.Context, r passkeyReader, s store.Staff) (owner, error) {
	u := owner{Staff: s}
	var err error
	if u.keys, err = r.PasskeysOf(ctx, s.ID); err != nil {
		return u, err
	}
	for _, k := range u.keys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Credential), &c); err != nil {
			return u, fmt.Errorf("read passkey %s: %w", k.ID, err)
		}
		u.credentials = append(u.credentials, c)
	}
	return u, nil
}

// Challenge is what the browser asks the authenticator: options as the WebAuthn
// API takes them, and the id under which the answer has to come back.
type Challenge struct {
	ID      string `json:"ceremony"`
	Options any    `json:"options"`
}

// keepChallenge stores the library's side of a ceremony until its answer.
func (o *Accounts) keepChallenge(ctx context.Context, kind, staffID string, options any, data *webauthn.SessionData) (Challenge, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return Challenge{}, err
	}
	id := token()
	err = o.Store.InTx(ctx, actor.Named("staff"), func(tx *store.Tx) error {
		return tx.InsertCeremony(ctx, id, kind, staffID, string(text), tx.Now().Add(ceremonyTime))
	})
	if err != nil {
		return Challenge{}, fmt.Errorf("keep passkey question: %w", err)
	}
	return Challenge{ID: id, Options: options}, nil
}

// takeChallenge returns a stored challenge once. It commits in a transaction of its
// own, so a wrong answer uses the challenge up as well.
func (o *Accounts) takeChallenge(ctx context.Context, id, kind, staffID string) (data webauthn.SessionData, err error) {
	err = o.Store.InTx(ctx, actor.Named("staff"), func(tx *store.Tx) error {
		text, err := tx.TakeCeremony(ctx, id, kind, staffID)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &data)
	})
	return data, err
}

func (o *Accounts) needPasskeys() error {
	if o.passkeys == nil {
		return fault.New(fault.Conflict, "staff.passkeys_off")
	}
	return nil
}

func credentialID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// wrongPasskey hides the library's reasons from people and keeps them for logs.
func wrongPasskey(err error) error { return fault.Wrap(fault.Denied, "staff.passkey_wrong", err) }
