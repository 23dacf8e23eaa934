package vouchers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/typed"
	"gerai/templates"
)

// lastOnlinePage bounds how far the list of who is online is turned.
const lastOnlinePage = 100_000

// onlinePage lists which devices are online on the routers of the account's sites, as these
// last told.
func onlinePage(k *web.Request) error {
	p, err := k.Panel("online")
	if err != nil {
		return err
	}
	sites, err := k.Handler.Sites(k)
	if err != nil {
		return err
	}
	q := vouchers.OnlineQuery{Sites: k.Principal.Sites, Site: k.Query("site"), Router: k.Query("router"), Text: web.Truncate(k.Query("q")), Page: 1}
	if n, ok := typed.Count(k.Query("page")); ok && n > 1 && n <= lastOnlinePage {
		q.Page = n
	}
	list, err := k.Shop.Vouchers.Online(k.AuditContext(), q)
	if err != nil {
		return err
	}
	page := templates.OnlinePage{Panel: p, Text: q.Text, Site: q.Site, Router: q.Router, Matches: list.Matches, Number: q.Page, More: list.More,
		CanMove: k.Principal.May(staff.HoldVouchers), CanSee: k.Principal.May(staff.SeeVouchers), CanBan: k.Principal.May(staff.BanDevices)}
	names := web.SiteNames(sites)
	for _, r := range list.Routers {
		page.All += r.Devices
		at := slices.IndexFunc(page.Sites, func(c templates.OnlineChip) bool { return c.Value == r.SiteID })
		if at < 0 {
			at = len(page.Sites)
			page.Sites = append(page.Sites, templates.OnlineChip{Value: r.SiteID, Name: names[r.SiteID], On: r.SiteID == q.Site})
		}
		page.Sites[at].Devices += r.Devices
		if q.Site == "" || q.Site == r.SiteID {
			page.Routers = append(page.Routers, templates.OnlineChip{Value: r.ID, Name: r.Name, Devices: r.Devices, On: r.ID == q.Router})
		}
		if !r.At.IsZero() && (page.ReadAt.IsZero() || r.At.Before(page.ReadAt)) {
			page.ReadAt = r.At
		}
		if r.Failure != "" || r.At.IsZero() || p.Now.Sub(r.At) > vouchers.OnlineOld {
			away := templates.OnlineAway{Name: r.Name, ReadAt: r.At}
			if r.Failure != "" {
				away.Why = p.Trouble(r.Failure)
			}
			page.Away = append(page.Away, away)
		}
	}
	plans, err := planChoices(k, p, "")
	if err != nil {
		return err
	}
	for _, d := range list.Devices {
		page.Devices = append(page.Devices, onlineLine(k, p, names, plans, d))
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func onlineLine(k *web.Request, p templates.Panel, sites map[string]string, plans []templates.Choice, d vouchers.OnlineDevice) templates.OnlineLine {
	line := templates.OnlineLine{Device: d.Name, MAC: d.MAC, IP: d.IP, Session: k.Shop.Vouchers.SessionRef(d.Router.ID, d.Session), User: hotspot.Shown(d.User), RouterID: d.Router.ID, Router: d.Router.Name,
		Site: sites[d.Router.SiteID], Since: d.At.Add(-d.Uptime), Bytes: d.Bytes,
		Ban: banAddress(d.Router.SiteID, d.MAC, d.Name)}
	if line.Device == "" {
		line.Device = d.MAC
	}
	if v := d.Voucher; v.ID != "" {
		line.VoucherID, line.User = v.ID, v.PublicName()
		if at := slices.IndexFunc(plans, func(c templates.Choice) bool { return c.Value == v.PlanID }); at >= 0 {
			line.Plan = plans[at].Name
		}
	}
	if left, ends := d.LeftAt(p.Now); ends {
		line.Left = p.Span(left)
	}
	return line
}

// endDevice ends one device's session. One that has left already is as it should be.
func endDevice(k *web.Request) error {
	r, err := k.Store.Router(k.AuditContext(), k.Param("id"))
	if err != nil {
		return err
	}
	if !k.Principal.Serves(r.SiteID) {
		return fault.New(fault.NotFound, "router.not_found")
	}
	err = k.Shop.Vouchers.EndDevice(k.AuditContext(), k.Principal.Actor(), r, k.FormValue("session"))
	if fault.Is(err, fault.NotFound) {
		return k.Back("/online", "online.gone", nil)
	}
	return k.Back("/online", "kicked", err)
}
