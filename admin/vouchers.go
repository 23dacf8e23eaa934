package admin

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/templates"
)

// batchesPerPage is how many batches a page lists.
const batchesPerPage = 20

// vouchersPage shows the stock by plan and the batches.
func vouchersPage(k *request) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	page := templates.VouchersPage{Panel: p, CanMake: k.principal.May(staff.Vouchers), CanSell: k.principal.May(staff.Sell)}
	if page.Stock, err = stockLines(k); err != nil {
		return err
	}
	batches, err := k.Store.ListBatches(k.ctx(), k.principal.Sites, k.Query("before"), batchesPerPage+1)
	if err != nil {
		return err
	}
	if len(batches) > batchesPerPage {
		batches = batches[:batchesPerPage]
		page.Next = batches[batchesPerPage-1].ID
	}
	names, err := voucherPlaces(k.Handler, k.ctx())
	if err != nil {
		return err
	}
	for _, b := range batches {
		line, err := batchLine(k.Handler, k.ctx(), names, b)
		if err != nil {
			return err
		}
		page.Batches = append(page.Batches, line)
	}
	return k.send(fiber.StatusOK, p.Theme, page)
}

func stockLines(k *request) ([]templates.StockLine, error) {
	levels, err := k.Store.StockLevels(k.ctx())
	if err != nil {
		return nil, err
	}
	sites, err := k.Store.Sites(k.ctx())
	if err != nil {
		return nil, err
	}
	var out []templates.StockLine
	for _, site := range sites {
		if !k.principal.Serves(site.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.ctx(), site.ID)
		if err != nil {
			return nil, err
		}
		for _, plan := range plans {
			s, err := k.Store.StockOf(k.ctx(), plan.ID)
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

// setLevel sets the stock level of a plan.
func setLevel(k *request) error {
	low, ok := typed.Count(k.FormValue("low"))
	if !ok {
		low = -1 // refused at its field
	}
	err := k.Shop.Vouchers.SetStockLevel(k.ctx(), k.principal.AuditName(), k.principal.Sites, k.FormValue("plan"), low)
	return backOrError(k, "/vouchers", "stock.level", err)
}

// places are the names of sites and routers by their ids.
type places struct{ sites, routers map[string]string }

func voucherPlaces(d *Handler, ctx context.Context) (places, error) {
	out := places{map[string]string{}, map[string]string{}}
	sites, err := d.Store.Sites(ctx)
	if err != nil {
		return out, err
	}
	for _, s := range sites {
		out.sites[s.ID] = s.Name
	}
	states, err := d.Store.RouterStates(ctx)
	for _, r := range states {
		out.routers[r.ID] = r.Name
	}
	return out, err
}

func batchLine(d *Handler, ctx context.Context, names places, b store.Batch) (templates.BatchLine, error) {
	n, err := d.Store.BatchCounts(ctx, b.ID)
	return templates.BatchLine{ID: b.ID, Code: b.Code, Plan: b.Item.Name, Router: names.routers[b.RouterID], Site: names.sites[b.SiteID], State: b.State, Created: b.CreatedAt,
		Count: b.Count, Made: made(b, n), Stock: n.By[store.VoucherStock], Sold: n.By[store.VoucherSold], Active: n.By[store.VoucherActive],
		Ended: n.By[store.VoucherExpired] + n.By[store.VoucherDisabled]}, err
}

// made is how many vouchers the router has or had.
func made(b store.Batch, n store.Counts) int { return b.Drawn - n.Unmade - n.Never }
