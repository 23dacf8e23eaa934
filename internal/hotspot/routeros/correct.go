package routeros

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// CorrectUsers brings many users in step over several connections. A write whose answer is
// lost is Unknown: the next look tells whether it was done.
func (d *Driver) CorrectUsers(ctx context.Context, r hotspot.Router, users []hotspot.Correction) []hotspot.Corrected {
	out := make([]hotspot.Corrected, len(users))
	errs := make([]error, len(users))
	if len(users) == 0 {
		return out
	}
	err := d.do(ctx, "prepare to correct users", r, func(s *session) error {
		// One ordinary call finds out whether the router is there: a dead one then costs its
		// breaker's answer, not the patience of every connection.
		if _, err := s.read("/system/identity/print"); err != nil {
			return err
		}
		s.x.profiles.forget()
		var profiles []hotspot.Profile
		for _, u := range users {
			if !u.Off {
				profiles = append(profiles, u.Profile)
			}
		}
		return s.ensureProfiles(profiles)
	})
	if err != nil {
		everywhere(errs, err)
	} else {
		d.bulk(ctx, "correct user", r, errs, func(s *session, i int) (err error) {
			out[i], err = s.correct(users[i])
			return err
		})
	}
	for i, err := range errs {
		out[i].Err = err
	}
	return out
}

func (s *session) correct(c hotspot.Correction) (done hotspot.Corrected, err error) {
	have, found, err := s.findOurs(c.User)
	switch {
	case err != nil:
		return done, err
	case c.Off:
		if found && !yes(have["disabled"]) {
			done.Changed = hotspot.PartDisabled
		}
		return done, s.disableRow(have, found, c.Name)
	case !found:
		// The profile was seen to; a profile of the user's name is looked for as in a sale.
		if err := s.ensureProfile(c.User); err != nil {
			return done, err
		}
		existed, err := s.addUser(c.User)
		done.Added = !existed
		return done, err
	}
	done.Changed = c.Differs(foundIn(have))
	p := done.Changed
	if c.Rewrite {
		p |= hotspot.PartPassword
	}
	if p == 0 {
		return done, nil
	}
	return done, s.writeParts(have, c.User, p)
}

// errEnabled is why a user that was enabled in between is not removed.
var errEnabled = fault.New(fault.Conflict, "router.row_changed")

// RemoveUsers removes many users over several connections.
func (d *Driver) RemoveUsers(ctx context.Context, r hotspot.Router, users []hotspot.User) []error {
	out := make([]error, len(users))
	if len(users) == 0 {
		return out
	}
	err := d.do(ctx, "prepare to remove users", r, func(s *session) error {
		_, err := s.read("/system/identity/print")
		return err
	})
	if err != nil {
		return everywhere(out, err)
	}
	d.bulk(ctx, "remove user", r, out, func(s *session, i int) error { return s.removeEnded(users[i]) })
	return out
}

func (s *session) removeEnded(u hotspot.User) error {
	have, found, err := s.findOurs(u)
	if err != nil || !found {
		return err
	}
	if !yes(have["disabled"]) {
		return errEnabled.With(errors.New("user " + u.Name + " is enabled"))
	}
	if _, err := s.write(userMenu+"/remove", "=.id="+have[".id"]); err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("remove: %w", err)
	}
	for _, menu := range []string{cookieMenu, activeMenu} {
		if err := s.removeOf(menu, u.Name); err != nil {
			return err
		}
	}
	return nil
}
