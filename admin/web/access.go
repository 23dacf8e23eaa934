package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// overHTTPS refuses forms of a page that was opened over http, such as at the
// machine's own address: the browser keeps none of the cookies that are for https
// only, so that nothing could be done there, and the reason would not be told.
func (d *Handler) overHTTPS(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodPost || !d.SecureCookies || !strings.HasPrefix(c.Get(fiber.HeaderOrigin), "http://") {
		return c.Next()
	}
	httpx.Log(c).Warn("a form of the panel came over http; the panel works at the base URL only", "client", httpx.ClientIP(c), "address", d.BaseURL+Root)
	httpx.NoStore(c)
	return fault.New(fault.Denied, "staff.wrong_address")
}

// ipAllowlist refuses requests from networks that the policy does not list. When the
// policy cannot be read, every request is refused.
func (d *Handler) ipAllowlist(c *fiber.Ctx) error {
	httpx.NoStore(c)
	policy, err := d.Accounts.Policy(c.UserContext())
	if err != nil {
		return err
	}
	if !policy.Admits(httpx.ClientIP(c)) {
		return fault.New(fault.Denied, "staff.not_from_here")
	}
	return c.Next()
}

// requiredStepPages is where each required step is completed.
var requiredStepPages = map[staff.RequiredStep]string{staff.StepTwoFactor: "/second", staff.StepPassword: "/account/password", staff.StepTwoFactorSetup: "/account/second"}

// toRequiredStep redirects to the page of the step that the session still lacks.
func (k *Request) toRequiredStep(owed staff.RequiredStep) error {
	next := ""
	if k.Method() == fiber.MethodGet && owed == staff.StepTwoFactor {
		next = string(k.Request().URI().RequestURI())
	}
	return k.SeeOther(requiredStepPages[owed], "next", next)
}

// From is where the request comes from.
func (k *Request) From() staff.From {
	return staff.From{Address: httpx.ClientIP(k.Ctx), Agent: k.Get(fiber.HeaderUserAgent), Device: k.Cookies(k.Handler.CookieName("device"))}
}

// KeepSession sets the session cookie, and with it the cookie by which the browser is
// known at the next sign-in.
func (k *Request) KeepSession(token string) error {
	k.Cookie(&fiber.Cookie{Name: k.Handler.CookieName("session"), Value: token, Path: "/", HTTPOnly: true, Secure: k.Handler.SecureCookies, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true})
	p, err := k.Handler.Accounts.Peek(k.UserContext(), token)
	if err != nil {
		return err
	}
	p.Device = k.Cookies(k.Handler.CookieName("device"))
	if device := k.Handler.Accounts.RememberDevice(p); device != "" {
		k.Cookie(&fiber.Cookie{Name: k.Handler.CookieName("device"), Value: device, Path: "/", HTTPOnly: true, Secure: k.Handler.SecureCookies, SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(staff.DeviceLife / time.Second)})
	}
	return nil
}

// Enter sets the session cookie and redirects to next.
func (k *Request) Enter(token, next string) error {
	if err := k.KeepSession(token); err != nil {
		return err
	}
	return k.Redirect(Inside(next), fiber.StatusSeeOther)
}

// news tells what happened to the account since its owner last looked.
func (k *Request) news(p templates.Panel) (out []templates.NewsLine) {
	for _, n := range k.Principal.News() {
		out = append(out, templates.NewsLine{Text: p.Told(n.Code), At: n.At})
	}
	return out
}
