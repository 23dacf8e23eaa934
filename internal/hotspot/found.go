package hotspot

import (
	"regexp"
	"strings"
	"time"
)

// Found is one hotspot user as a router holds it.
type Found struct {
	Name, Password, Profile string
	Comment                 string // without its bound
	Bound                   Bound
	// Hidden: the router keeps passwords from the account that reads, so Password says
	// nothing. The account of the router kit may not read them.
	Hidden      bool
	Disabled    bool
	LimitUptime time.Duration // 0 for none
	LimitBytes  int64         // up and down together, 0 for none
	OneWay      bool          // it has a limit on one direction alone, which no user of ours has
	Uptime      time.Duration // counted so far, what runs now included
	Bytes       int64         // the same, up and down together
}

// Parts are parts of a user, as a set.
type Parts uint8

// The parts of a user that a router can hold otherwise than it should.
const (
	PartDisabled Parts = 1 << iota
	PartLimits
	PartProfile
	PartPassword
	PartComment
	PartBound
)

// Has reports whether all of the other parts are among them.
func (p Parts) Has(other Parts) bool { return p&other == other }

// stamped is a comment that Mikhmon overwrote with an expiry at the first login, in the
// dates of RouterOS before 7.10 and since.
var stamped = regexp.MustCompile(`^(?:[a-z]{3}/\d\d/\d{4}|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d`)

// Stamped reports whether a comment is an expiry that Mikhmon wrote.
func Stamped(comment string) bool { return stamped.MatchString(comment) }

// Owns reports whether a router's row is this user and not a foreign one of the same
// name. The mark in the comment says so. Mikhmon takes it away: its login script writes an
// expiry over the comment, its "reset" empties it, and both keep name, profile and password.
// Then the name decides together with the profile or the password; with an empty comment
// only where the books say that the router has the user, because a name that was just drawn
// may meet a stranger.
func (u User) Owns(f Found) bool {
	if f.Name != u.Name {
		return false
	}
	if u.Claimed || u.OrderMark != "" && strings.Contains(f.Comment, u.OrderMark) {
		return true
	}
	same := f.Profile == u.Profile.Name
	switch {
	case Stamped(f.Comment):
		return same || u.Recorded && u.samePassword(f)
	case f.Comment == "":
		return u.Recorded && (same || u.samePassword(f))
	}
	return false
}

func (u User) samePassword(f Found) bool {
	return !f.Hidden && u.Password != "" && f.Password == u.Password
}

// Differs lists the parts in which a row of this user is not as described. A comment may
// say more than ours as long as the mark is in it, and may be the expiry of a profile of
// Mikhmon's, which works with it. A password that the router hides is taken to be right.
func (u User) Differs(f Found) (p Parts) {
	if f.Disabled {
		p |= PartDisabled
	}
	if !u.limits(f) || f.LimitBytes != u.LimitBytes || f.OneWay {
		p |= PartLimits
	}
	if f.Profile != u.Profile.Name {
		p |= PartProfile
	}
	if !f.Hidden && f.Password != u.Password {
		p |= PartPassword
	}
	if !strings.Contains(f.Comment, u.OrderMark) && (!Stamped(f.Comment) || u.Profile.Own()) {
		p |= PartComment // which is written with its bound
	} else if !u.Bound.Covers(f.Bound) {
		p |= PartBound
	}
	return p
}

// limits reports whether a row's limit on online time is right: the user's, or a lower one
// that still leaves all the time until the end.
func (u User) limits(f Found) bool {
	most := u.LimitUptime.Truncate(time.Second)
	return f.LimitUptime == most || u.Left > 0 && f.LimitUptime < most && f.LimitUptime >= min(most, f.Uptime+u.Left)
}

// LimitFor is the limit on online time that is written for a row that has counted so much.
func (u User) LimitFor(counted time.Duration) time.Duration {
	if fits := counted + u.Left; u.Left > 0 && fits < u.LimitUptime {
		return (fits + time.Second - 1).Truncate(time.Second)
	}
	return u.LimitUptime
}

// Own reports whether the profile is of the shop's making.
func (p Profile) Own() bool { return strings.HasPrefix(p.Name, OwnPrefix) }
