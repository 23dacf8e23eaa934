package web

import "github.com/gofiber/fiber/v2"

// ReauthenticateFor asks for a proof of identity before an act that needs one because of what
// was filled in. asked is true where the answer is complete; the form is completed after it.
func (k *Request) ReauthenticateFor(needed bool) (asked bool, err error) {
	if !needed || k.Principal.Reauthenticated(k.Clock.Now()) {
		return false, nil
	}
	return true, requestReauthentication(k)
}

// requestReauthentication redirects to the reauthentication page. A posted form is kept and
// completed after the proof.
func requestReauthentication(k *Request) error {
	if k.Method() == fiber.MethodGet {
		return k.SeeOther("/prove", "next", string(k.Request().URI().RequestURI()))
	}
	return k.SeeOther("/prove", "next", Inside(k.FormValue("back")), "posted", k.keepForm())
}
