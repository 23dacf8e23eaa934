package routeros

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"time"

	"gerai/internal/hotspot"
)

// usersTime bounds reading every user of a router.
const usersTime = 25 * time.Second

// foundColumns are what a user is compared by, counters last.
const foundColumns = "name,password,profile,comment,disabled,limit-uptime,limit-bytes-total,limit-bytes-in,limit-bytes-out,uptime,bytes-in,bytes-out"

// longestRow bounds what is kept of one user, in bytes.
const longestRow = 64 << 10

// digestSeed makes digests of this process comparable with each other and with no other's.
var digestSeed = maphash.MakeSeed()

// ListUsers reads every user in one pass. It has a connection of the lane for mass work, so
// that no sale waits behind it.
func (d *Driver) ListUsers(ctx context.Context, r hotspot.Router, wanted func(hotspot.Brief) bool) (hotspot.Roll, error) {
	var out hotspot.Roll
	err := d.doOn(ctx, massWork, usersTime, "list users", r, func(s *session) error {
		resource, err := s.read("/system/resource/print", "=.proplist=uptime")
		if err != nil {
			return err
		}
		out.Up = parseDuration(first(resource)["uptime"])
		s.x.profiles.running(out.Up)
		clock, err := s.read("/system/clock/print")
		if err != nil {
			return err
		}
		if t, ok := parseClock(first(clock)); ok {
			out.Time, out.Skew = t, t.Sub(d.o.Clock.Now())
		}
		ends, err := s.endsRow()
		if err != nil && !errors.Is(err, errPermission) {
			return err
		}
		if err == nil {
			out.Ends = endsState(ends, r.User)
		}
		list := userList{wanted: wanted}
		list.hash.SetSeed(digestSeed)
		err = s.stream(list.word, userMenu+"/print", "=.proplist="+foundColumns)
		for i := range list.users {
			list.users[i].Hidden = !list.seen
		}
		out.Users = list.users
		return err
	})
	return out, err
}

// userList collects rows word by word.
type userList struct {
	wanted func(hotspot.Brief) bool
	hash   maphash.Hash
	row    userRow
	users  []hotspot.Listed
	seen   bool // a password was shown
}

// userRow is the row that is being read; its values lie in text.
type userRow struct {
	text          []byte
	name          span
	words         []span
	uptime, bytes int64 // nanoseconds, bytes
}

type span struct{ from, to int }

func (u *userList) word(w []byte, end bool) error {
	if end {
		u.end()
		return nil
	}
	key, value, ok := cutWord(w)
	if !ok {
		return nil // a tag
	}
	switch string(key) {
	case "uptime":
		u.row.uptime = int64(quickDuration(value))
		return nil
	case "bytes-in", "bytes-out":
		u.row.bytes += quickNumber(value)
		return nil
	}
	_, _ = u.hash.Write(w)
	_ = u.hash.WriteByte(0)
	r := &u.row
	if len(r.text)+len(w) > longestRow {
		return errTooMuch
	}
	from := len(r.text)
	r.text = append(r.text, w...)
	r.words = append(r.words, span{from, len(r.text)})
	switch string(key) {
	case "name":
		r.name = span{len(r.text) - len(value), len(r.text)}
	case "password":
		u.seen = u.seen || len(value) > 0 && !masked(value)
	}
	return nil
}

func (u *userList) end() {
	r := &u.row
	brief := hotspot.Brief{Name: string(r.text[r.name.from:r.name.to]), Digest: u.hash.Sum64(), Uptime: time.Duration(r.uptime), Bytes: r.bytes}
	if u.wanted(brief) {
		values := row{}
		for _, w := range r.words {
			key, value, _ := cutWord(r.text[w.from:w.to])
			values[string(key)] = string(value)
		}
		f := hotspot.Listed{Found: foundIn(values), Digest: brief.Digest}
		f.Uptime, f.Bytes = brief.Uptime, brief.Bytes
		u.users = append(u.users, f)
	}
	u.hash.Reset()
	*r = userRow{text: r.text[:0], words: r.words[:0]}
}

// cutWord splits =key=value.
func cutWord(w []byte) (key, value []byte, ok bool) {
	if len(w) == 0 || w[0] != '=' {
		return nil, nil, false
	}
	key, value, _ = bytes.Cut(w[1:], []byte{'='})
	return key, value, true
}

// foundIn is a row of users as the port knows it.
func foundIn(have row) hotspot.Found {
	comment, bound := hotspot.SplitBound(have["comment"])
	f := hotspot.Found{Name: have["name"], Comment: comment, Bound: bound, Profile: have["profile"], Password: have["password"], Disabled: yes(have["disabled"]),
		LimitUptime: parseDuration(have["limit-uptime"]), LimitBytes: number(have["limit-bytes-total"]), OneWay: number(have["limit-bytes-in"])+number(have["limit-bytes-out"]) > 0,
		Uptime: parseDuration(have["uptime"]), Bytes: number(have["bytes-in"]) + number(have["bytes-out"])}
	if f.Password == "" || masked([]byte(f.Password)) { // version 6 leaves it out, as it does an empty one
		f.Password, f.Hidden = "", true
	}
	return f
}

// masked reports whether a value is what version 7 shows in place of a secret.
func masked(v []byte) bool { return len(v) > 0 && len(bytes.Trim(v, "*")) == 0 }
