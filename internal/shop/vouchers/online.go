package vouchers

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

const (
	// sessionsPace is how often a router is asked for the list of who is online.
	sessionsPace = time.Minute
	// OnlinePage is how many devices a page of that list has.
	OnlinePage = 50
	// OnlineOld is from when on a router's list is called old: it missed several looks.
	OnlineOld = 3 * sessionsPace
)

// ObserveSessions notes for every router which devices are online, for the list of the
// panel: no page asks a router for it.
func (s *Service) ObserveSessions(ctx context.Context) error {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return err
	}
	if err := s.forgetOnlineOfOthers(ctx, routers); err != nil {
		return err
	}
	var all errgroup.Group
	all.SetLimit(reviewsAtOnce)
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		all.Go(func() error {
			if _, ok := s.Cache.Acquire(ctx, "router:sessions:"+r.ID, sessionsPace-5*time.Second); !ok {
				return nil // the lease is left to run out: it is the pace of all replicas
			}
			err := s.noteSessions(ctx, r)
			if err != nil && fault.MayPass(err) { // the check of routers tells
				s.Log.DebugContext(ctx, "sessions not observed", "router", r.ID, "error", err)
				return nil
			}
			if err != nil {
				s.Log.WarnContext(ctx, "sessions not observed", "router", r.ID, "error", err)
			}
			return nil
		})
	}
	return all.Wait()
}

// forgetOnlineOfOthers deletes the lists of routers that are asked no more.
func (s *Service) forgetOnlineOfOthers(ctx context.Context, routers []catalog.Router) error {
	lists, err := s.Store.Online(ctx)
	if err != nil {
		return err
	}
	lists = slices.DeleteFunc(lists, func(x store.OnlineSessions) bool {
		return slices.ContainsFunc(routers, func(r catalog.Router) bool { return r.ID == x.RouterID && !r.Disabled })
	})
	if len(lists) == 0 {
		return nil
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		for _, x := range lists {
			if err := tx.ForgetOnline(ctx, x.RouterID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) noteSessions(ctx context.Context, r catalog.Router) error {
	found, err := s.Hotspot.Sessions(ctx, r.Router)
	if err != nil {
		return fmt.Errorf("sessions of router %s: %w", r.ID, err)
	}
	slices.SortFunc(found, func(a, b hotspot.Session) int {
		return cmp.Or(cmp.Compare(a.Uptime, b.Uptime), cmp.Compare(a.User, b.User), cmp.Compare(a.MAC, b.MAC))
	})
	now := s.Clock.Now()
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.NoteOnline(ctx, r.ID, now, found) })
}

// SessionRef names a session of the list of who is online to a page. It tells nothing of the
// user name, with which alone a device may log in.
func (s *Service) SessionRef(routerID string, x hotspot.Session) string {
	text, _ := json.Marshal([]string{routerID, x.User, x.MAC}) // texts always encode
	return hex.EncodeToString(s.Keys.MACs("online", string(text))[0][:16])
}

// EndDevice ends one device's session, by its reference, and takes it from the list of who is
// online. Errors: NotFound "router.no_item" where the list has none of that reference, and
// those of routers.EndDevice.
func (s *Service) EndDevice(ctx context.Context, by actor.Actor, r catalog.Router, ref string) error {
	all, err := s.Store.OnlineOn(ctx, r.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(x hotspot.Session) bool { return s.SessionRef(r.ID, x) == ref })
	if at < 0 {
		return fault.New(fault.NotFound, "router.no_item")
	}
	if err := s.routers.EndDevice(ctx, by, r, all[at].User, all[at].MAC); err != nil {
		return err
	}
	return s.forgetOnline(ctx, r.ID, func(x hotspot.Session) bool { return x.User == all[at].User && x.MAC == all[at].MAC })
}

// forgetOnline takes devices from the list of a router; the next look tells whether that is
// right.
func (s *Service) forgetOnline(ctx context.Context, routerID string, gone func(hotspot.Session) bool) error {
	seen, err := s.Store.Online(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(seen, func(x store.OnlineSessions) bool { return x.RouterID == routerID })
	if at < 0 {
		return nil
	}
	all, err := s.Store.OnlineOn(ctx, routerID)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(all), gone)
	if len(left) == len(all) {
		return nil
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.CorrectOnline(ctx, routerID, seen[at].At, left) // a newer list stays as it is
		return err
	})
}

// OnlineQuery asks for a page of who is online.
type OnlineQuery struct {
	Sites        []string // the person's, none for all
	Site, Router string   // "" for any
	Text         string   // part of a device's name, start of a user name, MAC or address
	Page         int      // 1 and up
}

// OnlineDevice is one device that was online when its router last told.
type OnlineDevice struct {
	hotspot.Session
	Router  store.RouterState
	At      time.Time     // when the router told
	Voucher store.Voucher // its ID is "" for a user that is none
}

// LeftAt is the time left at an instant, of the voucher and of its session, whichever is
// less; ok is false where nothing ends it.
func (d OnlineDevice) LeftAt(now time.Time) (left time.Duration, ok bool) {
	if d.Left > 0 {
		left, ok = d.Left-now.Sub(d.At), true
	}
	if until := d.Voucher.ValidUntil; !until.IsZero() && (!ok || until.Sub(now) < left) {
		left, ok = until.Sub(now), true
	}
	return max(left, 0), ok
}

// OnlineRouter is a router and how many devices it last told of.
type OnlineRouter struct {
	store.RouterState
	At      time.Time // zero: it never told
	Devices int
}

// OnlineList is a page of who is online.
type OnlineList struct {
	Routers []OnlineRouter // of the person's sites, whatever is asked for
	Devices []OnlineDevice
	Matches int
	More    bool // another page follows
}

// Online lists who is online, by router and of each the newest first. No router is asked.
func (s *Service) Online(ctx context.Context, q OnlineQuery) (out OnlineList, err error) {
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return out, err
	}
	seen, err := s.Store.Online(ctx)
	if err != nil {
		return out, err
	}
	told := make(map[string]store.OnlineSessions, len(seen))
	for _, x := range seen {
		told[x.RouterID] = x
	}
	skip := (max(q.Page, 1) - 1) * OnlinePage
	for _, r := range states {
		if r.Disabled || len(q.Sites) > 0 && !slices.Contains(q.Sites, r.SiteID) {
			continue
		}
		t := told[r.ID]
		out.Routers = append(out.Routers, OnlineRouter{r, t.At, t.Devices})
		if q.Site != "" && q.Site != r.SiteID || q.Router != "" && q.Router != r.ID || t.Devices == 0 {
			continue
		}
		if q.Text == "" && (out.Matches+t.Devices <= skip || len(out.Devices) > OnlinePage) {
			out.Matches += t.Devices // no device of it is on the page
			continue
		}
		all, err := s.Store.OnlineOn(ctx, r.ID)
		if err != nil {
			return out, err
		}
		for _, x := range all {
			if !onlineMatches(x, q.Text) {
				continue
			}
			if out.Matches++; out.Matches > skip && len(out.Devices) <= OnlinePage {
				out.Devices = append(out.Devices, OnlineDevice{Session: x, Router: r, At: t.At})
			}
		}
	}
	if out.More = len(out.Devices) > OnlinePage; out.More {
		out.Devices = out.Devices[:OnlinePage]
	}
	return out, s.nameDevices(ctx, out.Devices)
}

// nameDevices finds the vouchers that devices are online with.
func (s *Service) nameDevices(ctx context.Context, all []OnlineDevice) error {
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.User
	}
	found, err := s.Store.VouchersByName(ctx, names)
	if err != nil {
		return err
	}
	for i, d := range all {
		all[i].Voucher = found[d.User]
	}
	return nil
}

// onlineMatches reports whether a device is looked for: by part of its name, or by the
// start of its user name, its MAC in any notation, or its address.
func onlineMatches(x hotspot.Session, text string) bool {
	if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
		return true
	}
	bare := strings.NewReplacer(":", "", "-", "", ".", "")
	mac := bare.Replace(text)
	return strings.Contains(strings.ToLower(x.Name), text) || strings.HasPrefix(strings.ToLower(x.User), text) || strings.HasPrefix(x.IP, text) ||
		len(mac) >= 4 && strings.HasPrefix(strings.ToLower(bare.Replace(x.MAC)), mac)
}
