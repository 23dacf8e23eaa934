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
func (d *Handler) outlets(k *request) error {
	edit := store.Outlet{}
	if id := k.Query("edit"); id != "" {
		var err error
		edit, err = d.Store.Outlet(k.ctx(), id)
		if err == nil && !k.principal.Serves(edit.SiteID) {
			err = fault.New(fault.NotFound, "outlet.not_found")
		}
		if err != nil {
			return err
		}
	}
	return d.showOutlets(k, fiber.StatusOK, edit, templates.Typed{})
}

// putOutlet adds or changes an outlet.
func (d *Handler) putOutlet(k *request) error {
	in := counter.OutletIn{Sites: k.principal.Sites, SiteID: k.FormValue("site"), ID: k.FormValue("id"), Name: k.FormValue("name"), Phone: k.FormValue("phone"), Note: k.FormValue("note")}
	err := d.Shop.Counter.PutOutlet(k.ctx(), k.principal.AuditName(), in)
	if form, refused := k.typed(err, "name", "phone", "note", "site"); refused && form.Field != "" {
		return d.showOutlets(k, httpx.Status(err), store.Outlet{ID: truncate(in.ID), SiteID: in.SiteID}, form)
	}
	return k.backOrError("/vouchers/outlets", "outlet.saved", err)
}

// outletsOf lists the outlets that sell for the account's sites; those that sell
// for all of them sell for these too.
func (d *Handler) outletsOf(k *request) ([]store.Outlet, error) {
	all, err := d.Store.Outlets(k.ctx())
	return slices.DeleteFunc(all, func(o store.Outlet) bool { return o.SiteID != "" && !k.principal.Serves(o.SiteID) }), err
}

// sitesToGive lists the account's sites, hidden ones too.
func (d *Handler) sitesToGive(k *request) ([]catalog.Site, error) {
	all, err := d.Store.Sites(k.ctx())
	return slices.DeleteFunc(all, func(s catalog.Site) bool { return !k.principal.Serves(s.ID) }), err
}

func (d *Handler) showOutlets(k *request, status int, edit store.Outlet, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.OutletsPage{Panel: p, Edit: templates.OutletLine{ID: edit.ID, Name: edit.Name, Phone: edit.Phone, Note: edit.Note}}
	outlets, err := d.outletsOf(k)
	if err != nil {
		return err
	}
	sites, err := d.sitesToGive(k)
	if err != nil {
		return err
	}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == form.Value("site", edit.SiteID)})
	}
	page.AllSites = k.principal.AllSites()
	names := siteNames(sites)
	for _, o := range outlets {
		n, err := d.Store.OutletCounts(k.ctx(), o.ID, k.principal.Sites...)
		if err != nil {
			return err
		}
		page.Outlets = append(page.Outlets, templates.OutletLine{ID: o.ID, Name: o.Name, Site: names[o.SiteID], CanEdit: k.principal.Serves(o.SiteID), Note: o.Note, Phone: maskPhone(o.Phone), Stock: n[store.VoucherStock],
			Used: n[store.VoucherSold] + n[store.VoucherActive], Ended: n[store.VoucherExpired] + n[store.VoucherDisabled]})
	}
	return k.send(status, p.Theme, page)
}
