package staff

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Policy is what an admin may decide about people's accounts. Complexity and
// expiry are off by default and better left off: OWASP ASVS 5.0 forbids both
// (6.2.5, 6.2.10), because they make people choose weaker passwords and write
// them down. They are here for operators whose auditors insist.
type Policy struct {
	SecondFactor []string `json:"second_factor"` // roles that must have one
	MinLength    int      `json:"min_length"`    // characters, at least MinPassword
	Complexity   bool     `json:"complexity"`    // upper case, lower case and a digit
	ExpiryDays   int      `json:"expiry_days"`   // 0: passwords do not expire
	IdleMinutes  int      `json:"idle_minutes"`  // silence that ends a session
	LongShift    bool     `json:"long_shift"`    // a kasir's session lasts the whole shift
	AllowFrom    []string `json:"allow_from"`    // networks the panel opens to; empty: all
}

// DefaultPolicy holds until an admin decides otherwise.
var DefaultPolicy = Policy{SecondFactor: []string{Admin}, MinLength: MinPassword, IdleMinutes: int(idle / time.Minute)}

// Bounds of a policy.
const (
	longestMinimum  = 64
	longestExpiry   = 3650 // days
	shortestIdle    = 5    // minutes
	mostAllowedNets = 50
)

// Policy reads the rules that hold.
func (o *Accounts) Policy(ctx context.Context) (Policy, error) { return policyOf(ctx, o.Store) }

type policyReader interface {
	StaffPolicy(context.Context) (string, bool, error)
}

func policyOf(ctx context.Context, r policyReader) (Policy, error) {
	text, found, err := r.StaffPolicy(ctx)
	if err != nil || !found {
		return DefaultPolicy, err
	}
	var p Policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read staff policy: %w", err)
	}
	return p, nil
}

// SetPolicy replaces the rules. address is the network address of the admin who sets
// them, "" at the server's terminal: a list of networks has to contain it. Errors:
// Invalid at "second_factor", "min_length", "expiry_days", "idle_minutes" or
// "allow_from", Denied "staff.whole_only" for an account that is limited to some
// sites, "staff.not_yours" for one that lost the right to manage staff.
func (o *Accounts) SetPolicy(ctx context.Context, by actor.Actor, address string, p Policy) error {
	p, err := p.checked(address)
	if err != nil {
		return err
	}
	err = o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		now, err := current(ctx, tx, by)
		if err == nil && len(now.Sites) > 0 {
			err = fault.New(fault.Denied, "staff.whole_only")
		}
		if err != nil {
			return err
		}
		before, err := policyOf(ctx, tx)
		if err != nil {
			return err
		}
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if was, err := json.Marshal(before); err != nil || bytes.Equal(was, text) {
			return err // a form that was sent twice
		}
		tx.Audit("staff.policy", "staff_policy", map[string]any{"before": before, "after": p})
		return tx.PutStaffPolicy(ctx, string(text))
	})
	if err != nil {
		return fmt.Errorf("set staff policy: %w", err)
	}
	return nil
}

func (p Policy) checked(address string) (Policy, error) {
	for _, role := range p.SecondFactor {
		if !slices.Contains(Roles, role) {
			return p, fault.AtField("second_factor", "staff.role_unknown")
		}
	}
	switch {
	case p.MinLength < MinPassword || p.MinLength > longestMinimum:
		return p, fault.AtField("min_length", "staff.min_length")
	case p.ExpiryDays < 0 || p.ExpiryDays > longestExpiry:
		return p, fault.AtField("expiry_days", "staff.expiry_days")
	case p.IdleMinutes < shortestIdle || time.Duration(p.IdleMinutes)*time.Minute > absolute:
		return p, fault.AtField("idle_minutes", "staff.idle_minutes")
	case len(p.AllowFrom) > mostAllowedNets:
		return p, fault.AtField("allow_from", "staff.network_form")
	}
	nets := make([]string, 0, len(p.AllowFrom))
	for _, text := range p.AllowFrom {
		n, ok := network(text)
		if !ok {
			return p, fault.AtField("allow_from", "staff.network_form")
		}
		nets = append(nets, n.String())
	}
	p.AllowFrom = nets
	if address != "" && !p.Admits(address) {
		return p, fault.AtField("allow_from", "staff.locks_out")
	}
	return p, nil
}

// network reads "10.0.0.0/8" or a single address.
func network(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	if n, err := netip.ParsePrefix(text); err == nil {
		return n.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	a = a.Unmap()
	return netip.PrefixFrom(a, a.BitLen()), true
}

// Admits reports whether the panel is open to a network address. An address that
// cannot be parsed is admitted only when there is no list.
func (p Policy) Admits(address string) bool {
	if len(p.AllowFrom) == 0 {
		return true
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(p.AllowFrom, func(text string) bool {
		n, ok := network(text)
		return ok && n.Contains(a)
	})
}

// Demands reports whether a role must have a second factor.
func (p Policy) Demands(role string) bool { return slices.Contains(p.SecondFactor, role) }

// silence is how long a role's session may be unused.
func (p Policy) silence(role string) time.Duration {
	if role == Kasir && p.LongShift {
		return absolute
	}
	return time.Duration(p.IdleMinutes) * time.Minute
}

// AllowAny removes the list of networks: the way to recover when a wrong list
// excludes every admin.
func (o *Accounts) AllowAny(ctx context.Context, by actor.Actor) error {
	p, err := o.Policy(ctx)
	if err != nil {
		return err
	}
	p.AllowFrom = nil
	return o.SetPolicy(ctx, by, "", p)
}
