package staff

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/internal/typed"
	"gerai/templates"
)

// policyForm shows the rules for accounts.
func policyForm(k *web.Request) error {
	policy, err := k.Accounts.Policy(k.AuditContext())
	if err != nil {
		return err
	}
	return showPolicy(k, fiber.StatusOK, templates.Typed{}, policy)
}

// savePolicy replaces them.
func savePolicy(k *web.Request) error {
	policy := staff.Policy{Complexity: k.FormValue("complexity") != "", LongShift: k.FormValue("long_shift") != "", AllowFrom: strings.Fields(strings.ReplaceAll(k.FormValue("allow_from"), ",", " "))}
	for _, raw := range k.Context().PostArgs().PeekMulti("second_factor") {
		policy.SecondFactor = append(policy.SecondFactor, string(raw))
	}
	for field, into := range map[string]*int{"min_length": &policy.MinLength, "expiry_days": &policy.ExpiryDays, "idle_minutes": &policy.IdleMinutes} {
		n, ok := typed.Count(k.FormValue(field))
		if !ok {
			n = -1 // refused at its field
		}
		*into = n
	}
	if err := k.Accounts.SetPolicy(k.AuditContext(), k.Principal.Actor(), httpx.ClientIP(k.Ctx), policy); err != nil {
		form, ok := k.Typed(err, "min_length", "expiry_days", "idle_minutes", "allow_from")
		if !ok {
			return err
		}
		return showPolicy(k, httpx.Status(err), form, policy)
	}
	return k.SeeOther("/policy", "m", "policy_saved")
}

func showPolicy(k *web.Request, status int, form templates.Typed, policy staff.Policy) error {
	p, err := k.Panel("policy")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PolicyPage{Panel: p, Complexity: policy.Complexity, LongShift: policy.LongShift, MinLength: policy.MinLength, ExpiryDays: policy.ExpiryDays,
		IdleMinutes: policy.IdleMinutes, AllowFrom: strings.Join(policy.AllowFrom, "\n"), Here: httpx.ClientIP(k.Ctx)}
	for _, role := range staff.Roles {
		page.Second = append(page.Second, templates.RoleChoice{Role: role, Chosen: slices.Contains(policy.SecondFactor, role)})
	}
	return k.SendPage(status, p.Theme, page)
}
