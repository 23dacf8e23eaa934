package vouchers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// removeStep bounds how many ended users leave a router in one round.
const removeStep = 100

// removeEnded removes users from the router whose vouchers ended long ago. The books are read
// again for each: its end has to be recorded, believed, and for good.
func (v *review) removeEnded(ctx context.Context, s *seen) error {
	days, err := v.Store.KeepEndedDays(ctx)
	if err != nil || days == 0 {
		return err
	}
	after := time.Duration(days) * 24 * time.Hour
	var names []string
	for name, row := range v.roster.rows {
		if row.key == keyEnded && v.began.Sub(time.UnixMilli(row.ended)) >= after {
			names = append(names, name)
		}
	}
	if len(names) == 0 || !v.ledger.Ends(ctx) {
		return nil
	}
	slices.Sort(names)
	rows, err := v.Store.VouchersNamed(ctx, v.router.ID, names[:min(len(names), removeStep)])
	if err != nil {
		return err
	}
	facts, err := v.factsOf(ctx, rows)
	if err != nil {
		return err
	}
	var over []store.Voucher
	var users []hotspot.User
	for i, x := range rows {
		if !voucher.MayRemove(facts[i], v.Clock.Now(), after) {
			row := v.roster.rows[x.Username] // it may live again: asked about later
			row.ended = v.began.UnixMilli()
			v.roster.rows[x.Username] = row
			continue
		}
		u, _ := voucher.Wanted(facts[i], v.Clock.Now())
		over, users = append(over, x), append(users, u)
	}
	var gone []store.Voucher
	for i, err := range v.Hotspot.RemoveUsers(ctx, v.router.Router, users) {
		switch {
		case err == nil:
			gone = append(gone, over[i])
		case fault.Is(err, fault.Conflict): // enabled or renamed in between: the next round sees it
			delete(v.roster.rows, over[i].Username)
		default:
			v.Log.WarnContext(ctx, "ended user not removed", "router", v.router.ID, "voucher", over[i].ID, "error", err)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return v.removed(ctx, gone)
}

// removed writes which users left the router, and has it hold those again that came to life
// while they were being removed.
func (v *review) removed(ctx context.Context, gone []store.Voucher) error {
	err := v.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		for _, x := range gone {
			now, err := tx.VoucherByID(ctx, x.ID)
			if err != nil {
				return err
			}
			if !now.State.Ended() {
				if err := v.ledger.Enqueue(ctx, tx, SwitchJob(tx, now)); err != nil {
					return err
				}
			}
			tx.Audit("voucher.remove", ledger.SubjectOf(x), map[string]any{"router": v.router.ID, "username": x.PublicName()})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note %d removed users: %w", len(gone), err)
	}
	for _, x := range gone {
		delete(v.roster.rows, x.Username)
	}
	return nil
}

// longestKeepEnded bounds the days that ended users stay on their routers.
const longestKeepEnded = 3650

// SetKeepEndedDays sets how many days a user stays on its router after its voucher ended; 0
// for ever. Errors: Invalid at "days".
func (s *Service) SetKeepEndedDays(ctx context.Context, by actor.Actor, days int) error {
	if days < 0 || days > longestKeepEnded {
		return fault.AtField("days", "router.keep_ended")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		before, err := tx.KeepEndedDays(ctx)
		if err != nil || before == days {
			return err
		}
		tx.Audit("router.keep_ended", "settings", map[string]any{"before": before, "after": days})
		return tx.PutKeepEndedDays(ctx, days)
	})
}
