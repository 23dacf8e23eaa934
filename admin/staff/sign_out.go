package staff

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
)

// signOut ends the session.
func signOut(k *web.Request) error {
	if err := k.Accounts.SignOut(k.AuditContext(), k.Token(k.Ctx)); err != nil {
		return err
	}
	// Fiber writes no negative Max-Age: a time long past has the browser forget it.
	k.Cookie(&fiber.Cookie{Name: k.CookieName("session"), Path: "/", HTTPOnly: true, Secure: k.SecureCookies, SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(1, 0)})
	return k.SeeOther("/login")
}

// leave ends the session that the browser brought: one browser, one session.
func leave(k *web.Request) error {
	if old := k.Token(k.Ctx); old != "" {
		return k.Accounts.SignOut(k.UserContext(), old)
	}
	return nil
}
