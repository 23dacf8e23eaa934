package staff

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Actor returns the account as the one that does something.
func (p Principal) Actor() actor.Actor { return actorOf(p.Staff) }

func actorOf(s store.Staff) actor.Actor { return actor.Staff(s.ID, s.Name, s.Sites) }

// AllSites reports whether the account is limited to no site. Only such accounts see
// what belongs to no site and change what holds for every site.
func (p Principal) AllSites() bool { return len(p.Sites) == 0 }

// Manages reports whether the account may see and manage another one, as far as sites
// decide: itself, and those whose sites it all has.
func (p Principal) Manages(s store.Staff) bool { return manages(p.Actor(), s) }

func manages(by actor.Actor, s store.Staff) bool {
	return (by.ID != "" && s.ID == by.ID) || grant(by, s.Sites) == nil
}

// grant reports whether the actor may assign the sites: an account can only assign
// sites that it has, and "all sites" is more than any list. Errors: Invalid at
// "sites".
func grant(by actor.Actor, sites []string) error {
	switch {
	case len(by.Sites) == 0:
		return nil
	case len(sites) == 0:
		return fault.AtField("sites", "staff.sites_own")
	}
	for _, id := range sites {
		if !slices.Contains(by.Sites, id) {
			return fault.AtField("sites", "staff.site_unknown")
		}
	}
	return nil
}

// current reads the actor again inside the transaction, so that a change of its role or
// sites during the request counts. Errors: Denied "staff.not_yours".
func current(ctx context.Context, tx *store.Tx, by actor.Actor) (actor.Actor, error) {
	if by.ID == "" {
		return by, nil
	}
	s, err := tx.HoldStaff(ctx, by.ID)
	if err != nil {
		return by, err
	}
	if s.Disabled || !Allowed(s.Role, ManageStaff) {
		return by, fault.New(fault.Denied, "staff.not_yours")
	}
	by.Sites = s.Sites
	return by, nil
}

// managed holds an account that the actor may manage. Errors: NotFound
// "staff.not_found", also for an account that the actor may not see.
func managed(ctx context.Context, tx *store.Tx, by actor.Actor, id string) (store.Staff, error) {
	by, err := current(ctx, tx, by)
	if err != nil {
		return store.Staff{}, err
	}
	s, err := tx.HoldStaff(ctx, id)
	if err == nil && !manages(by, s) {
		err = store.ErrStaffNotFound
	}
	return s, err
}

// Confirmation comes with an act that cannot simply be taken back: the typed name of
// the account, and the reason.
type Confirmation struct{ Typed, Reason string }

// Bounds of a reason, in characters.
const (
	shortestReason = 3
	longestReason  = 300
)

// check returns the reason to keep. Errors: Invalid at "typed" or "reason".
func (c Confirmation) check(name string) (reason string, err error) {
	if strings.TrimSpace(strings.ToLower(c.Typed)) != name {
		return "", fault.AtField("typed", "staff.typed_wrong")
	}
	reason = strings.TrimSpace(c.Reason)
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > longestReason {
		return "", fault.AtField("reason", "staff.reason_missing")
	}
	return reason, nil
}
