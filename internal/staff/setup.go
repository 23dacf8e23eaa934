package staff

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// SetupToken makes the token of the link that makes the first admin; it is ""
// when there is any account already. Earlier tokens keep working: a replica
// that starts later must not kill the link that was printed before.
func (o *Accounts) SetupToken(ctx context.Context) (link string, err error) {
	err = o.Store.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error {
		n, err := tx.CountStaff(ctx)
		if err != nil || n > 0 {
			return err
		}
		link = token()
		tx.Audit("staff.first_link", "staff", nil)
		return tx.AddInvite(ctx, hashToken(link), "", tx.Now().Add(linkLife))
	})
	if err != nil {
		return "", fmt.Errorf("make the first link: %w", err)
	}
	return link, nil
}

// CheckSetupLink reports whether a token may make the first admin. Errors: NotFound
// "staff.link_dead", Limited "limit.sign_in" after many wrong ones.
func (o *Accounts) CheckSetupLink(ctx context.Context, link string, from From) error {
	return o.mayOpen(ctx, from, o.checkSetupLink(ctx, link))
}

func (o *Accounts) checkSetupLink(ctx context.Context, link string) error {
	id, err := o.Store.InvitedBy(ctx, hashToken(link), o.Clock.Now())
	if err != nil || id != "" {
		return deadLink(err)
	}
	n, err := o.Store.CountStaff(ctx)
	if err != nil || n > 0 {
		return deadLink(err)
	}
	return nil
}

// SetUp makes the first admin and opens a session. Errors: NotFound
// "staff.link_dead", Invalid at "name", "password" or "again", Limited
// "limit.sign_in".
func (o *Accounts) SetUp(ctx context.Context, link, name, password, again string, from From) (sessionToken string, err error) {
	if err := o.CheckSetupLink(ctx, link, from); err != nil {
		return "", err
	}
	if !nameForm.MatchString(name) {
		return "", fault.AtField("name", "staff.name_form")
	}
	if err := o.checkNewPassword(ctx, name, password, again); err != nil {
		return "", err
	}
	leave, err := o.place(ctx)
	if err != nil {
		return "", err
	}
	hash := o.cost.hashPassword(password)
	leave()
	ctx, sessionToken = begin(ctx, from, store.Staff{})
	err = o.Store.InTx(ctx, actor.Staff("", name, nil), func(tx *store.Tx) error {
		// Deleting the links decides a race: only the request that deletes them makes the admin.
		if used, err := tx.DeleteInvites(ctx, ""); err != nil || used == 0 {
			return deadLink(err)
		}
		if n, err := tx.CountStaff(ctx); err != nil || n > 0 {
			return deadLink(err)
		}
		s := store.Staff{ID: tx.NewID(), Name: name, Role: Admin, PasswordHash: hash, CreatedAt: tx.Now(), PasswordAt: tx.Now()}
		if err := tx.InsertStaff(ctx, s); err != nil {
			return err
		}
		tx.As(s)
		tx.Audit("staff.first", "staff:"+s.ID, map[string]any{"name": name})
		return open(ctx, tx, sessionToken, s, from, time.Time{})
	})
	if err != nil {
		return "", fmt.Errorf("make the first admin: %w", err)
	}
	return sessionToken, nil
}
