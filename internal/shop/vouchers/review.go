package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// recentBoot is how long after a reboot missing users are put back without
// asking: the router may have come up from an older backup.
const recentBoot = 10 * time.Minute

// reviewEvery bounds how often a router's whole user list is read.
const reviewEvery = 5 * time.Minute

// ReviewAfterReboot compares a router's users with the vouchers it should hold. Missing
// ones are restored when the router has just rebooted; otherwise they were removed by
// hand and open an alert.
func (s *Service) ReviewAfterReboot(ctx context.Context, r catalog.Router, h hotspot.Health) error {
	every := reviewEvery
	if h.Uptime < recentBoot {
		every = time.Minute
	}
	if _, ok := s.Cache.Acquire(ctx, fmt.Sprintf("router:review:%s:%s", r.ID, every), every); !ok {
		return nil // the lease is left to run out: it is the pace
	}
	rows, err := s.Hotspot.Users(ctx, r.Router)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(rows))
	for _, u := range rows {
		have[u.Name] = true
	}
	if err := s.routers.ListOrphans(ctx, r, rows); err != nil {
		return err
	}
	if err := s.reviewStock(ctx, r, have, h.Uptime < recentBoot); err != nil {
		return err
	}
	for _, state := range []voucher.State{voucher.Sold, voucher.Active} {
		if err := s.reviewVouchers(ctx, r, state, have, h.Uptime < recentBoot); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) reviewVouchers(ctx context.Context, r catalog.Router, state voucher.State, have map[string]bool, rebooted bool) error {
	asked, err := s.alerts.OpenSubjects(ctx, "user_missing")
	if err != nil {
		return err
	}
	after := ""
	for {
		live, err := s.Store.LiveVouchers(ctx, r.ID, state, after, 500)
		if err != nil || len(live) == 0 {
			return err
		}
		for _, v := range live {
			if v.OrderID == "" {
				continue // of a batch: reviewStock has looked
			}
			switch there := have[v.Username]; {
			case there && asked[string(v.OrderID)]:
				err = s.ledger.CloseAlert(ctx, "user_missing", string(v.OrderID))
			case !there:
				err = s.reviewMissing(ctx, v, rebooted)
			}
			if err != nil {
				return err
			}
		}
		after = live[len(live)-1].Username
	}
}

// reviewMissing puts one user back or asks a person. One that cannot be put
// back does not keep the others waiting.
func (s *Service) reviewMissing(ctx context.Context, v store.Voucher, rebooted bool) error {
	o, err := s.Store.Order(ctx, v.OrderID)
	if err != nil {
		return err
	}
	f, err := s.facts(ctx, holding{Order: o, Voucher: v, Found: true})
	if err != nil {
		return err
	}
	if _, want := voucher.Wanted(f, s.Clock.Now()); want != voucher.WantEnabled {
		return nil // it ends this very moment
	}
	if rebooted {
		err := s.Restore(ctx, actor.Server, v.OrderID)
		if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Refused) {
			return err
		}
	}
	return s.ledger.Alert(ctx, "user_missing", string(v.OrderID), v.PublicName())
}
