package routers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

// provisioningCheck audits a router; nothing is changed.
func provisioningCheck(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningWait)
	defer cancel()
	found, err := k.Shop.Routers.CheckProvisioning(ctx, r.ID, routers.ProvisioningOptions{})
	if ours(err) {
		return err
	}
	page := templates.RouterProvisioningPage{Checked: err == nil, Findings: findingLines(k.Lang(), found)}
	return showProvisioning(k, r, provisioningStatus(err), page, err)
}

func provisioningStatus(err error) int {
	if err == nil {
		return fiber.StatusOK
	}
	return refusal(err)
}

func findingLines(l templates.Lang, found []hotspot.Finding) []templates.FindingLine {
	var out []templates.FindingLine
	for _, f := range found {
		what, mend := templates.FindingText(l, f)
		out = append(out, templates.FindingLine{Severity: string(f.Severity), Word: templates.SeverityText(l, f.Severity), What: what, Mend: mend})
	}
	return out
}
