package counter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/internal/voucher"
	"gerai/payments"
	"gerai/payments/counter"
)

// StockSaleIn is a counter sale of a voucher that exists already.
type StockSaleIn struct {
	Sites  []string // those the person works on, none means all
	PlanID string   // the next voucher of a plan, or
	Code   string   // the very voucher that lies on the counter
	Price  money.Rupiah
	Phone  string
	Nonce  string
	// How it is paid for: cash unless Method says otherwise.
	Method    payments.Method
	Given     money.Rupiah // cash in hand, 0 for exactly the price
	Reference string       // of a transfer
	Actor     actor.Actor
}

// StockOffer is a plan that can be sold from stock.
type StockOffer struct {
	Plan  catalog.Plan
	Site  catalog.Site
	Stock store.Stock
	Price money.Rupiah // of the voucher that is next
	Ready bool         // there is one that needs no paper
}

// StockOffers lists the plans of the sites that have unsold vouchers.
func (s *Service) StockOffers(ctx context.Context, sites []string) ([]StockOffer, error) {
	all, err := s.Store.Sites(ctx)
	if err != nil {
		return nil, err
	}
	var out []StockOffer
	for _, site := range all {
		if !ledger.Serves(sites, site.ID) {
			continue
		}
		plans, err := s.Store.Plans(ctx, site.ID)
		if err != nil {
			return nil, err
		}
		for _, plan := range plans {
			o := StockOffer{Plan: plan, Site: site}
			if o.Stock, err = s.Store.StockOf(ctx, plan.ID); err != nil {
				return nil, err
			}
			if o.Stock.Total == 0 {
				continue
			}
			v, found, err := s.Store.NextStock(ctx, plan.ID)
			if err != nil {
				return nil, err
			}
			if o.Ready = found; found {
				b, err := s.Store.Batch(ctx, v.BatchID)
				if err != nil {
					return nil, err
				}
				o.Price = b.Item.Price
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// StockByCode finds the voucher whose code was typed or scanned. Errors:
// NotFound "stock.unknown", Conflict "stock.at_outlet", "stock.not_ready" or
// "stock.not_for_sale".
func (s *Service) StockByCode(ctx context.Context, sites []string, typed string) (store.Voucher, store.Batch, error) {
	typed = strings.TrimSpace(typed)
	for _, name := range []string{typed, strings.ToLower(typed), strings.ToUpper(typed)} {
		v, found, err := s.Store.VoucherByName(ctx, name)
		if err != nil {
			return v, store.Batch{}, err
		}
		if !found {
			continue
		}
		if !ledger.Serves(sites, v.SiteID) || v.BatchID == "" {
			break
		}
		b, err := s.Store.Batch(ctx, v.BatchID)
		if err == nil {
			err = voucher.MaySell(v.Facts())
		}
		return v, b, err
	}
	return store.Voucher{}, store.Batch{}, fault.New(fault.NotFound, "stock.unknown")
}

// SellFromStock sells one voucher for cash or a transfer: the next of a plan, or
// the one whose code is given, for what the batch was made to be sold for. It
// becomes an order like any other, paid into the seller's open shift and activated in the same transaction, so that receipts, reports,
// refunds and extensions know it. The same form posted again finds its order.
// Errors: those of StockByCode and counter.Take, Invalid at "plan", "phone" or
// "nonce", Conflict
// "shift.closed", "order.nonce_reused", "stock.sold_out", "stock.price" when the
// price is not the one that was shown.
func (s *Service) SellFromStock(ctx context.Context, in StockSaleIn) (order.Order, error) {
	phone, ok := typed.Mobile(in.Phone)
	switch {
	case !ledger.ValidNonce(in.Nonce):
		return order.Order{}, fault.AtField("nonce", "order.form_stale")
	case !ok:
		return order.Order{}, fault.AtField("phone", "order.phone_invalid")
	}
	if o, found, err := s.soldBefore(ctx, in.Nonce, in.Actor); found || err != nil {
		return o, err
	}
	if in.Code == "" {
		plan, err := s.Store.Plan(ctx, in.PlanID)
		if fault.Is(err, fault.NotFound) || (err == nil && !ledger.Serves(in.Sites, plan.SiteID)) {
			return order.Order{}, fault.AtField("plan", "order.plan_unknown")
		}
		if err != nil {
			return order.Order{}, err
		}
	}
	if in.Phone = phone; in.Method == "" {
		in.Method = payments.Cash
	}
	for range ledger.Tries {
		var o order.Order
		err := s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) (err error) {
			o, err = s.sellOne(ctx, tx, in)
			return err
		})
		var taken *store.Taken
		switch {
		case errors.As(err, &taken) && taken.Column != "nonce":
			continue
		case err != nil:
			// The same form came twice at once and the other one was first: it may
			// have taken the very voucher.
			if o, found, findErr := s.soldBefore(ctx, in.Nonce, in.Actor); found || findErr != nil {
				return o, findErr
			}
			return order.Order{}, fmt.Errorf("sell from stock: %w", err)
		}
		s.vouchers.CountStock(ctx)
		return o, nil
	}
	return order.Order{}, fault.New(fault.Internal, "order.no_free_code")
}

func (s *Service) sellOne(ctx context.Context, tx *store.Tx, in StockSaleIn) (order.Order, error) {
	// The till before the voucher: two sales never wait for each other.
	if _, err := s.ledger.OpenShift(ctx, tx, in.Actor); err != nil {
		return order.Order{}, err
	}
	v, b, err := s.pickStock(ctx, tx, in)
	if err != nil {
		return order.Order{}, err
	}
	if b.Item.Price != in.Price {
		return order.Order{}, fault.New(fault.Conflict, "stock.price")
	}
	o := order.Order{SiteID: v.SiteID, Lang: "id", Phone: in.Phone, Item: b.Item, Total: b.Item.Price, Username: v.Username, Password: v.Password,
		RouterID: v.RouterID, RouterTouched: true, Nonce: in.Nonce, AttemptNo: 1}
	if err := s.ledger.DrawCode(&o); err != nil {
		return o, err
	}
	if err := s.ledger.Begin(ctx, tx, &o); err != nil {
		return o, err
	}
	taken, err := counter.Take(counter.Tender{Method: in.Method, Due: o.Total, Given: in.Given, Reference: in.Reference})
	if err != nil {
		return o, err
	}
	if err := s.recordCounterPayment(ctx, tx, &o, taken, in.Nonce, "", in.Actor); err != nil {
		return o, err
	}
	now := tx.Now()
	v.OrderID, v.SoldAt, v.SoldBy = o.ID, now, in.Actor.AuditName
	if v.ValidUntil = vouchers.WithItem(v, o.Item).EndsAt(); !v.ValidUntil.IsZero() {
		if err := s.ledger.Enqueue(ctx, tx, vouchers.ExpiryJob(o.ID, v.RouterID, v.ValidUntil)); err != nil {
			return o, err
		}
	}
	if err := s.ledger.NoteClock(ctx, tx, store.ErrorSold, v.ID); err != nil {
		return o, err
	}
	sold, err := tx.SellStock(ctx, v)
	if err == nil && !sold {
		err = fault.New(fault.Conflict, "stock.not_for_sale")
	}
	if err != nil {
		return o, err
	}
	o.ValidUntil = v.ValidUntil
	tx.Audit("stock.sell", "batch:"+b.ID, map[string]any{"order": string(o.ID), "no": v.No, "total": int64(o.Total)})
	_, err = s.ledger.DeriveAndSave(ctx, tx, &o, "order.sell_stock")
	return o, err
}

// pickStock chooses the voucher. On PostgreSQL the next one is locked, so that
// parallel counters take different ones; a typed one is guarded by its sale.
func (s *Service) pickStock(ctx context.Context, tx *store.Tx, in StockSaleIn) (store.Voucher, store.Batch, error) {
	if in.Code == "" {
		v, found, err := tx.ReserveStock(ctx, in.PlanID)
		if err == nil && !found {
			err = fault.New(fault.Conflict, "stock.sold_out")
		}
		if err != nil {
			return v, store.Batch{}, err
		}
		b, err := tx.Batch(ctx, v.BatchID)
		return v, b, err
	}
	v, found, err := tx.VoucherByName(ctx, in.Code)
	if err == nil && (!found || !ledger.Serves(in.Sites, v.SiteID) || v.BatchID == "") {
		return v, store.Batch{}, fault.New(fault.NotFound, "stock.unknown")
	}
	if err == nil {
		err = voucher.MaySell(v.Facts())
	}
	if err != nil {
		return v, store.Batch{}, err
	}
	b, err := tx.Batch(ctx, v.BatchID)
	return v, b, err
}

// ShowSale reads a sale from stock at the sites with the codes that the account may see.
// Every call is recorded in the audit trail. Errors: NotFound "order.not_found".
func (s *Service) ShowSale(ctx context.Context, by actor.Actor, sites []string, as order.Viewer, id order.ID) (order.Order, store.Voucher, error) {
	o, err := s.Store.Order(ctx, id)
	if err == nil && !ledger.Serves(sites, o.SiteID) {
		err = store.ErrOrderNotFound
	}
	if err != nil {
		return o, store.Voucher{}, err
	}
	v, found, err := s.Store.Voucher(ctx, id)
	if err != nil {
		return o, v, err
	}
	if !found || v.SoldBy == "" || !order.MaySeeCredentials(o, as, s.Clock.Now()) {
		return order.Order{}, store.Voucher{}, store.ErrOrderNotFound
	}
	return o, v, s.ledger.Seen(ctx, by, id, "credentials")
}
