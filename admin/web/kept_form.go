package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gerai/internal/staff"
)

// filledInAgain are the parts of the panel whose forms are not kept: who proves their identity may not be who filled them in, at a
// browser that was left open, and with these they would give the panel or the money away.
var filledInAgain = []string{"/setup/gateway", "/staff", "/account", "/policy"}

// keepForm keeps the posted form until the account has proved its identity; "" where it is not
// kept.
func (k *Request) keepForm() string {
	path := strings.TrimPrefix(k.Path(), Root)
	if slices.ContainsFunc(filledInAgain, func(part string) bool { return path == part || strings.HasPrefix(path, part+"/") }) {
		return ""
	}
	id, err := k.Accounts.KeepForm(k.AuditContext(), k.Principal, staff.KeptForm{Path: string(k.Request().URI().RequestURI()), Media: string(k.Request().Header.ContentType()),
		Body: append([]byte(nil), k.Request().Body()...), Family: staff.Family(k.Handler.Token(k.Ctx))})
	if err != nil {
		k.Log.WarnContext(k.UserContext(), "form not kept", "error", err)
		return ""
	}
	return id
}

// EnterWith sets the renewed session cookie and completes the form that was kept before the
// proof, as if it were posted now: every check of its route is made again. Without one it
// redirects to next.
func (k *Request) EnterWith(token, form, next string) error {
	if form == "" {
		return k.Enter(token, next)
	}
	kept, found, err := k.Accounts.TakeForm(k.AuditContext(), k.Principal, staff.Family(token), form)
	if err != nil || !found {
		return k.Enter(token, next)
	}
	if err := k.KeepSession(token); err != nil {
		return err
	}
	request := k.Ctx.Request()
	var header fasthttp.RequestHeader
	request.Header.CopyTo(&header)
	request.Reset() // what was parsed of the form with the proof
	header.CopyTo(&request.Header)
	request.Header.SetCookie(k.CookieName("session"), token)
	request.Header.SetContentType(kept.Media)
	request.Header.SetContentLength(len(kept.Body))
	request.SetRequestURI(kept.Path)
	request.SetBody(kept.Body)
	k.Ctx.Path(string(request.URI().Path()))
	k.Ctx.Method(fiber.MethodPost)
	return k.Ctx.RestartRouting()
}
