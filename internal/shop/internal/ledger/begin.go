package ledger

import (
	"context"
	"time"

	"gerai/internal/order"
	"gerai/internal/store"
)

// Begin inserts an order with its drawn codes: from the commit on it can be paid.
func (s *Ledger) Begin(ctx context.Context, tx *store.Tx, o *order.Order) error {
	return s.BeginAt(ctx, tx, o, tx.Now())
}

// BeginAt is Begin for an order that was placed at an instant that has passed.
func (s *Ledger) BeginAt(ctx context.Context, tx *store.Tx, o *order.Order, at time.Time) error {
	o.ID, o.CreatedAt = order.ID(tx.NewID()), at
	o.ExpiresAt = o.CreatedAt.Add(s.OrderTTL)
	o.Status, o.Version = order.Pending, 1
	if !s.Live() {
		o.Test, o.Flags = true, []order.Flag{order.FlagTest}
	}
	o.Token = tx.OrderToken(o.Code)
	if err := tx.InsertOrderAndPoll(ctx, *o, firstPoll(*o, tx.Now())); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.Tell(ctx, "order placed", *o) })
	return s.NoteClock(ctx, tx, store.ErrorOrder, string(o.ID))
}

// Tell writes what happened to an order into the log, one line for each step of
// a sale. It names the order's code, the site and the channel, never a person.
func (s *Ledger) Tell(ctx context.Context, what string, o order.Order, more ...any) {
	channel := o.Channel
	if channel == "" {
		channel = order.Online
	}
	s.Log.InfoContext(ctx, what, append([]any{"code", string(o.Code), "site", o.SiteID, "plan", o.Item.PlanID, "channel", string(channel), "total", int64(o.Total)}, more...)...)
}

// DrawCode gives an order its code, from which the link of its page follows.
func (s *Ledger) DrawCode(o *order.Order) (err error) {
	o.Code, err = order.NewCode(s.Random)
	return err
}

// DrawCredentials gives an order a user name and a password.
func (s *Ledger) DrawCredentials(o *order.Order) (err error) {
	if o.Username, err = order.NewUsername(s.Random); err != nil {
		return err
	}
	o.Password, err = order.NewPassword(s.Random)
	return err
}
