package staff_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"gerai/internal/staff"
)

const shopOrigin = "https://shop.test"

// authenticator is a passkey in software: one key, made for one account.
type authenticator struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	user    []byte
	counter uint32
	flags   byte   // user present, user verified, backup
	origin  string // the page it believes to be on
	party   string
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	rand.Read(id)
	return &authenticator{t: t, key: key, id: id, flags: 0x05, origin: shopOrigin, party: "shop.test"}
}

// asked is what both ceremonies have in common on the wire.
type asked struct {
	PublicKey struct {
		Challenge        string
		User             struct{ ID string }
		AllowCredentials []struct{ ID string }
		UserVerification string
	}
}

func (a *authenticator) read(q staff.Challenge) asked {
	a.t.Helper()
	raw, err := json.Marshal(q.Options)
	if err != nil {
		a.t.Fatal(err)
	}
	var out asked
	if err := json.Unmarshal(raw, &out); err != nil {
		a.t.Fatal(err)
	}
	return out
}

func (a *authenticator) clientData(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

func (a *authenticator) data(more []byte, flags byte) []byte {
	party := sha256.Sum256([]byte(a.party))
	out := append(party[:], flags)
	out = binary.BigEndian.AppendUint32(out, a.counter)
	return append(out, more...)
}

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func (a *authenticator) cbor(v any) []byte {
	raw, err := webauthncbor.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

// create answers a registration with attestation "none".
func (a *authenticator) create(q staff.Challenge) []byte {
	a.t.Helper()
	asked := a.read(q)
	var err error
	if a.user, err = base64.RawURLEncoding.DecodeString(asked.PublicKey.User.ID); err != nil {
		a.t.Fatal(err)
	}
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	cose := a.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	credential := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(a.id)))
	credential = append(append(credential, a.id...), cose...)
	object := a.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(credential, a.flags|0x40)})
	return a.answer(map[string]any{"clientDataJSON": b64(a.clientData("webauthn.create", asked.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// get answers a sign-in.
func (a *authenticator) get(q staff.Challenge) []byte {
	a.t.Helper()
	a.counter++
	asked := a.read(q)
	client, data := a.clientData("webauthn.get", asked.PublicKey.Challenge), a.data(nil, a.flags)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.user)})
}

func (a *authenticator) answer(response map[string]any) []byte {
	raw, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

// register adds a passkey to an account.
func (b *harness) register(p staff.Principal, name string) (*authenticator, staff.Enrolled) {
	b.t.Helper()
	a := newAuthenticator(b.t)
	q, err := b.NewPasskeyChallenge(ctx, p)
	b.Must(err)
	e, err := b.AddPasskey(ctx, p, q.ID, name, a.create(q))
	b.Must(err)
	return a, e
}

func TestPasskeys(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.UsePasskeys(shopOrigin, "Gerai"))
		from := staff.From{Address: "10.0.0.7", Agent: "Chrome"}
		p, first := b.in("siti")
		a, e := b.register(p, "HP kasir")
		wantOut(t, b.Accounts, first)
		p = b.who(e.Token)
		if len(e.Codes) != staff.RecoveryCodes || !p.HasTwoFactor || p.RequiredStep != staff.StepNone {
			t.Fatalf("%+v", e)
		}
		// Without name and password.
		q, err := b.SignInChallenge(ctx, from)
		b.Must(err)
		if asked := a.read(q); asked.PublicKey.UserVerification != "required" || len(asked.PublicKey.AllowCredentials) != 0 {
			t.Errorf("%+v", asked)
		}
		answer := a.get(q)
		token, err := b.SignInPasskey(ctx, q.ID, answer, from)
		b.Must(err)
		if who := b.who(token); who.Name != "siti" || who.RequiredStep != staff.StepNone {
			t.Errorf("%+v", who)
		}
		// A question is answered once.
		_, err = b.SignInPasskey(ctx, q.ID, answer, from)
		want(t, err, "staff.passkey_late")
		// After the password, and to prove again.
		p, _ = b.in("siti")
		if p.RequiredStep != staff.StepTwoFactor {
			t.Fatal(p.RequiredStep)
		}
		q, err = b.PasskeyChallenge(ctx, p)
		b.Must(err)
		token, err = b.CheckTwoFactorPasskey(ctx, p, q.ID, a.get(q))
		b.Must(err)
		b.Fixture.Clock.Add(6 * time.Minute)
		p = b.who(token)
		want(t, b.RemovePasskey(ctx, p, b64(a.id)), "staff.second_missing")
		q, err = b.PasskeyChallenge(ctx, p)
		b.Must(err)
		p = b.proved(b.ReauthenticatePasskey(ctx, p, q.ID, a.get(q)))
		wantOut(t, b.Accounts, token)
		want(t, b.RemovePasskey(ctx, p, "other"), "staff.passkey_gone")
		keys, err := b.PasskeysOf(ctx, p.ID)
		b.Must(err)
		if len(keys) != 1 || keys[0].Name != "HP kasir" || keys[0].UsedAt.IsZero() {
			t.Errorf("%+v", keys)
		}
		b.Must(b.RemovePasskey(ctx, p, b64(a.id)))
		if p, _ = b.in("siti"); p.RequiredStep != staff.StepNone {
			t.Error(p.RequiredStep)
		}
		q, err = b.SignInChallenge(ctx, from)
		b.Must(err)
		_, err = b.SignInPasskey(ctx, q.ID, a.get(q), from)
		want(t, err, "staff.passkey_wrong")
	})
}

func TestWrongPasskeys(t *testing.T) {
	each(t, func(b *harness) {
		b.Must(b.UsePasskeys(shopOrigin, "Gerai"))
		from := staff.From{Address: "10.0.0.7"}
		siti, _ := b.in("siti")
		good, e := b.register(siti, "HP")
		siti = b.who(e.Token)
		for name, spoil := range map[string]func(a *authenticator){
			"another page":       func(a *authenticator) { a.origin = "https://evil.example" },
			"another party":      func(a *authenticator) { a.party = "evil.example" },
			"person not checked": func(a *authenticator) { a.flags = 0x01 },
			"another key":        func(a *authenticator) { a.key = newAuthenticator(t).key },
			"another account":    func(a *authenticator) { a.user = []byte("nobody") },
			"a copy, counting back": func(a *authenticator) {
				good.counter, a.counter = 50, 0
				q, err := b.SignInChallenge(ctx, from)
				b.Must(err)
				_, err = b.SignInPasskey(ctx, q.ID, good.get(q), from)
				b.Must(err)
			},
		} {
			bad := *good
			spoil(&bad)
			q, err := b.SignInChallenge(ctx, from)
			b.Must(err)
			_, err = b.SignInPasskey(ctx, q.ID, bad.get(q), from)
			if err == nil {
				t.Errorf("%s: let in", name)
				continue
			}
			want(t, err, "staff.passkey_wrong")
		}
		// Late, someone else's question, nonsense.
		q, err := b.PasskeyChallenge(ctx, siti)
		b.Must(err)
		ani, _ := b.in("ani")
		_, err = b.ReauthenticatePasskey(ctx, ani, q.ID, good.get(q))
		want(t, err, "staff.passkey_late")
		b.Fixture.Clock.Add(4 * time.Minute)
		_, err = b.ReauthenticatePasskey(ctx, siti, q.ID, good.get(q))
		want(t, err, "staff.passkey_late")
		q, err = b.SignInChallenge(ctx, from)
		b.Must(err)
		_, err = b.SignInPasskey(ctx, q.ID, []byte("{"), from)
		want(t, err, "staff.passkey_wrong")
		// Registered once, with a name, after user verification.
		q, err = b.NewPasskeyChallenge(ctx, ani)
		b.Must(err)
		_, err = b.AddPasskey(ctx, ani, q.ID, "curian", good.create(q))
		want(t, err, "staff.passkey_known")
		_, err = b.AddPasskey(ctx, ani, q.ID, "  ", nil)
		want(t, err, "staff.passkey_name")
		careless := newAuthenticator(t)
		careless.flags = 0x01
		q, err = b.NewPasskeyChallenge(ctx, ani)
		b.Must(err)
		_, err = b.AddPasskey(ctx, ani, q.ID, "HP", careless.create(q))
		want(t, err, "staff.passkey_wrong")
		// Who is disabled has no way in.
		b.Must(b.Disable(ctx, ani.Actor(), siti.ID, confirmation("siti")))
		q, err = b.SignInChallenge(ctx, from)
		b.Must(err)
		good.counter = 99
		_, err = b.SignInPasskey(ctx, q.ID, good.get(q), from)
		want(t, err, "staff.passkey_wrong")
	})
}

// Numbers and plain http have no passkeys; everything else works without.
func TestWherePasskeysWork(t *testing.T) {
	o, f := accounts(t)
	for base, works := range map[string]bool{"http://127.0.0.1:8080": false, "http://shop.example": false, "https://192.0.2.7": false, "https://shop.example": true, "http://localhost:8080": true, "https://shop.example:8443": true} {
		o = staff.New(o.Store, o.Cache, f.Clock)
		f.Must(o.UsePasskeys(base, "Gerai"))
		if o.Passkeys() != works {
			t.Errorf("%s: %t", base, o.Passkeys())
		}
		if _, err := o.SignInChallenge(ctx, staff.From{Address: "10.0.0.7"}); (err == nil) != works {
			t.Errorf("%s: %v", base, err)
		}
	}
}
