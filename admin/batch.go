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
func batchOf(k *request) (store.Batch, error) {
	b, err := k.Store.Batch(k.ctx(), k.Params("id"))
	if err == nil && !k.principal.Serves(b.SiteID) {
		err = fault.New(fault.NotFound, "batch.not_found")
	}
	return b, err
}

// batch shows one batch and how far it is.
func batch(k *request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showBatch(k, fiber.StatusOK, b, templates.Typed{})
}

func showBatch(k *request, status int, b store.Batch, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.BatchPage{Panel: p, CanMake: k.principal.May(staff.Vouchers), CanPrint: k.principal.May(staff.PrintVouchers), Item: b.Item, Mode: b.Mode, Comment: b.Comment,
		By: named(b.CreatedBy), Drawn: b.Drawn}
	names, err := voucherPlaces(k.Handler, k.ctx())
	if err != nil {
		return err
	}
	if page.BatchLine, err = batchLine(k.Handler, k.ctx(), names, b); err != nil {
		return err
	}
	if b.Problem != "" {
		page.Problem = p.Trouble(b.Problem)
	}
	if page.Outlets, err = outletChoices(k, p, "adm.outlet.counter", b.SiteID); err != nil {
		return err
	}
	if err := batchVouchers(k, &page, b); err != nil {
		return err
	}
	prints, err := k.Store.Prints(k.ctx(), b.ID, mostPrints)
	if err != nil {
		return err
	}
	for _, x := range prints {
		page.Prints = append(page.Prints, templates.PrintLine{At: x.At, By: named(x.Actor), Format: x.Format, First: x.First, Last: x.Last})
	}
	return k.send(status, p.Theme, page)
}

// batchVouchers lists the next vouchers of a batch by number.
func batchVouchers(k *request, page *templates.BatchPage, b store.Batch) error {
	after := max(k.QueryInt("after"), 0)
	found, err := k.Store.BatchVouchers(k.ctx(), b.ID, after+1, b.Count, foundPerPage+1)
	if err != nil {
		return err
	}
	if len(found) > foundPerPage {
		found = found[:foundPerPage]
		page.Next = found[foundPerPage-1].No
	}
	for _, v := range found {
		page.Vouchers = append(page.Vouchers, templates.VoucherLine{ID: v.ID, Username: serial(b, v), State: v.State, SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil, UsedUp: k.Shop.Vouchers.KnownUsedUp(v.ID)})
	}
	return nil
}

// named is an actor without its kind.
func named(actor string) string { return strings.TrimPrefix(actor, "staff:") }

// outletChoices lists the outlets that sell for a site, "" for any of the
// person's, before one that stands for none of them.
func outletChoices(k *request, p templates.Panel, none, siteID string) ([]templates.Choice, error) {
	outlets, err := outletsOf(k)
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

func pauseBatch(k *request) error {
	return moveBatch(k, k.Shop.Stock.PauseBatch, "batch.paused")
}

func resumeBatch(k *request) error {
	return moveBatch(k, k.Shop.Stock.ResumeBatch, "batch.resumed")
}

func cancelBatch(k *request) error {
	return moveBatch(k, k.Shop.Stock.CancelBatch, "batch.cancelled")
}

func moveBatch(k *request, move func(ctx context.Context, actor, id string) error, done string) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return k.back("/vouchers/batches/"+b.ID, done, move(k.ctx(), k.principal.AuditName(), b.ID))
}

// assignBatch assigns vouchers to an outlet, or returns them to the counter.
func assignBatch(k *request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	in := counter.HandOutIn{BatchID: b.ID, OutletID: k.FormValue("outlet")}
	if in.First, err = number(k, "first", "batch.range"); err == nil {
		if in.Last, err = number(k, "last", "batch.range"); err == nil {
			var n int64
			if n, err = k.Shop.Counter.AssignStock(k.ctx(), k.principal.AuditName(), in); err == nil && n == 0 {
				err = fault.AtField("first", "batch.none_moved")
			}
		}
	}
	if form, refused := k.typed(err, "outlet", "first", "last"); refused {
		return showBatch(k, httpx.Status(err), b, form)
	}
	return k.back("/vouchers/batches/"+b.ID, "batch.assigned", err)
}
