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
)

// ErrBanned: the device may not use the hotspot.
var ErrBanned = fault.New(fault.Conflict, "device.banned")

// longestBan bounds how far ahead a ban may end.
const longestBan = 10 * 366 * 24 * time.Hour

// CleanMAC reads a hardware address in any notation.
func CleanMAC(typed string) (mac string, ok bool) {
	mac = ledger.CleanHints(order.Hints{MAC: typed}).MAC
	return mac, mac != ""
}

// BanIn is a confirmed ban of one device.
type BanIn struct {
	SiteID string
	Sites  []string // those the person works on, none means all
	MAC    string   // as typed or found
	Device string   // what it calls itself
	Typed  string   // the MAC, typed
	Reason string
	Until  time.Time // zero for ever
	Actor  actor.Actor
}

// BanDevice keeps a device out of a site: its sessions end on every router, which let it in
// no more, and it orders no more. Errors: NotFound "site.not_found", Invalid at "mac",
// "typed", "reason" and "until", Conflict "ban.already" and "ban.full".
func (s *Service) BanDevice(ctx context.Context, in BanIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	mac, ok := CleanMAC(in.MAC)
	if !ok {
		return fault.AtField("mac", "ban.mac")
	}
	if err := ledger.Confirmed(in.Typed, mac); err != nil {
		return err
	}
	if now := s.Clock.Now(); !in.Until.IsZero() && (!in.Until.After(now) || in.Until.Sub(now) > longestBan) {
		return fault.AtField("until", "ban.until")
	}
	site, err := s.Store.Site(ctx, in.SiteID)
	if err == nil && !ledger.Serves(in.Sites, site.ID) {
		err = store.ErrSiteNotFound
	}
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		if err := tx.LiftEnded(ctx, site.ID); err != nil {
			return err
		}
		held, err := tx.HoldingBans(ctx, site.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(held, func(b store.Ban) bool { return b.MAC == mac }) {
			return fault.New(fault.Conflict, "ban.already")
		}
		if len(held) >= store.MostBans {
			return fault.New(fault.Conflict, "ban.full")
		}
		b := store.Ban{ID: tx.NewID(), SiteID: site.ID, MAC: mac, Device: in.Device, Reason: why, By: in.Actor.AuditName, At: tx.Now(), Until: in.Until}
		fresh, err := tx.InsertBan(ctx, b)
		if err == nil && !fresh {
			err = fault.New(fault.Conflict, "ban.already")
		}
		if err != nil {
			return err
		}
		detail := map[string]any{"ban": b.ID, "mac": mac, "device": in.Device, "reason": why}
		if !b.Until.IsZero() {
			detail["until"] = b.Until
		}
		tx.Audit("device.ban", "site:"+site.ID, detail)
		if !b.Until.IsZero() {
			if err := s.queueBans(ctx, tx, site.ID, b.Until); err != nil {
				return err
			}
		}
		return s.queueBans(ctx, tx, site.ID, tx.Now())
	})
	if err != nil {
		return fmt.Errorf("ban device at site %s: %w", in.SiteID, err)
	}
	return nil
}

// LiftBan lets a device in again; twice is once. Errors: NotFound "ban.not_found".
func (s *Service) LiftBan(ctx context.Context, by actor.Actor, sites []string, id string) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		b, err := tx.Ban(ctx, id)
		if err == nil && !ledger.Serves(sites, b.SiteID) {
			err = store.ErrBanNotFound
		}
		if err != nil || !b.Holds(tx.Now()) {
			return err
		}
		if _, err := tx.LiftBan(ctx, id, by.AuditName, tx.Now()); err != nil {
			return err
		}
		tx.Audit("device.unban", "site:"+b.SiteID, map[string]any{"ban": id, "mac": b.MAC, "device": b.Device, "before": b.Reason})
		return s.queueBans(ctx, tx, b.SiteID, tx.Now())
	})
	if err != nil {
		return fmt.Errorf("lift ban %s: %w", id, err)
	}
	return nil
}

// Banned reports whether a device is banned at a site. Errors: ErrBanned, those of the
// database.
func (s *Service) Banned(ctx context.Context, siteID, mac string) error {
	if mac == "" {
		return nil
	}
	b, found, err := s.Store.BanOf(ctx, siteID, mac)
	if err == nil && found && b.Holds(s.Clock.Now()) {
		err = ErrBanned
	}
	return err
}

// banPage is how many bans of each site a page lists.
const banPage = 50

// BanList is a page of bans.
type BanList struct {
	Bans    []store.Ban
	Next    string              // id to go on before, "" at the end
	Waiting []store.RouterState // routers that were not told since something last changed
}

// BansList lists the bans of some sites, none for all, newest first.
func (s *Service) BansList(ctx context.Context, sites []string, before string) (out BanList, err error) {
	all, err := s.Store.Sites(ctx)
	if err != nil {
		return out, err
	}
	changed := map[string]time.Time{} // by site
	for _, site := range all {
		if !ledger.Serves(sites, site.ID) {
			continue
		}
		found, err := s.Store.Bans(ctx, site.ID, before, banPage+1)
		if err != nil {
			return out, err
		}
		for _, b := range found {
			for _, at := range []time.Time{b.At, b.LiftedAt} {
				if at.After(changed[site.ID]) {
					changed[site.ID] = at
				}
			}
		}
		out.Bans = append(out.Bans, found...)
	}
	slices.SortFunc(out.Bans, func(a, b store.Ban) int { return cmp.Compare(b.ID, a.ID) })
	if len(out.Bans) > banPage {
		out.Bans = out.Bans[:banPage]
		out.Next = out.Bans[banPage-1].ID
	}
	out.Waiting, err = s.bansWaiting(ctx, changed)
	return out, err
}

// bansWaiting are the routers that were last told before their site's bans changed.
func (s *Service) bansWaiting(ctx context.Context, changed map[string]time.Time) ([]store.RouterState, error) {
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return nil, err
	}
	told, err := s.Store.BanRouters(ctx)
	if err != nil {
		return nil, err
	}
	at := make(map[string]time.Time, len(told))
	for _, x := range told {
		at[x.RouterID] = x.At
	}
	return slices.DeleteFunc(states, func(r store.RouterState) bool {
		return r.Disabled || changed[r.SiteID].IsZero() || !at[r.ID].Before(changed[r.SiteID])
	}), nil
}
