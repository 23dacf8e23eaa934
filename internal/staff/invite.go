package staff

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// linkLife is how long a one-time link works.
const linkLife = 24 * time.Hour

// CreateUser adds an account with an assignment. Without a password it returns the
// token of a one-time link with which the owner chooses one; with a password the owner
// has to change it at the first sign-in. Errors as of Add, Invalid at "sites", also
// for sites that the actor does not have.
func (o *Accounts) CreateUser(ctx context.Context, by actor.Actor, name string, post Assignment, password string) (s store.Staff, link string, err error) {
	if err := o.checkAssignment(ctx, post); err != nil {
		return s, "", err
	}
	s = store.Staff{Name: name, Role: post.Role, Sites: post.Sites, MustChange: password != ""}
	s, err = o.add(ctx, by, s, password, func(tx *store.Tx, s store.Staff) error {
		if password != "" {
			return nil
		}
		link = token()
		return tx.PutInvite(ctx, hashToken(link), s.ID, tx.Now().Add(linkLife))
	})
	return s, link, err
}

// Invite makes a new one-time link for an account whose owner forgot the password or
// lost the first link; an earlier link stops working. Errors: NotFound
// "staff.not_found", Invalid at "typed" or "reason", Conflict "staff.disabled".
func (o *Accounts) Invite(ctx context.Context, by actor.Actor, id string, c Confirmation) (link string, err error) {
	err = o.Store.InTx(ctx, by, func(tx *store.Tx) error {
		s, err := managed(ctx, tx, by, id)
		if err != nil {
			return err
		}
		reason, err := c.check(s.Name)
		if err != nil {
			return err
		}
		if s.Disabled {
			return fault.New(fault.Conflict, "staff.disabled")
		}
		link = token()
		tx.Audit("staff.invite", "staff:"+s.ID, map[string]any{"reason": reason})
		return tx.PutInvite(ctx, hashToken(link), s.ID, tx.Now().Add(linkLife))
	})
	if err != nil {
		return "", fmt.Errorf("invite staff %s: %w", id, err)
	}
	return link, nil
}

// Invited reads whom a link is for. Errors: NotFound "staff.link_dead", Limited
// "limit.sign_in" after many wrong ones.
func (o *Accounts) Invited(ctx context.Context, link string, from From) (store.Staff, error) {
	s, err := o.invited(ctx, link)
	return s, o.mayOpen(ctx, from, err)
}

func (o *Accounts) invited(ctx context.Context, link string) (store.Staff, error) {
	id, err := o.Store.InvitedBy(ctx, hashToken(link), o.Clock.Now())
	if err != nil || id == "" {
		return store.Staff{}, deadLink(err)
	}
	s, err := o.Store.StaffByID(ctx, id)
	if err == nil && s.Disabled {
		err = deadLink(nil)
	}
	return s, err
}

func deadLink(err error) error {
	if err != nil {
		return err
	}
	return store.ErrLinkDead
}

// Accept sets the password of the one a link is for, ends their sessions and
// opens one here. The link works once. Errors: NotFound "staff.link_dead",
// Invalid at "password" or "again", Limited "limit.sign_in".
func (o *Accounts) Accept(ctx context.Context, link, password, again string, from From) (sessionToken string, err error) {
	s, err := o.Invited(ctx, link, from)
	if err != nil {
		return "", err
	}
	if err := o.checkNewPassword(ctx, s.Name, password, again); err != nil {
		return "", err
	}
	leave, err := o.place(ctx)
	if err != nil {
		return "", err
	}
	hash := o.cost.hashPassword(password)
	leave()
	ctx, sessionToken = begin(ctx, from, s)
	err = o.Store.InTx(ctx, actorOf(s), func(tx *store.Tx) error {
		// Deleting the link decides a race: only the request that deletes it may use it. A
		// link that was replaced in between is not found.
		if id, err := tx.InvitedBy(ctx, hashToken(link), tx.Now()); err != nil || id != s.ID {
			return deadLink(err)
		}
		if used, err := tx.DeleteInvites(ctx, s.ID); err != nil || used == 0 {
			return deadLink(err)
		}
		s, err := tx.HoldStaff(ctx, s.ID)
		if err != nil {
			return err
		}
		s.PasswordHash, s.PasswordAt, s.MustChange = hash, tx.Now(), false
		told(&s, NoticePassword, tx.Now())
		if err := tx.SaveStaff(ctx, s); err != nil {
			return err
		}
		if _, err := tx.DeleteSessionsOf(ctx, s.ID, ""); err != nil {
			return err
		}
		tx.Audit("staff.accept", "staff:"+s.ID, nil)
		return open(ctx, tx, sessionToken, s, from, time.Time{})
	})
	if err != nil {
		return "", fmt.Errorf("accept the link of %s: %w", s.Name, err)
	}
	return sessionToken, nil
}

// checkNewPassword judges a password that was typed twice.
func (o *Accounts) checkNewPassword(ctx context.Context, name, password, again string) error {
	policy, err := o.Policy(ctx)
	if err != nil {
		return err
	}
	if err := policy.check(name, password); err != nil {
		return err
	}
	if password != again {
		return fault.AtField("again", "staff.password_twice")
	}
	return nil
}
