package staff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// renamings bounds the rename rows that are read from the audit trail to learn
// the former names of an account.
var renamings = cache.Limit{Count: 20, Per: 24 * time.Hour}

// Rename changes a person's own name and language. Errors: Invalid
// "staff.name_form" at "name", Conflict "staff.name_taken", Limited
// "limit.rename".
func (o *Accounts) Rename(ctx context.Context, p Principal, name, lang string) error {
	if !nameForm.MatchString(name) {
		return fault.AtField("name", "staff.name_form")
	}
	if lang != "en" {
		lang = "id"
	}
	if p.Name == name && p.Lang == lang {
		return nil
	}
	if ok, after := o.Cache.Allow(ctx, "rename:"+p.ID, renamings); !ok {
		return fault.TooOften("limit.rename", after)
	}
	err := o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if s.Name == name && s.Lang == lang {
			return nil
		}
		tx.Audit("staff.rename", "staff:"+s.ID, changed(map[string]any{"name": s.Name, "lang": s.Lang}, map[string]any{"name": name, "lang": lang}))
		s.Name, s.Lang = name, lang
		return tx.SaveStaff(ctx, s)
	})
	if err != nil {
		return fmt.Errorf("rename %s: %w", p.Name, err)
	}
	return nil
}

// changed is an audit detail of what was and what is.
func changed(before, after map[string]any) map[string]any {
	return map[string]any{"before": before, "after": after}
}

// ChangePassword replaces the account's own password. It ends all other sessions and
// one-time links; this session gets another token. Errors: Invalid
// "staff.password_wrong" at "current", "staff.password_twice" at "again",
// "staff.password_same" and those of Policy.check at "password", Limited
// "limit.sign_in".
func (o *Accounts) ChangePassword(ctx context.Context, p Principal, current, password, again string) (sessionToken string, ended int64, err error) {
	if err := o.mayReauthenticate(ctx, p); err != nil {
		return "", 0, err
	}
	policy, err := o.Policy(ctx)
	if err != nil {
		return "", 0, err
	}
	leave, err := o.place(ctx)
	if err != nil {
		return "", 0, err
	}
	defer leave()
	if !checkPassword(p.PasswordHash, current) {
		return "", 0, fault.AtField("current", "staff.password_wrong")
	}
	if err := policy.check(p.Name, password); err != nil {
		return "", 0, err
	}
	switch {
	case password == current:
		return "", 0, fault.AtField("password", "staff.password_same")
	case password != again:
		return "", 0, fault.AtField("again", "staff.password_twice")
	}
	hash := o.cost.hashPassword(password)
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		if s.PasswordHash != p.PasswordHash {
			return fault.New(fault.Conflict, "staff.changed")
		}
		s.PasswordHash, s.PasswordAt, s.MustChange = hash, tx.Now(), false
		told(&s, NoticePassword, tx.Now())
		if err := tx.SaveStaff(ctx, s); err != nil {
			return err
		}
		if _, err := tx.DeleteInvites(ctx, s.ID); err != nil {
			return err
		}
		if ended, err = tx.DeleteSessionsOf(ctx, s.ID, p.Session.TokenHash); err != nil {
			return err
		}
		tx.Audit("staff.password", "staff:"+s.ID, map[string]any{"sessions_ended": ended})
		sessionToken, err = renew(ctx, tx, p, func(*store.Session) {})
		return err
	})
	if err != nil {
		return "", 0, fmt.Errorf("change password of %s: %w", p.Name, err)
	}
	return sessionToken, ended, nil
}

// SessionName names a session without giving away what signs it in.
func SessionName(s store.Session) string { return s.TokenHash[:16] }

// EndSession ends one of a person's own sessions, by its name. Errors: NotFound
// "staff.session_gone".
func (o *Accounts) EndSession(ctx context.Context, p Principal, name string) error {
	sessions, err := o.Store.SessionsOf(ctx, p.ID, o.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if SessionName(s) != strings.TrimSpace(name) {
			continue
		}
		return o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
			tx.Audit("staff.session_end", "staff:"+p.ID, map[string]any{"ended": s.TokenHash[:8]})
			return tx.DeleteSession(ctx, s.TokenHash)
		})
	}
	return fault.New(fault.NotFound, "staff.session_gone")
}

// EndOtherSessions ends all of a person's sessions but this one.
func (o *Accounts) EndOtherSessions(ctx context.Context, p Principal) (ended int64, err error) {
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		if ended, err = tx.DeleteSessionsOf(ctx, p.ID, p.Session.TokenHash); err != nil {
			return err
		}
		tx.Audit("staff.sessions_end", "staff:"+p.ID, map[string]any{"sessions_ended": ended})
		return nil
	})
	return ended, err
}
