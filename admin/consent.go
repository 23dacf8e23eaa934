package admin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
)

// consentLife is how long a page that asks for consent is good for. It can be
// used once.
const consentLife = 2 * time.Minute

var consentOnce = cache.Limit{Count: 1, Per: consentLife}

// consentToken is put into the page of an act that cannot be taken back. It
// belongs to the act, the thing and the session.
func (k *desk) consentToken(act, thing string) string {
	raw := make([]byte, 8+12)
	binary.BigEndian.PutUint64(raw, uint64(k.door.Clock.Now().UnixMilli()))
	rand.Read(raw[8:])
	return base64.RawURLEncoding.EncodeToString(append(raw, k.consentMAC(act, thing, raw)...))
}

func (k *desk) consentMAC(act, thing string, raw []byte) []byte {
	h := hmac.New(sha256.New, k.door.Keys.MACs("consent", "panel")[0])
	h.Write([]byte(act + "\x00" + thing + "\x00" + k.person.Session.TokenHash + "\x00"))
	h.Write(raw)
	return h.Sum(nil)
}

// consents checks what somebody filled in: the name typed, and the page fresh
// and not used before. The reason is the use case's to ask for. Errors: Invalid
// "consent.name" at "typed", Conflict "consent.stale".
func (k *desk) consents(act, thing, want string) error {
	if strings.TrimSpace(k.FormValue("typed")) != want {
		return fault.AtField("typed", "consent.name")
	}
	raw, err := base64.RawURLEncoding.DecodeString(k.FormValue("token"))
	if err != nil || len(raw) <= 20 || !hmac.Equal(raw[20:], k.consentMAC(act, thing, raw[:20])) {
		return fault.New(fault.Conflict, "consent.stale")
	}
	made := time.UnixMilli(int64(binary.BigEndian.Uint64(raw)))
	if age := k.door.Clock.Now().Sub(made); age < 0 || age > consentLife {
		return fault.New(fault.Conflict, "consent.stale")
	}
	if ok, _ := k.door.Shop.Cache.Allow(k.ctx(), "consent:"+k.FormValue("token"), consentOnce); !ok {
		return fault.New(fault.Conflict, "consent.stale")
	}
	return nil
}

// reason is why, as typed.
func (k *desk) reason() string { return shorten(strings.TrimSpace(k.FormValue("reason"))) }
