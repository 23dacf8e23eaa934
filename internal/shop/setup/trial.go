package setup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

const (
	// trialWithin bounds what a trial asks of a router, removeWithin taking its user away.
	trialWithin  = 12 * time.Second
	removeWithin = 8 * time.Second
	// trialOnline is for how long the user of a trial could be online, should it stay.
	trialOnline = time.Minute
	// removeAfter is when the background takes the user away, should the trial have died.
	removeAfter = time.Minute
	trialPrefix = "uji-"
)

// ErrTrialUnseen: the router said that it made the user, and does not show it.
var ErrTrialUnseen = fault.New(fault.Unavailable, "trial.unseen")

// TryIn asks for a trial.
type TryIn struct {
	RouterID, PlanID string
	Nonce            string // one per shown form
	Actor            actor.Actor
}

// Try does on a router what a sale does: it makes a user of a plan, looks whether the router has
// it, and takes it away. There is no order, no voucher and no money in it, so no report shows it; the
// audit trail does. A form that is sent twice tries once. A user that could not be taken away is taken
// away in the background; it can be online for a minute at most. Errors: Invalid at "router", "plan" and
// "nonce", NotFound, router faults.
func (s *Service) Try(ctx context.Context, in TryIn) (store.Trial, error) {
	if !ledger.ValidNonce(in.Nonce) {
		return store.Trial{}, fault.AtField("nonce", "order.form_stale")
	}
	if t, found, err := s.Store.TrialByNonce(ctx, in.Nonce); found || err != nil {
		return t, err
	}
	r, err := s.Store.Router(ctx, in.RouterID)
	if fault.Is(err, fault.NotFound) || err == nil && (r.Disabled || !ledger.Serves(in.Actor.Sites, r.SiteID)) {
		err = fault.AtField("router", "trial.router")
	}
	if err != nil {
		return store.Trial{}, err
	}
	plan, err := s.Store.Plan(ctx, in.PlanID)
	if fault.Is(err, fault.NotFound) || err == nil && (plan.SiteID != r.SiteID || plan.Retired()) {
		err = fault.AtField("plan", "trial.plan")
	}
	if err != nil {
		return store.Trial{}, err
	}
	site, err := s.Store.Site(ctx, r.SiteID)
	if err != nil {
		return store.Trial{}, err
	}
	t, fresh, err := s.beginTrial(ctx, in)
	if err != nil || !fresh {
		return t, err
	}
	// From here on the browser may go away: what was begun is ended.
	return s.runTrial(context.WithoutCancel(ctx), in.Actor, t, r, plan.Item(site))
}

// beginTrial notes it with the job that takes its user away, before the router is asked.
func (s *Service) beginTrial(ctx context.Context, in TryIn) (t store.Trial, fresh bool, err error) {
	name, err := order.NewUsername(s.Random)
	if err != nil {
		return t, false, err
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		var found bool
		if t, found, err = tx.TrialByNonce(ctx, in.Nonce); found || err != nil {
			return err
		}
		fresh = true
		t = store.Trial{ID: tx.NewID(), Nonce: in.Nonce, RouterID: in.RouterID, PlanID: in.PlanID, Username: trialPrefix + name, By: in.Actor.AuditName, At: tx.Now()}
		if err := tx.InsertTrial(ctx, t); err != nil {
			return err
		}
		tx.Audit("trial.begin", "router:"+in.RouterID, map[string]any{"trial": t.ID, "plan": in.PlanID, "user": t.Username})
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.TrialRemove, Queue: jobs.RouterQueue(in.RouterID), Subject: t.ID, DueAt: tx.Now().Add(removeAfter)})
	})
	if err != nil {
		err = fmt.Errorf("begin trial on router %s: %w", in.RouterID, err)
	}
	return t, fresh, err
}

func (s *Service) runTrial(ctx context.Context, by actor.Actor, t store.Trial, r catalog.Router, item order.Item) (store.Trial, error) {
	cause := s.showUser(ctx, t, r, item)
	if cause == nil {
		t.SeenAt = s.Clock.Now()
	} else {
		t.Failure = fault.CodeOf(cause)
	}
	if err := s.removeUser(ctx, t, r); err == nil {
		t.RemovedAt = s.Clock.Now()
	} else if cause == nil {
		cause = err
	}
	record, cancel := ledger.ForRecord(ctx)
	defer cancel()
	if err := s.endTrial(record, by, t); err != nil {
		return t, err
	}
	if cause != nil {
		return t, fmt.Errorf("try a sale on router %s: %w", r.ID, cause)
	}
	return t, nil
}

// userOf is the user of a trial.
func userOf(t store.Trial, password string, item order.Item) hotspot.User {
	return hotspot.User{Name: t.Username, Password: password, Comment: "gerai-uji." + t.ID, OrderMark: "gerai-uji." + t.ID, LimitUptime: trialOnline, Recorded: true,
		Profile: hotspot.Profile{Name: item.Profile, RateLimit: item.RateLimit, SharedUsers: item.SharedUsers, Price: int64(item.Price), Validity: item.Validity}}
}

// showUser makes the user and looks whether the router has it.
func (s *Service) showUser(ctx context.Context, t store.Trial, r catalog.Router, item order.Item) error {
	password, err := order.NewPassword(s.Random)
	if err != nil {
		return err
	}
	ask, cancel := context.WithTimeout(ctx, trialWithin)
	defer cancel()
	u := userOf(t, password, item)
	if _, err := s.Hotspot.EnsureUser(ask, r.Router, u); err != nil {
		return err
	}
	there, err := s.Hotspot.FindUser(ask, r.Router, u.Name, u.OrderMark)
	if err == nil && !there {
		err = ErrTrialUnseen
	}
	return err
}

// removeUser takes the user away; one that is gone is gone.
func (s *Service) removeUser(ctx context.Context, t store.Trial, r catalog.Router) error {
	ask, cancel := context.WithTimeout(ctx, removeWithin)
	defer cancel()
	if err := s.Hotspot.DisableUser(ask, r.Router, t.Username); err != nil {
		return err
	}
	return errors.Join(s.Hotspot.RemoveUsers(ask, r.Router, []hotspot.User{userOf(t, "", order.Item{})})...)
}

func (s *Service) endTrial(ctx context.Context, by actor.Actor, t store.Trial) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("trial.end", "router:"+t.RouterID, map[string]any{"trial": t.ID, "seen": !t.SeenAt.IsZero(), "removed": !t.RemovedAt.IsZero(), "failure": t.Failure})
		if !t.RemovedAt.IsZero() {
			if err := tx.DropJob(ctx, jobs.TrialRemove, t.ID); err != nil {
				return err
			}
		}
		return tx.SaveTrial(ctx, t)
	})
	if err != nil {
		return fmt.Errorf("end trial %s: %w", t.ID, err)
	}
	return nil
}

// RemoveTrialJob takes the user of a trial away that died, or that its router did not let go.
func (s *Service) RemoveTrialJob(ctx context.Context, j jobs.Job) error {
	t, err := s.Store.Trial(ctx, j.Subject)
	if err != nil || !t.RemovedAt.IsZero() {
		return err
	}
	r, err := s.Store.Router(ctx, t.RouterID)
	if fault.Is(err, fault.NotFound) || err == nil && r.Disabled {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.removeUser(ctx, t, r); err != nil {
		return s.vouchers.RouterAway(ctx, j, r, err)
	}
	t.RemovedAt = s.Clock.Now()
	return s.endTrial(ctx, actor.Server, t)
}
