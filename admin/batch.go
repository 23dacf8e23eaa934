package admin

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/counter"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// mostPrints is how many printings a batch's page lists.
const mostPrints = 20

// batchOf reads the batch of the address. Errors: NotFound "batch.not_found",
// also for batches of sites that the account does not have.
func (d *Handler) batchOf(k *request) (store.Batch, error) {
	b, err := d.Store.Batch(k.ctx(), k.Params("id"))
	if err == nil && !k.principal.Serves(b.SiteID) {
		err = fault.New(fault.NotFound, "batch.not_found")
	}
	return b, err
}

// batch shows one batch and how far it is.
func (d *Handler) batch(k *request) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	return d.showBatch(k, fiber.StatusOK, b, templates.Typed{})
}

func (d *Handler) showBatch(k *request, status int, b store.Batch, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.BatchPage{Panel: p, CanMake: k.principal.May(staff.Vouchers), CanPrint: k.principal.May(staff.PrintVouchers), Item: b.Item, Mode: b.Mode, Comment: b.Comment,
		By: named(b.CreatedBy), Drawn: b.Drawn}
	names, err := d.places(k.ctx())
	if err != nil {
		return err
	}
	if page.BatchLine, err = d.batchLine(k.ctx(), names, b); err != nil {
		return err
	}
	if b.Problem != "" {
		page.Problem = p.Trouble(b.Problem)
	}
	if page.Outlets, err = d.outletChoices(k, p, "adm.outlet.counter", b.SiteID); err != nil {
		return err
	}
	if err := d.batchVouchers(k, &page, b); err != nil {
		return err
	}
	prints, err := d.Store.Prints(k.ctx(), b.ID, mostPrints)
	if err != nil {
		return err
	}
	for _, x := range prints {
		page.Prints = append(page.Prints, templates.PrintLine{At: x.At, By: named(x.Actor), Format: x.Format, First: x.First, Last: x.Last})
	}
	return k.send(status, p.Theme, page)
}

// batchVouchers lists the next vouchers of a batch by number.
func (d *Handler) batchVouchers(k *request, page *templates.BatchPage, b store.Batch) error {
	after := max(k.QueryInt("after"), 0)
	found, err := d.Store.BatchVouchers(k.ctx(), b.ID, after+1, b.Count, foundPerPage+1)
	if err != nil {
		return err
	}
	if len(found) > foundPerPage {
		found = found[:foundPerPage]
		page.Next = found[foundPerPage-1].No
	}
	for _, v := range found {
		page.Vouchers = append(page.Vouchers, templates.VoucherLine{ID: v.ID, Username: serial(b, v), State: v.State, SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil, UsedUp: d.Shop.Vouchers.KnownUsedUp(v.ID)})
	}
	return nil
}

// named is an actor without its kind.
func named(actor string) string { return strings.TrimPrefix(actor, "staff:") }

// outletChoices lists the outlets that sell for a site, "" for any of the
// person's, before one that stands for none of them.
func (d *Handler) outletChoices(k *request, p templates.Panel, none, siteID string) ([]templates.Choice, error) {
	outlets, err := d.outletsOf(k)
	if err != nil || len(outlets) == 0 {
		return nil, err
	}
	var out []templates.Choice
	for _, o := range outlets {
		if siteID != "" && o.SiteID != "" && o.SiteID != siteID {
			continue
		}
		out = append(out, templates.Choice{Value: o.ID, Name: o.Name, Chosen: p.Picked("outlet", o.ID, "")})
	}
	return append(out, templates.Choice{Name: p.T(none)}), nil
}

func (d *Handler) pauseBatch(k *request) error {
	return d.moveBatch(k, d.Shop.Stock.PauseBatch, "batch.paused")
}

func (d *Handler) resumeBatch(k *request) error {
	return d.moveBatch(k, d.Shop.Stock.ResumeBatch, "batch.resumed")
}

func (d *Handler) cancelBatch(k *request) error {
	return d.moveBatch(k, d.Shop.Stock.CancelBatch, "batch.cancelled")
}

func (d *Handler) moveBatch(k *request, move func(ctx context.Context, actor, id string) error, done string) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	return k.back("/vouchers/batches/"+b.ID, done, move(k.ctx(), k.principal.AuditName(), b.ID))
}

// assignBatch assigns vouchers to an outlet, or returns them to the counter.
func (d *Handler) assignBatch(k *request) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	in := counter.HandOutIn{BatchID: b.ID, OutletID: k.FormValue("outlet")}
	if in.First, err = k.number("first", "batch.range"); err == nil {
		if in.Last, err = k.number("last", "batch.range"); err == nil {
			var n int64
			if n, err = d.Shop.Counter.AssignStock(k.ctx(), k.principal.AuditName(), in); err == nil && n == 0 {
				err = fault.AtField("first", "batch.none_moved")
			}
		}
	}
	if form, refused := k.typed(err, "outlet", "first", "last"); refused {
		return d.showBatch(k, httpx.Status(err), b, form)
	}
	return k.back("/vouchers/batches/"+b.ID, "batch.assigned", err)
}
