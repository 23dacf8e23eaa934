package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

// outlets lists who sells printed vouchers.
func (d *Door) outlets(k *desk) error {
	edit := store.Outlet{}
	if id := k.Query("edit"); id != "" {
		var err error
		if edit, err = d.Store.Outlet(k.ctx(), id); err != nil {
			return err
		}
	}
	return d.showOutlets(k, fiber.StatusOK, edit, templates.Typed{})
}

// putOutlet adds or changes an outlet.
func (d *Door) putOutlet(k *desk) error {
	in := shop.OutletIn{ID: k.FormValue("id"), Name: k.FormValue("name"), Phone: k.FormValue("phone"), Note: k.FormValue("note")}
	err := d.Shop.PutOutlet(k.ctx(), k.person.Actor(), in)
	if form, refused := k.typed(err, "name", "phone", "note"); refused {
		return d.showOutlets(k, httpx.Status(err), store.Outlet{ID: shorten(in.ID)}, form)
	}
	return k.back("/vouchers/outlets", "outlet.saved", err)
}

func (d *Door) showOutlets(k *desk, status int, edit store.Outlet, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.OutletsPage{Panel: p, Edit: templates.OutletLine{ID: edit.ID, Name: edit.Name, Phone: edit.Phone, Note: edit.Note}}
	outlets, err := d.Store.Outlets(k.ctx())
	if err != nil {
		return err
	}
	for _, o := range outlets {
		n, err := d.Store.OutletCounts(k.ctx(), o.ID)
		if err != nil {
			return err
		}
		page.Outlets = append(page.Outlets, templates.OutletLine{ID: o.ID, Name: o.Name, Note: o.Note, Phone: maskPhone(o.Phone), Stock: n[store.VoucherStock],
			Used: n[store.VoucherSold] + n[store.VoucherActive], Ended: n[store.VoucherExpired] + n[store.VoucherDisabled]})
	}
	return k.send(status, p.Theme, page)
}
