package vouchers

import (
	"context"
	"time"

	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// GrantIn is a confirmed wish to add to a voucher what is not paid for.
type GrantIn struct {
	ActIn
	More      voucher.Grant
	Complaint order.Complaint // what the customer complained of, "" for nothing
	Had       voucher.Grant   // what had been added when the form was made: it counts once
}

// Grant adds time or data to a voucher without an order, the books first. Errors: those of
// act, voucher.MayGrant and Grant.Check, Conflict "voucher.changed" where something was
// added since the form was made.
func (s *Service) Grant(ctx context.Context, in GrantIn) error {
	if err := in.Complaint.Check(); err != nil {
		return err
	}
	return s.act(ctx, in.ActIn, "voucher.grant", func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error) {
		if v.Given != in.Had {
			if err := voucher.MayGrant(f, tx.Now()); err != nil {
				return nil, err
			}
			return nil, errChanged
		}
		about, err := grantTo(ctx, tx, v, f, in.More)
		if err != nil || about == nil || in.Complaint == "" {
			return about, err
		}
		about["complaint"] = string(in.Complaint)
		return about, tx.InsertComplaint(ctx, v.SiteID, v.OrderID, in.Complaint, store.ComplaintExtend, in.Actor.Name)
	})
}

// grantTo adds to a voucher in the books, and says what the audit trail keeps of it. Errors:
// those of voucher.MayGrant and Grant.Check, Conflict "voucher.changed".
func grantTo(ctx context.Context, tx *store.Tx, v store.Voucher, f voucher.Facts, more voucher.Grant) (map[string]any, error) {
	if err := voucher.MayGrant(f, tx.Now()); err != nil {
		return nil, err
	}
	if err := more.Check(f.Allowance()); err != nil {
		return nil, err
	}
	until := v.ValidUntil
	if more.Validity > 0 {
		until = f.Lengthened(more.Validity)
	}
	if v.OrderID != "" && !until.Equal(v.ValidUntil) {
		o, err := tx.Order(ctx, v.OrderID)
		if err != nil {
			return nil, err
		}
		o.ValidUntil = until
		if err := tx.SaveOrder(ctx, o); err != nil {
			return nil, err
		}
	}
	done, err := tx.GrantToVoucher(ctx, v, more, until)
	return did(done, err, map[string]any{"validity_minutes": int64(more.Validity / time.Minute), "uptime_minutes": int64(more.Uptime / time.Minute), "data": more.Data})
}
