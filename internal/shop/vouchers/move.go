package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// askUse bounds the question to the old router what was used.
const askUse = 5 * time.Second

// MoveIn is a confirmed wish that another router serve a voucher.
type MoveIn struct {
	ActIn
	RouterID string // of a site that the person works on
}

// MoveVoucher has another router serve a voucher, with what is left of it: limits there are
// what was sold less what routers counted before. The old router lets the user go, at once
// or when it is back. Twice is once. Errors: those of act, voucher.MayMove and
// voucher.MayCarry, Invalid "voucher.move_router" at "router".
func (s *Service) MoveVoucher(ctx context.Context, in MoveIn) error {
	asked, err := s.Store.VoucherByID(ctx, in.ID)
	if err != nil {
		return fmt.Errorf("move voucher %s: %w", in.ID, err)
	}
	used, known := s.useOf(ctx, asked)
	return s.act(ctx, in.ActIn, "voucher.move", func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error) {
		if v.RouterID == in.RouterID {
			return nil, nil
		}
		if v.RouterID != asked.RouterID {
			return nil, errChanged
		}
		err := voucher.MayMove(f, tx.Now())
		if err == nil && !known {
			err = voucher.MayCarry(f)
		}
		if err != nil {
			return nil, err
		}
		to, err := tx.Router(ctx, in.RouterID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err != nil || to.Disabled || !ledger.Serves(in.Sites, to.SiteID) {
			return nil, fault.AtField("router", "voucher.move_router")
		}
		done, err := s.moveTo(ctx, tx, v, in.RouterID, used)
		return did(done, err, map[string]any{"router": in.RouterID, "was": v.RouterID, "used_minutes": int64(used.Uptime / time.Minute), "used_data": used.Bytes})
	})
}

// moveTo writes that another router serves a voucher, of which its present one counted used,
// and queues what follows on both.
func (s *Service) moveTo(ctx context.Context, tx *store.Tx, v store.Voucher, to string, used voucher.Use) (moved bool, err error) {
	carried := v.Carried.Plus(used)
	before, err := tx.FormerRouters(ctx, v.ID)
	if err != nil {
		return false, err
	}
	for _, f := range before {
		if f.RouterID == to && f.LeftAt.IsZero() { // it has the user still, and goes on counting
			carried = carried.Less(f.Used)
			if err := tx.DropFormerRouter(ctx, f.ID); err != nil {
				return false, err
			}
		}
	}
	former := store.FormerRouter{ID: tx.NewID(), VoucherID: v.ID, OrderID: v.OrderID, RouterID: v.RouterID, Used: used, Since: tx.Now()}
	if err := tx.AddFormerRouter(ctx, former); err != nil {
		return false, err
	}
	if moved, err = tx.MoveVoucher(ctx, v, to, carried); err != nil || !moved {
		return moved, err
	}
	if v.OrderID != "" {
		o, err := tx.Order(ctx, v.OrderID)
		if err != nil {
			return false, err
		}
		o.RouterID = to
		if err := tx.SaveOrder(ctx, o); err != nil {
			return false, err
		}
	}
	for _, queue := range []func(string) string{jobs.RouterQueue, jobs.BulkQueue} {
		if err := tx.MoveJobs(ctx, queue(v.RouterID), queue(to), v.ID, string(v.OrderID)); err != nil {
			return false, err
		}
	}
	return true, s.ledger.Enqueue(ctx, tx, leaveJob(tx, former))
}

// useOf is what a voucher's router has counted of it: what it says now, else what it said
// when its users were last compared.
func (s *Service) useOf(ctx context.Context, v store.Voucher) (used voucher.Use, known bool) {
	ctx, cancel := context.WithTimeout(ctx, askUse)
	defer cancel()
	r, err := s.Store.Router(ctx, v.RouterID)
	if err == nil {
		said, err := s.Hotspot.Usage(ctx, r.Router, v.Username)
		if err == nil {
			return voucher.Use{Uptime: said.Uptime, Bytes: said.Bytes}, true
		}
	}
	return s.rosters.useOf(v.RouterID, v.Username)
}
