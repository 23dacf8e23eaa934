package staff

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/store"
)

// Actor is who manages people: a person of the panel, or somebody at the server's
// terminal, who has no id. Sites are those the person works on, none for all.
type Actor struct {
	AuditName, ID string
	Sites         []string
}

// Actor names the person as the one who acts.
func (p Principal) Actor() Actor { return Actor{AuditName: p.AuditName(), ID: p.ID, Sites: p.Sites} }

// AllSites reports whether the person works on all sites: what holds for all of
// them, and what belongs to none, is theirs alone.
func (p Principal) AllSites() bool { return len(p.Sites) == 0 }

// Manages reports whether an account is one that the person may know of and
// manage, as far as sites decide: their own, and those of people who have no
// site that the person lacks.
func (p Principal) Manages(s store.Staff) bool { return p.Actor().manages(s) }

func (by Actor) manages(s store.Staff) bool {
	return (by.ID != "" && s.ID == by.ID) || by.grant(s.Sites) == nil
}

// grant says whether sites are the manager's to give: nobody gives what they
// do not have, and "all of them" is more than any list. Errors: Invalid at
// "sites".
func (by Actor) grant(sites []string) error {
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

// now is the manager as they are at this moment: whose sites were narrowed or
// role was changed while the request was under way manages with what is left.
// Errors: Denied "staff.not_yours".
func (by Actor) now(ctx context.Context, tx *store.Tx) (Actor, error) {
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

// managed holds an account that the manager may manage. Errors: NotFound
// "staff.not_found", also for accounts that are not theirs to know.
func (by Actor) managed(ctx context.Context, tx *store.Tx, id string) (store.Staff, error) {
	by, err := by.now(ctx, tx)
	if err != nil {
		return store.Staff{}, err
	}
	s, err := tx.HoldStaff(ctx, id)
	if err == nil && !by.manages(s) {
		err = fault.New(fault.NotFound, "staff.not_found")
	}
	return s, err
}

// Confirmation comes with an act that cannot simply be taken back: the name of
// the account typed out, and why.
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
