package admin

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/counter"
	"gerai/internal/store"
	"gerai/templates"
)

// outlets lists who sells printed vouchers.
func outlets(k *request) error {
	edit := store.Outlet{}
	if id := k.Query("edit"); id != "" {
		var err error
		edit, err = k.Store.Outlet(k.ctx(), id)
		if err == nil && !k.principal.Serves(edit.SiteID) {
			err = fault.New(fault.NotFound, "outlet.not_found")
		}
		if err != nil {
			return err
		}
	}
	return showOutlets(k, fiber.StatusOK, edit, templates.Typed{})
}

// putOutlet adds or changes an outlet.
func putOutlet(k *request) error {
	in := counter.OutletIn{Sites: k.principal.Sites, SiteID: k.FormValue("site"), ID: k.FormValue("id"), Name: k.FormValue("name"), Phone: k.FormValue("phone"), Note: k.FormValue("note")}
	err := k.Shop.Counter.PutOutlet(k.ctx(), k.principal.AuditName(), in)
	if form, refused := k.typed(err, "name", "phone", "note", "site"); refused && form.Field != "" {
		return showOutlets(k, httpx.Status(err), store.Outlet{ID: truncate(in.ID), SiteID: in.SiteID}, form)
	}
	return backOrError(k, "/vouchers/outlets", "outlet.saved", err)
}

// outletsOf lists the outlets that sell for the account's sites; those that sell
// for all of them sell for these too.
func outletsOf(k *request) ([]store.Outlet, error) {
	all, err := k.Store.Outlets(k.ctx())
	return slices.DeleteFunc(all, func(o store.Outlet) bool { return o.SiteID != "" && !k.principal.Serves(o.SiteID) }), err
}

// sitesToGive lists the account's sites, hidden ones too.
func sitesToGive(k *request) ([]catalog.Site, error) {
	all, err := k.Store.Sites(k.ctx())
	return slices.DeleteFunc(all, func(s catalog.Site) bool { return !k.principal.Serves(s.ID) }), err
}

func showOutlets(k *request, status int, edit store.Outlet, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.OutletsPage{Panel: p, Edit: templates.OutletLine{ID: edit.ID, Name: edit.Name, Phone: edit.Phone, Note: edit.Note}}
	outlets, err := outletsOf(k)
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
	page.AllSites = k.principal.AllSites()
	names := siteNames(sites)
	for _, o := range outlets {
		n, err := k.Store.OutletCounts(k.ctx(), o.ID, k.principal.Sites...)
		if err != nil {
			return err
		}
		page.Outlets = append(page.Outlets, templates.OutletLine{ID: o.ID, Name: o.Name, Site: names[o.SiteID], CanEdit: k.principal.Serves(o.SiteID), Note: o.Note, Phone: maskPhone(o.Phone), Stock: n[store.VoucherStock],
			Used: n[store.VoucherSold] + n[store.VoucherActive], Ended: n[store.VoucherExpired] + n[store.VoucherDisabled]})
	}
	return k.send(status, p.Theme, page)
}
