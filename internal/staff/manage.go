package staff

import (
	"context"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// Assignment is a role and the sites it holds for, none meaning all.
type Assignment struct {
	Role  string
	Sites []string
}

func (o *Accounts) checkAssignment(ctx context.Context, post Assignment) error {
	if !slices.Contains(Roles, post.Role) {
		return fault.AtField("role", "staff.role_unknown")
	}
	for _, id := range post.Sites {
		if _, err := o.Store.Site(ctx, id); err != nil {
			if fault.Is(err, fault.NotFound) {
				return fault.AtField("sites", "staff.site_unknown")
			}
			return err
		}
	}
	return nil
}

// Reassign changes an account's role and sites and ends its sessions. Errors:
// NotFound "staff.not_found", Invalid at "role", "sites", "typed" or "reason",
// Conflict "staff.last_admin" or "staff.last_whole". An actor can only assign sites
// that it has.
func (o *Accounts) Reassign(ctx context.Context, by actor.Actor, id string, post Assignment, c Confirmation) error {
	if err := o.checkAssignment(ctx, post); err != nil {
		return err
	}
	return o.manage(ctx, by, id, c, func(tx *store.Tx, s *store.Staff, detail map[string]any) error {
		// The actor's own row is read and held already.
		manager, err := current(ctx, tx, by)
		if err == nil {
			err = grant(manager, post.Sites)
		}
		if err != nil {
			return err
		}
		if post.Role == Admin && (s.Role != Admin || (len(post.Sites) == 0 && len(s.Sites) > 0)) {
			if err := tellOfAdmin(ctx, tx, AlertAdminRole, *s); err != nil {
				return err
			}
		}
		detail["before"], detail["after"] = map[string]any{"role": s.Role, "sites": s.Sites}, map[string]any{"role": post.Role, "sites": post.Sites}
		s.Role, s.Sites = post.Role, post.Sites
		tx.Audit("staff.reassign", "staff:"+s.ID, detail)
		return nil
	})
}

// Disable blocks sign-in to an account until it is enabled again. Errors: NotFound
// "staff.not_found", Invalid at "typed" or "reason", Conflict
// "staff.last_admin".
func (o *Accounts) Disable(ctx context.Context, by actor.Actor, id string, c Confirmation) error {
	return o.manage(ctx, by, id, c, func(tx *store.Tx, s *store.Staff, detail map[string]any) error {
		s.Disabled = true
		if _, err := tx.DeleteInvites(ctx, s.ID); err != nil {
			return err
		}
		tx.Audit("staff.disable", "staff:"+s.ID, detail)
		return nil
	})
}

// Enable allows sign-in to a disabled account. Errors: NotFound "staff.not_found".
func (o *Accounts) Enable(ctx context.Context, by actor.Actor, id string) error {
	err := o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		s, err := managed(ctx, tx, by, id)
		if err != nil || !s.Disabled {
			return err
		}
		s.Disabled = false
		tx.Audit("staff.enable", "staff:"+s.ID, nil)
		return tx.SaveStaff(ctx, s)
	})
	if err != nil {
		return fmt.Errorf("enable %s: %w", id, err)
	}
	return nil
}

// ResetTwoFactor removes every second factor of another account, after its owner
// lost them; the owner is notified at the next sign-in. Errors: NotFound
// "staff.not_found", Invalid at "typed" or "reason", Conflict "staff.own_account"
// for the actor's own account.
func (o *Accounts) ResetTwoFactor(ctx context.Context, by actor.Actor, id string, c Confirmation) error {
	if id == by.ID {
		return fault.New(fault.Conflict, "staff.own_account")
	}
	return o.manage(ctx, by, id, c, func(tx *store.Tx, s *store.Staff, detail map[string]any) error {
		if err := tx.ClearFactors(ctx, s.ID); err != nil {
			return err
		}
		s.TOTP = ""
		told(s, NoticeFactorsReset, tx.Now())
		tx.Audit("staff.second_reset", "staff:"+s.ID, detail)
		return tellOf(ctx, tx, AlertFactorReset, *s)
	})
}

// manage changes an account and ends its sessions, as long as an admin who can
// sign in remains, and one of all sites if there was one.
func (o *Accounts) manage(ctx context.Context, by actor.Actor, id string, c Confirmation, act func(*store.Tx, *store.Staff, map[string]any) error) error {
	err := o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if err := tx.HoldAdmins(ctx); err != nil {
			return err
		}
		whole, err := tx.CountAllSitesAdmins(ctx)
		if err != nil {
			return err
		}
		s, err := managed(ctx, tx, by, id)
		if err != nil {
			return err
		}
		reason, err := c.check(s.Name)
		if err != nil {
			return err
		}
		ended, err := tx.DeleteSessionsOf(ctx, s.ID, "")
		if err != nil {
			return err
		}
		if err := act(tx, &s, map[string]any{"reason": reason, "sessions_ended": ended}); err != nil {
			return err
		}
		if err := tx.SaveStaff(ctx, s); err != nil {
			return err
		}
		left, err := tx.CountAdmins(ctx)
		if err == nil && left == 0 {
			err = fault.New(fault.Conflict, "staff.last_admin")
		}
		if err != nil || whole == 0 {
			return err
		}
		if left, err = tx.CountAllSitesAdmins(ctx); err == nil && left == 0 {
			err = fault.New(fault.Conflict, "staff.last_whole")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("manage staff %s: %w", id, err)
	}
	return nil
}

// EndSessionsOf ends all sessions of an account. Errors: NotFound
// "staff.not_found".
func (o *Accounts) EndSessionsOf(ctx context.Context, by actor.Actor, id string) (ended int64, err error) {
	err = o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		s, err := managed(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if ended, err = tx.DeleteSessionsOf(ctx, s.ID, ""); err != nil || ended == 0 {
			return err
		}
		tx.Audit("staff.sessions_end", "staff:"+s.ID, map[string]any{"sessions_ended": ended})
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("end sessions of %s: %w", id, err)
	}
	return ended, nil
}
