package web

import "github.com/gofiber/fiber/v2"

// requestReauthentication redirects to the reauthentication page, and from there back to
// the page of the form. A posted form is not kept.
func requestReauthentication(k *Request) error {
	next := string(k.Request().URI().RequestURI())
	if k.Method() != fiber.MethodGet {
		next = Inside(k.FormValue("back"))
	}
	return k.SeeOther("/prove", "next", next)
}
