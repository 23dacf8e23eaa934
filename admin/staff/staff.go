package staff

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/store"
	"gerai/templates"
)

// staffList lists every account.
func staffList(k *web.Request) error {
	p, err := k.Panel("staff")
	if err != nil {
		return err
	}
	all, err := k.Store.ListStaff(k.AuditContext())
	if err != nil {
		return err
	}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.StaffPage{Panel: p}
	for _, s := range all {
		if !k.Principal.Manages(s) {
			continue
		}
		line, err := staffLine(k, s, sites)
		if err != nil {
			return err
		}
		page.Staff = append(page.Staff, line)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// staffLine is an account as lists show it.
func staffLine(k *web.Request, s store.Staff, sites []catalog.Site) (templates.StaffLine, error) {
	now := k.Clock.Now()
	line := templates.StaffLine{ID: s.ID, Name: s.Name, Role: s.Role, Sites: namesOf(s.Sites, sites), Disabled: s.Disabled, NoPassword: s.PasswordHash == "",
		Own: s.ID == k.Principal.ID, App: s.TOTP != ""}
	keys, err := k.Store.CountPasskeys(k.AuditContext(), s.ID)
	if err != nil {
		return line, err
	}
	line.Passkeys = int(keys)
	sessions, err := k.Store.SessionsOf(k.AuditContext(), s.ID, now)
	if err != nil {
		return line, err
	}
	line.Sessions = len(sessions)
	if len(sessions) > 0 {
		line.Seen = sessions[0].SeenAt
	}
	line.LinkUntil, _, err = k.Store.InviteOf(k.AuditContext(), s.ID, now)
	return line, err
}

func namesOf(ids []string, sites []catalog.Site) (names []string) {
	known := web.SiteNames(sites)
	for _, id := range ids {
		names = append(names, cmp.Or(known[id], id))
	}
	return names
}
