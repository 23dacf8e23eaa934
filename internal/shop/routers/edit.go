package routers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/typed"
)

// RouterForm is a router as it was typed. Password is secret; "" keeps the present one.
type RouterForm struct {
	Name, SiteID, Address, User, Password, Fingerprint, Server string
	TLS, Disabled                                              bool
	Priority                                                   int
	Hotspot                                                    string // what routers have in common that stand in for each other
	Untested                                                   bool   // keep it even though it does not answer
}

var (
	pinText    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	serverText = regexp.MustCompile(`^[A-Za-z0-9._-]{0,60}$`)
	notSlug    = regexp.MustCompile(`[^a-z0-9]+`)
)

// KeepGone is how long a router that was taken away can be brought back.
const KeepGone = 30 * 24 * time.Hour

// check looks at the form alone. Errors: Invalid at the field.
func (f RouterForm) check(fresh bool) error {
	host, port, err := net.SplitHostPort(f.Address)
	_, portOK := typed.Port(port)
	switch {
	case strings.TrimSpace(f.Name) == "" || utf8.RuneCountInString(f.Name) > 80 || masked(f.Name) != f.Name:
		return fault.AtField("name", "router.name_form")
	case f.SiteID == "":
		return fault.AtField("site", "router.site_unknown")
	case err != nil || !portOK || host == "" || len(f.Address) > 260 || strings.ContainsAny(f.Address, " /@"):
		return fault.AtField("address", "router.address_form")
	case f.User == "" || len(f.User) > 60 || strings.ContainsFunc(f.User, unicode.IsControl): // other services obey lines
		return fault.AtField("user", "router.user_form")
	case fresh && f.Password == "":
		return fault.AtField("password", "router.password_needed")
	case len(f.Password) > 200 || strings.ContainsFunc(f.Password, unicode.IsControl):
		return fault.AtField("password", "router.password_needed")
	case !serverText.MatchString(f.Server):
		return fault.AtField("server", "router.server_form")
	case f.Priority < 0 || f.Priority > 999:
		return fault.AtField("priority", "router.priority_form")
	case !catalog.HotspotForm(f.Hotspot):
		return fault.AtField("hotspot", "router.hotspot_form")
	case f.Fingerprint != "" && !pinText.MatchString(f.Fingerprint):
		return fault.AtField("fingerprint", "router.pin_form")
	}
	return nil
}

// on puts the form over a router.
func (f RouterForm) on(r catalog.Router) catalog.Router {
	r.Name, r.SiteID, r.Address, r.User, r.Server = strings.TrimSpace(f.Name), f.SiteID, f.Address, f.User, f.Server
	r.TLS, r.Disabled, r.Priority, r.Fingerprint, r.Hotspot = f.TLS, f.Disabled, f.Priority, f.Fingerprint, f.Hotspot
	if f.Password != "" {
		r.Password = f.Password
	}
	if !r.TLS {
		r.Fingerprint = ""
	}
	return r
}

// RouterTest is what trying a router out found.
type RouterTest struct {
	Found  string // the certificate's fingerprint, with TLS
	Health hotspot.Health
}

// form checks a form against what is stored: id is "" for a new router. Where the
// password would go to another address or past another certificate it has to be typed
// again: the right to edit a router must not reveal the stored password. Errors: Invalid
// at the field, NotFound "router.not_found".
func (s *Service) form(ctx context.Context, id string, f RouterForm) (old, next catalog.Router, err error) {
	if err := f.check(id == ""); err != nil {
		return old, next, err
	}
	if _, err := s.Store.Site(ctx, f.SiteID); fault.Is(err, fault.NotFound) {
		return old, next, fault.AtField("site", "router.site_unknown")
	} else if err != nil {
		return old, next, err
	}
	if id != "" {
		if old, err = s.FindRouter(ctx, id); err != nil {
			return old, next, err
		}
		moved := old.Address != f.Address || old.TLS != f.TLS || f.TLS && old.Fingerprint != f.Fingerprint
		if moved && f.Password == "" {
			return old, next, fault.AtField("password", "router.password_again")
		}
	}
	return old, f.on(old), nil
}

// TestRouter tries a router out: first its certificate, and only when that is
// the pinned one its account. Errors: Invalid at the field, Conflict
// "router.pin_ask" with Found filled when a person has to say whether that
// certificate is right, router faults.
func (s *Service) TestRouter(ctx context.Context, id string, f RouterForm) (RouterTest, error) {
	var t RouterTest
	_, next, err := s.form(ctx, id, f)
	if err != nil {
		return t, err
	}
	m, err := s.manager()
	if err != nil {
		return t, err
	}
	try := next.Router
	try.ID = id + ":form"
	defer s.Hotspot.Forget(try.ID)
	if try.TLS {
		if t.Found, err = m.Certificate(ctx, try); err != nil {
			return t, err
		}
		if t.Found != try.Fingerprint {
			return t, ErrPinAsk
		}
	}
	t.Health, err = s.Hotspot.Ping(ctx, try)
	return t, err
}

// SaveRouter tries a router out and keeps it: id is "" for a new one. Unless
// the form says so it is not kept when it does not answer. It returns the
// router's id. Errors: those of TestRouter, Invalid "router.name_used" at
// "name".
func (s *Service) SaveRouter(ctx context.Context, by actor.Actor, id string, f RouterForm) (string, RouterTest, error) {
	t, err := s.TestRouter(ctx, id, f)
	answered := err == nil
	asks := fault.Is(err, fault.Invalid) || errors.Is(err, ErrPinAsk) || errors.Is(err, store.ErrRouterNotFound)
	pinless := f.TLS && f.Fingerprint == ""
	if err != nil && (asks || pinless || !f.Untested) {
		return id, t, err
	}
	old, next, err := s.form(ctx, id, f)
	if err != nil {
		return id, t, err
	}
	if next.ID != "" && next == old {
		return id, t, nil
	}
	act := "router.edit"
	if next.ID == "" {
		act, next.ID = "router.add", s.routerID(ctx, next.Name)
	}
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if next.ID == "" {
			next.ID = tx.NewID()
		}
		if err := tx.PutRouter(ctx, next); err != nil {
			return err
		}
		if act == "router.edit" && old.SiteID != next.SiteID {
			tx.NoteCatalogueChange(store.CatalogueChange{Subject: "router:" + next.ID, Action: "router.site", Old: catalog.Fields{"site": old.SiteID}, New: catalog.Fields{"site": next.SiteID}})
		}
		tx.Audit(act, "router:"+next.ID, map[string]any{"before": shown(old), "after": shown(next), "password": f.Password != ""})
		return nil
	})
	if errors.Is(err, store.ErrRouterNameUsed) {
		return id, t, fault.AtField("name", "router.name_used")
	}
	if err != nil {
		return id, t, fmt.Errorf("save router: %w", err)
	}
	s.routerChanged(ctx, next.ID)
	if answered && !next.Disabled { // it need not wait for the next check
		if err := s.ledger.RouterSeen(ctx, next); err != nil {
			return next.ID, t, err
		}
	}
	return next.ID, t, nil
}

// shown is what the audit trail keeps of a router: no password.
func shown(r catalog.Router) map[string]any {
	return map[string]any{"name": r.Name, "site": r.SiteID, "address": r.Address, "user": r.User, "tls": r.TLS, "fingerprint": r.Fingerprint,
		"server": r.Server, "priority": r.Priority, "hotspot": r.Hotspot, "disabled": r.Disabled}
}

// routerID makes an id that people can read out of a name, "" when it is taken.
func (s *Service) routerID(ctx context.Context, name string) string {
	id := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if id = strings.Trim(id[:min(len(id), 40)], "-"); id == "new" || id == "failover" {
		return ""
	}
	if _, err := s.Store.Router(ctx, id); id == "" || !fault.Is(err, fault.NotFound) {
		return ""
	}
	return id
}

// routerChanged drops what is cached about a router and announces the change.
func (s *Service) routerChanged(ctx context.Context, id string) {
	s.Hotspot.Forget(id)
	s.Hotspot.Forget(id + panelWorkID)
	s.lists.drop(id)
	publish, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	s.Cache.Publish(publish, ledger.TopicCatalogue, "")
}

// RemoveRouter takes a router away; for KeepGone it can be brought back.
// Nothing on the router itself changes. Errors: Invalid
// "router.reason_needed", NotFound "router.not_found".
func (s *Service) RemoveRouter(ctx context.Context, by actor.Actor, r catalog.Router, reason string) error {
	if reason == "" {
		return fault.AtField("reason", "router.reason_needed")
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if err := tx.SetRouterDeleted(ctx, r.ID, tx.Now()); err != nil {
			return err
		}
		for _, kind := range []string{"router_down", "router_failover"} {
			if _, err := tx.CloseAlert(ctx, kind, r.ID); err != nil {
				return err
			}
		}
		tx.Audit("router.remove", "router:"+r.ID, map[string]any{"before": shown(r), "reason": masked(reason)})
		return nil
	})
	if err == nil {
		s.routerChanged(ctx, r.ID)
	}
	return err
}

// RestoreRouter brings a router back as it was. Errors: NotFound
// "router.not_found".
func (s *Service) RestoreRouter(ctx context.Context, by actor.Actor, id string) error {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if err := tx.SetRouterDeleted(ctx, id, time.Time{}); err != nil {
			return err
		}
		tx.Audit("router.restore", "router:"+id, nil)
		return nil
	})
	if err == nil {
		s.routerChanged(ctx, id)
	}
	return err
}

// SetFailover says whether the routers of a site that serve the same hotspot stand in for
// each other, and how long one is away before that; a negative time keeps it. Errors: NotFound
// "site.not_found", Invalid at "after".
func (s *Service) SetFailover(ctx context.Context, by actor.Actor, siteID string, on bool, after time.Duration) error {
	if after > catalog.MostFailoverAfter {
		return fault.AtField("after", "router.failover_after")
	}
	site, err := s.Store.Site(ctx, siteID)
	if after < 0 {
		after = site.FailoverAfter
	}
	if err != nil || site.Failover == on && site.FailoverAfter == after {
		return err
	}
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("site.failover", "site:"+siteID, map[string]any{"before": site.Failover, "after": on, "seconds_before": seconds(site.FailoverAfter), "seconds": seconds(after)})
		return tx.SetFailover(ctx, siteID, on, after)
	})
	if err == nil {
		s.routerChanged(ctx, "")
	}
	return err
}

// RouterSecret returns a router's password; the audit trail keeps who asked and why.
// Errors: Invalid "router.reason_needed", NotFound "router.not_found".
func (s *Service) RouterSecret(ctx context.Context, by actor.Actor, r catalog.Router, reason string) (string, error) {
	if reason == "" {
		return "", fault.AtField("reason", "router.reason_needed")
	}
	if err := s.auditAct(ctx, by, "router.secret", r, map[string]any{"reason": masked(reason)}); err != nil {
		return "", err
	}
	return r.Password, nil
}
