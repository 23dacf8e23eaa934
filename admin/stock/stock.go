package stock

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// batchesPerPage is how many batches a page lists.
const batchesPerPage = 20

// vouchersPage shows the stock by plan and the batches.
func vouchersPage(k *web.Request) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	page := templates.VouchersPage{Panel: p, CanMake: k.Principal.May(staff.Vouchers), CanSell: k.Principal.May(staff.Sell)}
	if page.Stock, err = stockLines(k); err != nil {
		return err
	}
	batches, err := k.Store.ListBatches(k.AuditContext(), k.Principal.Sites, k.Query("before"), batchesPerPage+1)
	if err != nil {
		return err
	}
	if len(batches) > batchesPerPage {
		batches = batches[:batchesPerPage]
		page.Next = batches[batchesPerPage-1].ID
	}
	names, err := web.VoucherPlaces(k.Handler, k.AuditContext())
	if err != nil {
		return err
	}
	for _, b := range batches {
		line, err := batchLine(k.Handler, k.AuditContext(), names, b)
		if err != nil {
			return err
		}
		page.Batches = append(page.Batches, line)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func stockLines(k *web.Request) ([]templates.StockLine, error) {
	levels, err := k.Store.StockLevels(k.AuditContext())
	if err != nil {
		return nil, err
	}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return nil, err
	}
	var out []templates.StockLine
	for _, site := range sites {
		if !k.Principal.Serves(site.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.AuditContext(), site.ID)
		if err != nil {
			return nil, err
		}
		for _, plan := range plans {
			s, err := k.Store.StockOf(k.AuditContext(), plan.ID)
			if err != nil {
				return nil, err
			}
			low := levels[plan.ID]
			if s.Total == 0 && low == 0 && !plan.Delivery.Stocked() {
				continue
			}
			out = append(out, templates.StockLine{PlanID: plan.ID, Plan: plan.Name, Site: site.Name, Total: s.Total, Free: s.Free(), Printed: s.Printed,
				Outlets: s.Outlets, Waiting: s.Unmade, Low: low, Short: s.Total-s.Outlets < low, Delivery: plan.Delivery})
		}
	}
	return out, nil
}

func batchLine(d *web.Handler, ctx context.Context, names web.Places, b store.Batch) (templates.BatchLine, error) {
	n, err := d.Store.BatchCounts(ctx, b.ID)
	return templates.BatchLine{ID: b.ID, Code: b.Code, Plan: b.Item.Name, Router: names.Routers[b.RouterID], Site: names.Sites[b.SiteID], State: string(b.State), Created: b.CreatedAt,
		Count: b.Count, Made: made(b, n), Stock: n.By[voucher.Stock], Sold: n.By[voucher.Sold], Active: n.By[voucher.Active],
		Ended: n.By[voucher.Expired] + n.By[voucher.Disabled]}, err
}

// made is how many vouchers the router has or had.
func made(b store.Batch, n store.Counts) int { return b.Drawn - n.Unmade - n.Never }
