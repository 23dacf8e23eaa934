package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// A route with confirm is an act that cannot be taken back; confirm renders the page that
// shows its effects. The act runs only for a recently reauthenticated session, with
// something typed, a reason, and the token of a page that was rendered at most
// confirmationLife ago; otherwise the page is shown again with the values typed and a
// new token. The use case checks whether the typed text is right and keeps the reason
// in the audit trail.

// ConfirmationLife is how long a confirmation page is valid. Its token works once.
const ConfirmationLife = 2 * time.Minute

var confirmationOnce = cache.Limit{Count: 1, Per: ConfirmationLife}

// Bounds of a reason, in characters.
const (
	shortestReason = 3
	longestReason  = 300
)

// ConfirmationToken is put into the page that asks. It belongs to the address that
// the form is posted to, which names act and thing, and to the session, also once a proof of
// identity has renewed it.
func (k *Request) ConfirmationToken(action string) string {
	raw := make([]byte, 8+12)
	binary.BigEndian.PutUint64(raw, uint64(k.Handler.Clock.Now().UnixMilli()))
	rand.Read(raw[8:])
	return base64.RawURLEncoding.EncodeToString(append(raw, k.confirmationMAC(action, raw)...))
}

// confirmationMAC takes an address as it is meant: browsers may escape it their way.
func (k *Request) confirmationMAC(action string, raw []byte) []byte {
	if plain, err := url.PathUnescape(action); err == nil {
		action = plain
	}
	h := hmac.New(sha256.New, k.Handler.Keys.MACs("consent", "panel")[0])
	h.Write([]byte(action + "\x00" + staff.Family(k.Handler.Token(k.Ctx)) + "\x00"))
	h.Write(raw)
	return h.Sum(nil)
}

// checkConfirmation checks the fields of a confirmed form. The token is used up only
// when the form is complete. Errors: Invalid "consent.name" at "typed" and
// "confirm.reason" at "reason", Conflict "consent.stale".
func (k *Request) checkConfirmation() error {
	if strings.TrimSpace(k.FormValue("typed")) == "" {
		return fault.AtField("typed", "consent.name")
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(k.FormValue("reason"))); n < shortestReason || n > longestReason {
		return fault.AtField("reason", "confirm.reason")
	}
	// Several texts decode to the same token: what is counted is what it decodes to.
	raw, err := base64.RawURLEncoding.DecodeString(k.FormValue("token"))
	if err != nil || len(raw) <= 20 || !hmac.Equal(raw[20:], k.confirmationMAC(string(k.Request().URI().PathOriginal()), raw[:20])) {
		return fault.New(fault.Conflict, "consent.stale")
	}
	made := time.UnixMilli(int64(binary.BigEndian.Uint64(raw)))
	if age := k.Handler.Clock.Now().Sub(made); age < 0 || age > ConfirmationLife {
		return fault.New(fault.Conflict, "consent.stale")
	}
	if ok, _ := k.Handler.Shop.Cache.Allow(k.AuditContext(), "consent:"+base64.RawURLEncoding.EncodeToString(raw), confirmationOnce); !ok {
		return fault.New(fault.Conflict, "consent.stale")
	}
	return nil
}

// TypedName checks that the name of a thing was typed as it is written.
// Errors: Invalid "consent.name" at "typed".
func (k *Request) TypedName(want string) error {
	if strings.TrimSpace(k.FormValue("typed")) != want {
		return fault.AtField("typed", "consent.name")
	}
	return nil
}

// ConfirmationForm returns the status and the form of a confirmation page: empty for
// the first time, or with cause and the values typed. Errors that no form can show are
// returned.
func (k *Request) ConfirmationForm(cause error, fields ...string) (status int, form templates.Typed, err error) {
	if cause == nil {
		return fiber.StatusOK, templates.Typed{}, nil
	}
	form, ok := k.Typed(cause, append(fields, "typed", "reason")...)
	if !ok {
		return 0, form, cause
	}
	return httpx.Status(cause), form, nil
}

// ConfirmationPanel is ConfirmationForm on the panel of a section.
func (k *Request) ConfirmationPanel(cause error, section string, fields ...string) (status int, p templates.Panel, err error) {
	status, form, err := k.ConfirmationForm(cause, fields...)
	if err != nil {
		return 0, p, err
	}
	p, err = k.Panel(section)
	p.Form = form
	return status, p, err
}

// SendConfirmation sends the page that most acts ask with, with a token of its own.
func (k *Request) SendConfirmation(status int, page templates.ConfirmationPage) error {
	page.Token = k.ConfirmationToken(page.Action)
	return k.SendPage(status, page.Theme, page)
}

// Reason is why, as typed.
func (k *Request) Reason() string { return Truncate(strings.TrimSpace(k.FormValue("reason"))) }
