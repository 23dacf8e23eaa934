package stock

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/shop/counter"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// outlets lists who sells printed vouchers.
func outlets(k *web.Request) error {
	edit := store.Outlet{}
	if id := k.Query("edit"); id != "" {
		var err error
		edit, err = k.Store.Outlet(k.AuditContext(), id)
		if err == nil && !k.Principal.Serves(edit.SiteID) {
			err = store.ErrOutletNotFound
		}
		if err != nil {
			return err
		}
	}
	return showOutlets(k, fiber.StatusOK, edit, templates.Typed{})
}

// putOutlet adds or changes an outlet.
func putOutlet(k *web.Request) error {
	in := counter.OutletIn{Sites: k.Principal.Sites, SiteID: k.FormValue("site"), ID: k.FormValue("id"), Name: k.FormValue("name"), Phone: k.FormValue("phone"), Note: k.FormValue("note")}
	err := k.Shop.Counter.PutOutlet(k.AuditContext(), k.Principal.Actor(), in)
	if form, refused := k.Typed(err, "name", "phone", "note", "site"); refused && form.Field != "" {
		return showOutlets(k, httpx.Status(err), store.Outlet{ID: web.Truncate(in.ID), SiteID: in.SiteID}, form)
	}
	return web.BackOrError(k, "/vouchers/outlets", "outlet.saved", err)
}

// sitesToGive lists the account's sites, hidden ones too.
func sitesToGive(k *web.Request) ([]catalog.Site, error) {
	all, err := k.Store.Sites(k.AuditContext())
	return slices.DeleteFunc(all, func(s catalog.Site) bool { return !k.Principal.Serves(s.ID) }), err
}

func showOutlets(k *web.Request, status int, edit store.Outlet, form templates.Typed) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.OutletsPage{Panel: p, Edit: templates.OutletLine{ID: edit.ID, Name: edit.Name, Phone: edit.Phone, Note: edit.Note}}
	outlets, err := web.OutletsOf(k)
	if err != nil {
		return err
	}
	sites, err := sitesToGive(k)
	if err != nil {
		return err
	}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == form.Value("site", edit.SiteID)})
	}
	page.AllSites = k.Principal.AllSites()
	names := web.SiteNames(sites)
	for _, o := range outlets {
		n, err := k.Store.OutletCounts(k.AuditContext(), o.ID, k.Principal.Sites...)
		if err != nil {
			return err
		}
		page.Outlets = append(page.Outlets, templates.OutletLine{ID: o.ID, Name: o.Name, Site: names[o.SiteID], CanEdit: k.Principal.Serves(o.SiteID), Note: o.Note, Phone: web.MaskPhone(o.Phone), Stock: n[voucher.Stock],
			Used: n[voucher.Sold] + n[voucher.Active], Ended: n[voucher.Expired] + n[voucher.Disabled]})
	}
	return k.SendPage(status, p.Theme, page)
}
