package routeros

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

const userMenu = "/ip/hotspot/user"

// EnsureUser makes profile and user exist as described. The user is added at
// most once: a lost answer is followed by a look at the router, and the
// router's own rule "one name per server" catches an add that arrives late.
func (d *Driver) EnsureUser(ctx context.Context, r hotspot.Router, u hotspot.User) (hotspot.Ensured, error) {
	var out hotspot.Ensured
	err := d.do(ctx, "ensure user", r, func(s *session) error {
		existed, err := s.ensureUser(u)
		out.Existed = existed
		return err
	})
	return out, err
}

func (s *session) ensureUser(u hotspot.User) (existed bool, err error) {
	found, err := s.adopt(u)
	if found || err != nil {
		return found, err
	}
	if err := s.ensureProfile(u); err != nil {
		return false, err
	}
	return s.addUser(u)
}

// addUser adds a user that was not there a moment ago.
func (s *session) addUser(u hotspot.User) (existed bool, err error) {
	ret, err := s.write(s.addWords(u)...)
	switch {
	case errors.Is(err, hotspot.ErrExists), fault.Is(err, fault.Unknown):
		return s.afterLostAdd(u, err)
	case errors.Is(err, errProfileMissing):
		// The profile was removed since it was looked for.
		s.x.profiles.forget()
		if err := s.ensureProfile(u); err != nil {
			return false, err
		}
		if _, err = s.write(s.addWords(u)...); fault.Is(err, fault.Unknown) || errors.Is(err, hotspot.ErrExists) {
			return s.afterLostAdd(u, err)
		}
		return false, err
	case err != nil:
		s.x.profiles.forget() // it may be wrong about what the router refuses
		return false, err
	case ret == "":
		// Some versions do not name the new row: look for it.
		if found, err := s.adopt(u); err != nil || !found {
			return false, lost(err)
		}
	}
	return false, nil
}

// afterLostAdd finds out whether the add happened and repeats it once if not.
func (s *session) afterLostAdd(u hotspot.User, cause error) (bool, error) {
	found, err := s.adopt(u)
	if fault.Is(err, fault.Unavailable) {
		return false, lost(fmt.Errorf("%w, then: %w", cause, err))
	}
	if found || err != nil {
		return found, err
	}
	_, err = s.write(s.addWords(u)...)
	if errors.Is(err, hotspot.ErrExists) {
		// The first one arrived after our look.
		return s.adopt(u)
	}
	return false, err
}

func lost(err error) error {
	if err == nil {
		err = fault.New(fault.NotFound, "router.no_item")
	}
	return fault.Wrap(fault.Unknown, "router.unreachable", err)
}

func (s *session) addWords(u hotspot.User) []string {
	words := []string{userMenu + "/add", "=name=" + u.Name, "=password=" + u.Password, "=profile=" + u.Profile.Name, "=comment=" + u.Bound.Comment(u.Comment, u.OrderMark)}
	if s.r.Server != "" {
		words = append(words, "=server="+s.r.Server)
	}
	if u.LimitUptime > 0 {
		words = append(words, "=limit-uptime="+duration(u.LimitFor(0)))
	}
	if u.LimitBytes > 0 {
		words = append(words, "=limit-bytes-total="+strconv.FormatInt(u.LimitBytes, 10))
	}
	return words
}

// findUser reads the row of a name, with all that a user is compared by.
func (s *session) findUser(name string) (row, bool, error) {
	rows, err := s.read(userMenu+"/print", "=.proplist=.id,name,password,profile,comment,disabled,limit-uptime,limit-bytes-total,limit-bytes-in,limit-bytes-out,uptime", "?name="+name)
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	return rows[0], true, nil
}

// adopt looks for the user and, if it is this order's, brings it in step with
// what was sold. Errors: Conflict "router.name_taken".
func (s *session) adopt(u hotspot.User) (bool, error) {
	have, found, err := s.findOurs(u)
	if err != nil || !found {
		return false, err
	}
	f := foundIn(have)
	p := u.Differs(f)
	if p == 0 {
		return true, nil
	}
	if err := s.ensureProfile(u); err != nil {
		return true, err
	}
	err = s.writeParts(have, u, p)
	if errors.Is(err, errProfileMissing) { // the profile was removed since it was looked for
		s.x.profiles.forget()
		if err = s.ensureProfile(u); err == nil {
			err = s.writeParts(have, u, p)
		}
	}
	return true, err
}

// findOurs is findUser for a user whose row may be another's. Errors: Conflict
// "router.name_taken".
func (s *session) findOurs(u hotspot.User) (row, bool, error) {
	have, found, err := s.findUser(u.Name)
	if err == nil && found && !u.Owns(foundIn(have)) {
		err = hotspot.ErrNameTaken.With(fmt.Errorf("user %s is foreign", u.Name))
	}
	return have, found, err
}

// writeParts repairs a row that an interrupted call, a restored backup or a hand left
// different from what was sold: only what differs, and the password where the router hides
// whether it does.
func (s *session) writeParts(have row, u hotspot.User, p hotspot.Parts) error {
	words := []string{userMenu + "/set", "=.id=" + have[".id"]}
	f := foundIn(have)
	for _, x := range []struct {
		part  hotspot.Parts
		words []string
	}{
		{hotspot.PartDisabled, []string{"=disabled=no"}},
		{hotspot.PartLimits, []string{"=limit-uptime=" + duration(u.LimitFor(f.Uptime)), "=limit-bytes-total=" + strconv.FormatInt(u.LimitBytes, 10)}},
		{hotspot.PartProfile, []string{"=profile=" + u.Profile.Name}},
		{hotspot.PartComment, []string{"=comment=" + u.Bound.Comment(u.Comment, u.OrderMark)}},
		{hotspot.PartBound, []string{"=comment=" + u.Bound.Comment(f.Comment, u.OrderMark)}},
	} {
		if p.Has(x.part) {
			words = append(words, x.words...)
		}
	}
	if f.OneWay {
		words = append(words, "=limit-bytes-in=0", "=limit-bytes-out=0")
	}
	if f.Hidden || p.Has(hotspot.PartPassword) {
		words = append(words, "=password="+u.Password)
	}
	_, err := s.write(words...)
	return err
}
