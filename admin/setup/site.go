package setup

import (
	"strings"

	"gerai/admin/web"
	"gerai/internal/catalog"
)

// site makes a site of its name; its address follows from it where none is typed.
func site(k *web.Request) error {
	name := strings.TrimSpace(k.FormValue("name"))
	f := catalog.Fields{"name": name, "slug": strings.TrimSpace(k.FormValue("slug")), "ssid": strings.TrimSpace(k.FormValue("ssid"))}
	if f["slug"] == "" {
		f["slug"] = catalog.SlugFrom(name)
	}
	if _, err := k.Shop.Setup.SaveSite(k.AuditContext(), k.Actor(), f); err != nil {
		return refused(k, "site", err)
	}
	return k.SeeOther("/setup", "m", "site.added")
}
