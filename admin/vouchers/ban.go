package vouchers

import (
	"net/url"
	"time"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/templates"
)

// banAddress is the page that asks before a device is banned at a site.
func banAddress(siteID, mac, name string) string {
	at := web.Root + "/bans/" + url.PathEscape(siteID) + "/" + mac
	if name != "" {
		at += "?" + url.Values{"name": {name}}.Encode()
	}
	return at
}

// banForm shows what banning a device does.
func banForm(k *web.Request) error { return confirmBan(k, nil) }

func confirmBan(k *web.Request, cause error) error {
	site, err := k.Store.Site(k.AuditContext(), k.Param("site"))
	if err == nil && !k.Principal.Serves(site.ID) {
		err = store.ErrSiteNotFound
	}
	if err != nil {
		return err
	}
	mac, ok := vouchers.CleanMAC(k.Param("mac"))
	if !ok {
		return store.ErrBanNotFound
	}
	status, p, err := k.ConfirmationPanel(cause, "online", "until", "name")
	if err != nil {
		return err
	}
	page := templates.BanPage{Panel: p, SiteID: site.ID, Site: site.Name, MAC: mac, Device: p.Form.Value("name", deviceName(k.Query("name")))}
	page.Effects = []string{p.T("vouchers.ban.effect.ends"), p.T("vouchers.ban.effect.routers", "site", site.Name), p.T("vouchers.ban.effect.order"), p.T("vouchers.ban.effect.random")}
	page.Token = k.ConfirmationToken(page.Action())
	return k.SendPage(status, p.Theme, page)
}

// longestDevice bounds what is kept of a device's name, in characters.
const longestDevice = 60

func deviceName(s string) string {
	r := []rune(web.Truncate(s))
	return string(r[:min(len(r), longestDevice)])
}

// banDevice bans it.
func banDevice(k *web.Request) error {
	in := vouchers.BanIn{SiteID: k.Param("site"), Sites: k.Principal.Sites, MAC: k.Param("mac"), Device: deviceName(k.FormValue("name")), Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()}
	var err error
	if in.Until, err = banUntil(k); err == nil {
		err = k.Shop.Vouchers.BanDevice(k.AuditContext(), in)
	}
	if fault.Is(err, fault.Invalid) {
		return confirmBan(k, err)
	}
	return web.BackOrError(k, "/bans", "device.banned", err)
}

// banUntil reads the last day of a ban: it ends with that day. Errors: Invalid "ban.until"
// at "until".
func banUntil(k *web.Request) (time.Time, error) {
	text := k.FormValue("until")
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation("2006-01-02", text, k.Handler.Zone)
	if err != nil {
		return time.Time{}, fault.AtField("until", "ban.until")
	}
	return day.AddDate(0, 0, 1), nil
}

// liftBan lets a device in again.
func liftBan(k *web.Request) error {
	err := k.Shop.Vouchers.LiftBan(k.AuditContext(), k.Actor(), k.Principal.Sites, k.Param("id"))
	return web.BackOrError(k, "/bans", "device.unbanned", err)
}
