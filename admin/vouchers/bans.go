package vouchers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// bansPage lists the devices that are banned at the account's sites, or were; with a text it
// lists the devices online that it may mean.
func bansPage(k *web.Request) error {
	p, err := k.Panel("online")
	if err != nil {
		return err
	}
	sites, err := k.Handler.Sites(k)
	if err != nil {
		return err
	}
	page := templates.BansPage{Panel: p, Text: web.Truncate(k.Query("q")), Sites: web.Choices(sites), Site: k.Query("site")}
	if page.Text != "" {
		if err := banCandidates(k, &page, web.SiteNames(sites)); err != nil {
			return err
		}
	}
	told, err := k.Shop.Vouchers.BansList(k.AuditContext(), k.Principal.Sites, k.Query("before"))
	if err != nil {
		return err
	}
	names := web.SiteNames(sites)
	for _, b := range told.Bans {
		page.Bans = append(page.Bans, templates.BanLine{ID: b.ID, Device: b.Device, MAC: b.MAC, Site: names[b.SiteID], Reason: b.Reason, By: web.Who(p, b.By),
			At: b.At, Until: b.Until, LiftedAt: b.LiftedAt, Holds: b.Holds(p.Now)})
	}
	for _, r := range told.Waiting {
		page.Waiting = append(page.Waiting, r.Name)
	}
	if told.Next != "" {
		page.Next = p.Href(web.Root+"/bans", "before", told.Next)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// banCandidates are the devices that a text may mean: one that is a MAC itself, at each of
// the account's sites, and those that are online.
func banCandidates(k *web.Request, page *templates.BansPage, names map[string]string) error {
	page.Asked = true
	if mac, ok := vouchers.CleanMAC(page.Text); ok {
		for _, s := range page.Sites {
			page.Found = append(page.Found, templates.BanCandidate{MAC: mac, Site: s.Name, Href: banAddress(s.Value, mac, "")})
		}
		return nil
	}
	list, err := k.Shop.Vouchers.Online(k.AuditContext(), vouchers.OnlineQuery{Sites: k.Principal.Sites, Text: page.Text})
	if err != nil {
		return err
	}
	for _, d := range list.Devices {
		page.Found = append(page.Found, templates.BanCandidate{Name: d.Name, MAC: d.MAC, Site: names[d.Router.SiteID], Href: banAddress(d.Router.SiteID, d.MAC, d.Name)})
	}
	return nil
}
