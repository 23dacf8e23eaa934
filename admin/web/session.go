package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
)

// admit authenticates the request. Without a session it redirects to the sign-in page;
// in is false then and the response is complete.
func (d *Handler) admit(k *Request) (in bool, err error) {
	who := d.Accounts.Authenticate
	if k.Get(unattended) != "" {
		who = d.Accounts.Peek
	}
	k.Principal, err = who(k.UserContext(), d.Token(k.Ctx))
	if err == nil {
		k.Principal.Device = k.From().Device
		return true, nil
	}
	if !fault.Is(err, fault.Denied) {
		return false, err
	}
	next := ""
	if k.Method() == fiber.MethodGet {
		next = string(k.Request().URI().RequestURI())
	}
	err = k.SeeOther("/login", "next", next)
	if k.Get(unattended) != "" { // a part of a page cannot show another page
		k.Set("HX-Redirect", k.GetRespHeader(fiber.HeaderLocation))
		err = k.SendStatus(fiber.StatusNoContent)
	}
	return false, err
}

// unattended marks requests that a page repeats on a timer.
const unattended = "X-Unattended"

// Token is the session token the browser brought, "" for none.
func (d *Handler) Token(c *fiber.Ctx) string { return c.Cookies(d.CookieName("session")) }

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
