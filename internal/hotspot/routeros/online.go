package routeros

import (
	"context"
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
