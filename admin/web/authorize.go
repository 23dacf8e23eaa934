package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/priority"
	"gerai/internal/staff"
)

// Public serves a route without a session.
func (d *Handler) Public(x Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		return x.Handle(&Request{Ctx: c, Handler: d})
	}
}

// Authorized serves a route to sessions that lack no step and have its right.
func (d *Handler) Authorized(x Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		k := &Request{Ctx: c, Handler: d}
		if in, err := d.admit(k); err != nil || !in {
			return err
		}
		if step := k.Principal.RequiredStep; step != staff.StepNone && !slices.Contains(x.During, step) {
			return k.toRequiredStep(step)
		}
		if !k.Principal.May(x.Right) {
			return d.refused(k)
		}
		if x.AllSites && !k.Principal.AllSites() {
			return fault.New(fault.Denied, "staff.whole_only")
		}
		if (x.Reauthenticate || x.Confirm != nil) && !k.Principal.Reauthenticated(d.Clock.Now()) {
			return requestReauthentication(k)
		}
		if x.Confirm != nil {
			if err := k.checkConfirmation(); err != nil {
				return x.Confirm(k, err)
			}
		}
		if x.Heavy {
			k.SetUserContext(priority.With(k.UserContext(), priority.Report))
			return k.compute(x.Handle)
		}
		return x.Handle(k)
	}
}

// requiredStepPages is where each required step is completed.
var requiredStepPages = map[staff.RequiredStep]string{staff.StepTwoFactor: "/second", staff.StepPassword: "/account/password", staff.StepTwoFactorSetup: "/account/second"}

// toRequiredStep redirects to the page of the step that the session still lacks.
func (k *Request) toRequiredStep(step staff.RequiredStep) error {
	next := ""
	if k.Method() == fiber.MethodGet && step == staff.StepTwoFactor {
		next = string(k.Request().URI().RequestURI())
	}
	return k.SeeOther(requiredStepPages[step], "next", next)
}

// refused refuses an act that the account has no right to.
func (d *Handler) refused(*Request) error { return fault.New(fault.Denied, "staff.not_yours") }
