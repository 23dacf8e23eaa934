package vouchers

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// findVouchers searches vouchers by name, batch, plan, state and outlet.
func findVouchers(k *web.Request) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	page := templates.FindVouchersPage{Panel: p, CanCompensate: k.Principal.May(staff.Vouchers), Name: web.Truncate(k.Query("q")), Batch: web.Truncate(k.Query("batch"))}
	f := store.VoucherFilter{Sites: k.Principal.Sites, Name: page.Name, PlanID: k.Query("plan"), State: voucher.State(k.Query("state")), OutletID: k.Query("outlet"), Before: k.Query("before"), Limit: web.FoundPerPage + 1}
	if page.Plans, err = planChoices(k, p, f.PlanID); err != nil {
		return err
	}
	page.States = append(page.States, templates.Choice{Name: p.T("web.any")})
	for _, s := range voucher.States {
		page.States = append(page.States, templates.Choice{Value: string(s), Name: p.T("vouchers.state." + string(s)), Chosen: s == f.State})
	}
	outlets, err := outletNames(k)
	if err != nil {
		return err
	}
	if k.Principal.May(staff.Vouchers) && len(outlets) > 0 {
		if page.OutletChoices, err = web.OutletChoices(k, p, "web.any", ""); err != nil {
			return err
		}
		for i := range page.OutletChoices {
			page.OutletChoices[i].Chosen = page.OutletChoices[i].Value == f.OutletID
		}
	}
	if page.Asked = page.Name+page.Batch+f.PlanID+string(f.State)+f.OutletID != ""; !page.Asked {
		return k.SendPage(fiber.StatusOK, p.Theme, page)
	}
	known := true
	if page.Batch != "" {
		b, found, err := k.Store.BatchByCode(k.AuditContext(), strings.ToUpper(strings.TrimSpace(page.Batch)))
		if err != nil {
			return err
		}
		known, f.BatchID = found, b.ID
	}
	var found []store.Voucher
	if known {
		if found, err = k.Store.FindVouchers(k.AuditContext(), f); err != nil {
			return err
		}
	}
	if len(found) > web.FoundPerPage {
		found = found[:web.FoundPerPage]
		q := url.Values{"before": {found[web.FoundPerPage-1].ID}}
		for _, name := range []string{"q", "batch", "plan", "state", "outlet"} {
			if v := k.Query(name); v != "" {
				q.Set(name, v)
			}
		}
		page.Next = web.Root + "/vouchers/find?" + q.Encode()
	}
	plans := map[string]string{}
	for _, c := range page.Plans {
		plans[c.Value] = c.Name
	}
	batches := map[string]store.Batch{}
	for _, v := range found {
		name := v.PublicName()
		if strings.EqualFold(v.Username, strings.TrimSpace(page.Name)) {
			name = v.Username // the search text holds the full name already
		}
		line := templates.VoucherLine{ID: v.ID, Username: name, State: string(v.State), Plan: plans[v.PlanID], BatchID: v.BatchID, No: v.No, Outlet: outlets[v.OutletID],
			SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil, UsedUp: k.Shop.Vouchers.KnownUsedUp(v.ID), Suspended: v.Facts().Suspended()}
		if v.BatchID != "" {
			if _, seen := batches[v.BatchID]; !seen {
				if batches[v.BatchID], err = k.Store.Batch(k.AuditContext(), v.BatchID); err != nil {
					return err
				}
			}
			line.Batch = batches[v.BatchID].Code
		}
		if !k.Principal.May(staff.PrintVouchers) {
			line.BatchID = "" // its page is not theirs
		}
		page.Vouchers = append(page.Vouchers, line)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// planChoices lists the plans of the account's sites.
func planChoices(k *web.Request, p templates.Panel, chosen string) ([]templates.Choice, error) {
	out := []templates.Choice{{Name: p.T("web.any")}}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return nil, err
	}
	for _, s := range sites {
		if !k.Principal.Serves(s.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.AuditContext(), s.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range plans {
			out = append(out, templates.Choice{Value: x.ID, Name: x.Name + " · " + s.Name, Chosen: x.ID == chosen})
		}
	}
	return out, nil
}

func outletNames(k *web.Request) (map[string]string, error) {
	outlets, err := web.OutletsOf(k)
	out := map[string]string{}
	for _, o := range outlets {
		out[o.ID] = o.Name
	}
	return out, err
}
