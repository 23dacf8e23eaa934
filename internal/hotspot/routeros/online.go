package routeros

import (
	"context"
	"errors"
	"slices"
	"time"

	"gerai/internal/hotspot"
)

// longestName is the longest name of a user that is looked at, in bytes: none of ours has
// more, and a router in foreign hands may name anything.
const longestName = 256

// mostAsked is how many users are asked for by name in one sentence: a router goes through
// all of them for each of its sessions.
const mostAsked = 50

// Online reads nothing of a session but its user, word by word: with twenty thousand of them
// MAC and IP, which are not asked for, were most of what a router sent.
func (d *Driver) Online(ctx context.Context, r hotspot.Router, wanted func(user []byte) bool) ([]string, error) {
	var out []string
	err := d.do(ctx, "list online users", r, func(s *session) error {
		var user []byte // of the row at hand
		return s.stream(func(word []byte, end bool) error {
			key, value, _ := cutWord(word)
			switch {
			case end:
				if len(user) > 0 && wanted(user) {
					out = append(out, string(user))
				}
				user = user[:0]
			case string(key) == "user" && len(value) <= longestName:
				user = append(user[:0], value...)
			}
			return nil
		}, activeMenu+"/print", "=.proplist=user")
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

// OnlineFor asks for a few users by name, and reads the times of all where there are many.
func (d *Driver) OnlineFor(ctx context.Context, r hotspot.Router, users []string) (map[string]time.Duration, error) {
	out := make(map[string]time.Duration, len(users))
	if len(users) == 0 {
		return out, nil
	}
	words := []string{activeMenu + "/print", "=.proplist=user,uptime"}
	wanted := make(map[string]bool, len(users))
	for i, user := range users {
		wanted[user] = true
		if len(users) > mostAsked {
			continue
		}
		if words = append(words, "?user="+user); i > 0 {
			words = append(words, "?#|")
		}
	}
	err := d.do(ctx, "read online times", r, func(s *session) error {
		var user string
		var uptime time.Duration
		return s.stream(func(word []byte, end bool) error {
			switch key, value, _ := cutWord(word); {
			case end:
				if wanted[user] {
					out[user] = max(out[user], uptime)
				}
				user, uptime = "", 0
			case string(key) == "user" && wanted[string(value)]:
				user = string(value)
			case string(key) == "uptime":
				uptime = quickDuration(value)
			}
			return nil
		}, words...)
	})
	return out, err
}

// leaseMenu has the names that devices tell.
const leaseMenu = "/ip/dhcp-server/lease"

// Sessions reads what a list of who is online shows. It has a connection of the lane for
// mass work, so that no sale waits behind it.
func (d *Driver) Sessions(ctx context.Context, r hotspot.Router) ([]hotspot.Session, error) {
	var out []hotspot.Session
	err := d.doOn(ctx, massWork, usersTime, "list sessions", r, func(s *session) error {
		var x hotspot.Session
		out = nil
		err := s.stream(func(word []byte, end bool) error {
			switch key, value, _ := cutWord(word); {
			case end:
				if len(out) < hotspot.MostSessions && x.MAC != "" {
					out = append(out, x)
				}
				x = hotspot.Session{}
			case len(value) > longestName:
			case string(key) == "user":
				x.User = string(value)
			case string(key) == "mac-address":
				x.MAC = string(value)
			case string(key) == "address":
				x.IP = string(value)
			case string(key) == "server":
				x.Server = string(value)
			case string(key) == "uptime":
				x.Uptime = quickDuration(value)
			case string(key) == "session-time-left":
				x.Left = quickDuration(value)
			case string(key) == "bytes-in", string(key) == "bytes-out":
				x.Bytes += quickNumber(value)
			}
			return nil
		}, activeMenu+"/print", "=.proplist=user,mac-address,address,server,uptime,session-time-left,bytes-in,bytes-out")
		if err != nil || len(out) == 0 {
			return err
		}
		names, err := deviceNames(s, out)
		if err != nil {
			return err
		}
		for i := range out {
			out[i].Name = names[out[i].MAC]
		}
		return nil
	})
	return out, err
}

// deviceNames are the names that devices of some sessions told, by their MAC. A router that
// lets us read no leases has none to tell.
func deviceNames(s *session, of []hotspot.Session) (map[string]string, error) {
	wanted := make(map[string]bool, len(of))
	for _, x := range of {
		wanted[x.MAC] = true
	}
	names := map[string]string{}
	var mac, name string
	err := s.stream(func(word []byte, end bool) error {
		switch key, value, _ := cutWord(word); {
		case end:
			if wanted[mac] && name != "" {
				names[mac] = hotspot.Shown(name)
			}
			mac, name = "", ""
		case len(value) > longestName:
		case string(key) == "mac-address":
			mac = string(value)
		case string(key) == "host-name":
			name = string(value)
		}
		return nil
	}, leaseMenu+"/print", "=.proplist=mac-address,host-name")
	if errors.Is(err, errPermission) {
		return nil, nil
	}
	return names, err
}
