package stock

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// mostPrints is how many printings a batch's page lists.
const mostPrints = 20

// batchOf reads the batch of the address. Errors: NotFound "batch.not_found",
// also for batches of sites that the account does not have.
func batchOf(k *web.Request) (store.Batch, error) {
	b, err := k.Store.Batch(k.AuditContext(), k.Params("id"))
	if err == nil && !k.Principal.Serves(b.SiteID) {
		err = store.ErrBatchNotFound
	}
	return b, err
}

// batch shows one batch and how far it is.
func batch(k *web.Request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showBatch(k, fiber.StatusOK, b, templates.Typed{})
}

func showBatch(k *web.Request, status int, b store.Batch, form templates.Typed) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.BatchPage{Panel: p, CanMake: k.Principal.May(staff.Vouchers), CanPrint: k.Principal.May(staff.PrintVouchers), Item: b.Item, Mode: b.Mode, Comment: b.Comment,
		By: web.Named(b.CreatedBy), Drawn: b.Drawn}
	names, err := web.VoucherPlaces(k.Handler, k.AuditContext())
	if err != nil {
		return err
	}
	if page.BatchLine, err = batchLine(k.Handler, k.AuditContext(), names, b); err != nil {
		return err
	}
	if page.CanMake {
		page.Pause, page.Resume, page.Cancel = voucher.MayPauseBatch(b.State) == nil, voucher.MayResumeBatch(b.State) == nil, voucher.MayCancelBatch(b.State) == nil
	}
	if b.Problem != "" {
		page.Problem = p.Trouble(b.Problem)
	}
	if page.Outlets, err = web.OutletChoices(k, p, "stock.outlet.counter", b.SiteID); err != nil {
		return err
	}
	if err := batchVouchers(k, &page, b); err != nil {
		return err
	}
	prints, err := k.Store.Prints(k.AuditContext(), b.ID, mostPrints)
	if err != nil {
		return err
	}
	for _, x := range prints {
		page.Prints = append(page.Prints, templates.PrintLine{At: x.At, By: web.Named(x.Actor), Format: x.Format, First: x.First, Last: x.Last})
	}
	return k.SendPage(status, p.Theme, page)
}

// batchVouchers lists the next vouchers of a batch by number.
func batchVouchers(k *web.Request, page *templates.BatchPage, b store.Batch) error {
	after := max(k.QueryInt("after"), 0)
	found, err := k.Store.BatchVouchers(k.AuditContext(), b.ID, after+1, b.Count, web.FoundPerPage+1)
	if err != nil {
		return err
	}
	if len(found) > web.FoundPerPage {
		found = found[:web.FoundPerPage]
		page.Next = found[web.FoundPerPage-1].No
	}
	for _, v := range found {
		page.Vouchers = append(page.Vouchers, templates.VoucherLine{ID: v.ID, Username: web.Serial(b, v), State: string(v.State), SoldAt: v.SoldAt, FirstLogin: v.FirstLoginAt, Until: v.ValidUntil, UsedUp: k.Shop.Vouchers.KnownUsedUp(v.ID)})
	}
	return nil
}

func moveBatch(k *web.Request, move func(ctx context.Context, by actor.Actor, id string) error, done string) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return k.Back("/vouchers/batches/"+b.ID, done, move(k.AuditContext(), k.Actor(), b.ID))
}
