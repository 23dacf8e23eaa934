package vouchers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// VoucherDetail is everything we know of one voucher.
type VoucherDetail struct {
	Voucher    store.Voucher
	Batch      store.Batch // of a voucher that was made in one
	Order      order.Order // of a voucher that was sold
	Item       order.Item
	Site       string
	Router     string
	Outlet     string
	Allowed    order.Item // with the extensions that are done and what staff added
	Former     []Former   // routers that had it before, the latest first
	Extensions int        // extensions
	// Difference is how its router holds it otherwise than our books want; Left says that
	// there is one.
	Difference DifferenceLine
	Left       bool
	Refunded   bool
	Audit      []store.AuditRow // its own and its order's acts on it, newest first
}

// Former is a router that had a voucher before, by its name.
type Former struct {
	store.FormerRouter
	Name string
}

// RouterName is the name of a router that has the voucher or had it; else its id.
func (f VoucherDetail) RouterName(id string) string {
	if id == f.Voucher.RouterID {
		return f.Router
	}
	for _, x := range f.Former {
		if x.RouterID == id {
			return x.Name
		}
	}
	return id
}

// VoucherName is what people call a voucher: number and batch, or its user name.
func VoucherName(v store.Voucher, b store.Batch) string {
	if v.BatchID == "" {
		return v.Username
	}
	return fmt.Sprintf("%s-%04d", b.Code, v.No)
}

// Name is what people call the voucher.
func (f VoucherDetail) Name() string { return VoucherName(f.Voucher, f.Batch) }

// HasOrder reports whether it was sold.
func (f VoucherDetail) HasOrder() bool { return f.Voucher.OrderID != "" }

// Password is the voucher's own, or its order's.
func (f VoucherDetail) Password() string {
	if f.HasOrder() {
		return f.Order.Password
	}
	return f.Voucher.Password
}

// Away reports whether its router has yet to hear of the last switch.
func (f VoucherDetail) Away() bool { return f.Facts().Away() }

// Facts are what the rules about the voucher ask for.
func (f VoucherDetail) Facts() voucher.Facts {
	facts := WithItem(f.Voucher, f.Item)
	facts.MoneyGone = f.Refunded
	return facts
}

// VoucherDetail reads a voucher of the sites, all for none. Errors: NotFound
// "voucher.not_found".
func (s *Service) VoucherDetail(ctx context.Context, sites []string, id string) (VoucherDetail, error) {
	f := VoucherDetail{}
	var err error
	if f.Voucher, err = s.Store.VoucherByID(ctx, id); err == nil && !ledger.Serves(sites, f.Voucher.SiteID) {
		err = store.ErrVoucherNotFound
	}
	if err != nil {
		return VoucherDetail{}, err
	}
	v := f.Voucher
	var extended []order.Item
	reads := []func() error{
		func() error { site, err := s.Store.Site(ctx, v.SiteID); f.Site = site.Name; return err },
		func() error {
			r, err := s.Store.Router(ctx, v.RouterID)
			if f.Router = r.Name; fault.Is(err, fault.NotFound) {
				f.Router, err = v.RouterID, nil
			}
			return err
		},
		func() error { return s.formerRouters(ctx, &f) },
		func() error {
			d, found, err := s.Store.UserDifference(ctx, v.ID)
			f.Left, f.Difference = found, DifferenceLine{ID: v.ID, State: v.State, Kinds: ReadKinds(d.Kinds), Why: d.Why, Since: d.Since}
			return err
		},
		func() error { return s.voucherAudit(ctx, &f) },
	}
	if v.BatchID != "" {
		reads = append(reads, func() (err error) { f.Batch, err = s.Store.Batch(ctx, v.BatchID); f.Item = f.Batch.Item; return })
	}
	if v.OutletID != "" {
		reads = append(reads, func() error { o, err := s.Store.Outlet(ctx, v.OutletID); f.Outlet = o.Name; return err })
	}
	if v.OrderID != "" {
		reads = append(reads, func() (err error) { f.Order, err = s.Store.Order(ctx, v.OrderID); f.Item = f.Order.Item; return },
			func() error {
				all, err := s.Store.Extensions(ctx, v.OrderID)
				f.Extensions, extended = len(all), items(all)
				return err
			},
			func() (err error) { f.Refunded, err = goingBack(ctx, s.Store, v.OrderID); return })
	}
	for _, read := range reads {
		if err := read(); err != nil {
			return f, fmt.Errorf("file of voucher %s: %w", v.ID, err)
		}
	}
	f.Allowed = voucher.Facts{Item: f.Item, Extensions: extended, Given: v.Given}.Allowance()
	return f, nil
}

func (s *Service) formerRouters(ctx context.Context, f *VoucherDetail) error {
	rows, err := s.Store.FormerRouters(ctx, f.Voucher.ID)
	if err != nil {
		return err
	}
	for _, x := range rows {
		r, err := s.Store.Router(ctx, x.RouterID)
		if err != nil {
			return err
		}
		f.Former = append(f.Former, Former{x, r.Name})
	}
	return nil
}

// voucherAudit collects what was done to the voucher.
func (s *Service) voucherAudit(ctx context.Context, f *VoucherDetail) error {
	own, err := s.Store.AuditOf(ctx, "voucher:"+f.Voucher.ID)
	if err != nil {
		return err
	}
	f.Audit = own
	if f.HasOrder() {
		rows, err := s.Store.AuditOf(ctx, ledger.SubjectOf(f.Voucher))
		if err != nil {
			return err
		}
		f.Audit = append(f.Audit, rows...)
	}
	slices.SortFunc(f.Audit, func(a, b store.AuditRow) int { return cmp.Compare(b.Seq, a.Seq) })
	return nil
}

// goingBack reports whether all the money of an order is gone or on its way
// back, or a refund that ends its voucher is under way.
func goingBack(ctx context.Context, from interface {
	Facts(context.Context, order.ID) (order.Order, order.Facts, error)
}, id order.ID) (bool, error) {
	o, facts, err := from.Facts(ctx, id)
	if err != nil || o.Status == order.Refunded || order.Derive(facts, time.Time{}).GoingBack {
		return err == nil, err
	}
	return slices.ContainsFunc(facts.Refunds, endsVoucher), nil
}

// SeenVoucher records in the audit trail that a voucher's code was shown.
func (s *Service) SeenVoucher(ctx context.Context, by actor.Actor, v store.Voucher) error {
	if v.OrderID != "" {
		return s.ledger.Seen(ctx, by, v.OrderID, "credentials")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("voucher.reveal", ledger.SubjectOf(v), map[string]any{"batch": v.BatchID, "no": v.No})
		return nil
	})
}
