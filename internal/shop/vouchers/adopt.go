package vouchers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// markedFor is how long a list of a router's marked users serves: users that the books
// have forgotten are from before the restore.
const markedFor = 5 * time.Minute

// marks remember the users of routers that carry the mark of an order, by its code.
type marks struct {
	mu sync.Mutex
	of map[string]markedUsers // by router id
}

type markedUsers struct {
	read  time.Duration
	users map[order.Code]hotspot.Found
}

// MarkedUsers lists the users of a router that carry the mark of an order, by its code.
func (s *Service) MarkedUsers(ctx context.Context, r catalog.Router) (map[order.Code]hotspot.Found, error) {
	now := clock.Elapsed(s.Clock)
	s.marks.mu.Lock()
	kept, known := s.marks.of[r.ID]
	s.marks.mu.Unlock()
	if known && now-kept.read < markedFor {
		return kept.users, nil
	}
	roll, err := s.Hotspot.ListUsers(ctx, r.Router, func(hotspot.Brief) bool { return true })
	if err != nil {
		return nil, err
	}
	users := map[order.Code]hotspot.Found{}
	for _, u := range roll.Users {
		_, text, marked := strings.Cut(u.Comment, "-"+ledger.OrderMark)
		if code, ok := order.ParseCode(text); marked && ok {
			users[code] = u.Found
		}
	}
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	if s.marks.of == nil {
		s.marks.of = map[string]markedUsers{}
	}
	s.marks.of[r.ID] = markedUsers{read: now, users: users}
	return users, nil
}

// listedFor is how long an order that was made again waits for a router that does not tell
// which users it has, where no other one stands in for it.
const listedFor = time.Hour

// adoptUser looks for the user of an order that was made again after a restore: before the
// loss it may have been delivered, and then the customer knows that user and no other. The
// order takes its name and password, and its validity counts from the payment. Where several
// routers of the site have it, because one stood in for another, it is the one that was used;
// the others let it go. Every router has to answer first; one that is not waited for any more
// is taken out of those that are tried, and lets the user go when it is back.
func (s *Service) adoptUser(ctx context.Context, j jobs.Job, o *order.Order, try *candidates) (r catalog.Router, adopted bool, err error) {
	routers, err := s.Store.RoutersOf(ctx, o.SiteID)
	if err != nil {
		return r, false, err
	}
	var u hotspot.Found
	var have, silent []catalog.Router
	for _, x := range routers {
		marked, failure := s.MarkedUsers(ctx, x)
		if failure != nil {
			silent = append(silent, x)
			waits, err := s.awaited(ctx, *o, x, routers, try.without(silent))
			if err != nil {
				return r, false, err
			}
			if waits {
				return r, false, s.notListed(ctx, j, *o, x, failure)
			}
			continue
		}
		found, ours := marked[o.Code]
		if !ours {
			continue
		}
		have = append(have, x)
		if len(have) == 1 || u.Disabled && !found.Disabled || u.Disabled == found.Disabled && found.Uptime > u.Uptime {
			r, u = x, found
		}
	}
	if len(have) == 0 {
		*try = try.without(silent)
		return r, false, s.mayHave(ctx, o, silent)
	}
	if u.Hidden {
		if err := s.writePassword(ctx, r, *o, u); err != nil {
			return r, false, s.notListed(ctx, j, *o, r, err)
		}
		u.Password = o.Password
	}
	return r, true, s.adopt(ctx, o, r, u, append(have, silent...))
}

// awaited reports whether a router that does not tell which users it has is waited for: it is
// not for longer than another one of its hotspot takes to stand in for it, or than listedFor,
// and always where the order has no other router to go to.
func (s *Service) awaited(ctx context.Context, o order.Order, r catalog.Router, routers []catalog.Router, others candidates) (bool, error) {
	if len(others.routers) == 0 {
		return true, nil
	}
	now := s.Clock.Now()
	if now.Sub(o.ActivateAt) >= listedFor {
		return false, nil
	}
	site, err := s.Store.Site(ctx, o.SiteID)
	if err != nil || !slices.ContainsFunc(site.StandIns(routers), func(x catalog.Router) bool { return x.ID == r.ID }) {
		return true, err
	}
	away, err := s.Store.AwayRouters(ctx)
	return !away.Longer(r.ID, now, max(site.FailoverAfter, touchedAfter)), err
}

// mayHave notes which routers may have the user of an order that another one is about to get.
func (s *Service) mayHave(ctx context.Context, o *order.Order, routers []catalog.Router) error {
	if len(routers) == 0 {
		return nil
	}
	changed, _, err := s.ledger.Change(ctx, actor.Server, "", o.ID, func(tx *store.Tx, now *order.Order) error {
		if now.Status != order.Paid {
			return ledger.ErrUnchanged
		}
		return s.addFormer(ctx, tx, now.ID, routers)
	})
	if err != nil {
		return fmt.Errorf("note which routers may have the user of order %s: %w", o.ID, err)
	}
	*o = changed
	return nil
}

// addFormer notes each router once.
func (s *Service) addFormer(ctx context.Context, tx *store.Tx, id order.ID, routers []catalog.Router) error {
	former, err := tx.FormerOfOrder(ctx, id)
	if err != nil {
		return err
	}
	for _, x := range routers {
		if slices.ContainsFunc(former, func(f store.FormerRouter) bool { return f.RouterID == x.ID && f.LeftAt.IsZero() }) {
			continue
		}
		if err := tx.AddFormerRouter(ctx, store.FormerRouter{ID: tx.NewID(), OrderID: id, RouterID: x.ID, Since: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// notListed waits for a router; its queue is blocked only where the job is in it.
func (s *Service) notListed(ctx context.Context, j jobs.Job, o order.Order, r catalog.Router, cause error) error {
	if j.Queue == jobs.RouterQueue(r.ID) {
		return s.notActivated(ctx, j, o, r, candidates{}, cause)
	}
	if fault.MayPass(cause) {
		return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, RouterRetryFirst, routerRetryMost), Err: cause}
	}
	return cause
}

// writePassword gives a user whose password the router hides the one that its order shows,
// and changes nothing else.
func (s *Service) writePassword(ctx context.Context, r catalog.Router, o order.Order, found hotspot.Found) error {
	f := s.FactsOf(o)
	f.Username = found.Name
	u, _ := voucher.Wanted(f, s.Clock.Now())
	u.Bound, u.LimitUptime, u.LimitBytes, u.Left = found.Bound, found.LimitUptime, found.LimitBytes, 0
	done := s.Hotspot.CorrectUsers(ctx, r.Router, []hotspot.Correction{{User: u, Rewrite: true}})
	return done[0].Err
}

func (s *Service) adopt(ctx context.Context, o *order.Order, r catalog.Router, u hotspot.Found, have []catalog.Router) error {
	changed, _, err := s.ledger.Change(ctx, actor.Server, "order.adopt", o.ID, func(tx *store.Tx, now *order.Order) error {
		if now.Status != order.Paid || now.RouterTouched {
			return ledger.ErrUnchanged
		}
		now.Username, now.Password, now.RouterID, now.RouterTouched = u.Name, u.Password, r.ID, true
		if now.Item.ValidFrom == order.FromPurchase && now.Item.Validity > 0 {
			now.ValidUntil = now.PaidAt.Add(now.Item.SitePolicies.ActivationDelay + now.Item.Validity)
		}
		return s.addFormer(ctx, tx, now.ID, slices.DeleteFunc(slices.Clone(have), func(x catalog.Router) bool { return x.ID == r.ID }))
	})
	if err != nil {
		return fmt.Errorf("adopt the user of order %s: %w", o.ID, err)
	}
	*o = changed
	return nil
}

// soldAt is when the validity of an order's voucher begins that counts from the sale: now,
// or the payment where the customer had the voucher before a restore.
func soldAt(o order.Order, now time.Time) time.Time {
	if o.Remade() && !o.ValidUntil.IsZero() {
		return o.ValidUntil.Add(-o.Item.Validity)
	}
	return now
}

// lengthenedAt is the instant at which a voucher has to live to be lengthened by an order:
// now, and in a shop that was restored, while nothing may end there, that of its payment.
func (s *Service) lengthenedAt(o order.Order) time.Time {
	if !s.ledger.MayKeepOut() {
		return o.PaidAt
	}
	return s.Clock.Now()
}

// keptOutBefore snoozes a voucher that ended, or was suspended, before the shop was restored.
func (s *Service) keptOutBefore(ctx context.Context, f voucher.Facts) error {
	switch {
	case f.Suspended():
		return s.ledger.HeldBack(ctx, f.SuspendedAt)
	case f.State.Ended():
		return s.ledger.HeldBack(ctx, f.EndedAt)
	}
	return nil
}

// earlierFor is how long after its money was found an extension waits for one before it.
const earlierFor = 10 * time.Minute

// earlierLost is when to look again at an extension whose voucher was over when it was paid:
// in a shop that was restored, the extension before it may not be found yet. 0 where there
// is nothing to wait for.
func (s *Service) earlierLost(o order.Order, held holding) time.Duration {
	f := held.Voucher.Facts()
	if s.ledger.MayKeepOut() || !f.State.Living() || !f.Over(o.PaidAt) || s.Clock.Now().Sub(o.ActivateAt) > earlierFor {
		return 0
	}
	return ledger.EndRetry
}
