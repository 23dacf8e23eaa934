package routeros

import (
	"strings"
	"sync"
	"time"

	"gerai/internal/hotspot"
)

// profiles are the profiles of users that a router was last seen to hold. With them a sale
// knows without asking that its plan's profile is there and that no profile has its user's
// name. They are forgotten with each write to them, with a refusal that they may be the cause
// of, before a review corrects users, and when the router has restarted, because it may have
// come up from a backup that is older.
type profiles struct {
	mu      sync.Mutex
	rows    map[string]row // by name, nil where they are not known
	read    time.Time
	changes int  // how often they were forgotten
	many    bool // more than are kept: they are looked up one by one
}

const (
	profilesLife = time.Minute
	mostProfiles = 500 // of one router
)

// known returns what is known of all profiles, nil where nothing is. changes is for keep.
func (p *profiles) known() (rows map[string]row, changes int, many bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.read) >= profilesLife {
		p.rows = nil
	}
	return p.rows, p.changes, p.many
}

// keep remembers profiles that were read, unless they were forgotten meanwhile. What a
// profile that is not ours says is of no use.
func (p *profiles) keep(rows map[string]row, changes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.many = len(rows) > mostProfiles; p.many || p.changes != changes {
		return
	}
	p.read, p.rows = time.Now(), make(map[string]row, len(rows))
	for name, have := range rows {
		if !strings.HasPrefix(name, hotspot.OwnPrefix) {
			have = row{"name": name}
		}
		p.rows[name] = have
	}
}

func (p *profiles) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows = nil
	p.changes++
}

// running forgets them where the router has been up for less time than they are known.
func (p *profiles) running(up time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rows != nil && time.Since(p.read) > up {
		p.rows = nil
		p.changes++
	}
}

// profilesFor returns the profiles of the router, at least those of the names. They are read
// where they are not known; the map is not the caller's to change.
func (s *session) profilesFor(names ...string) (map[string]row, error) {
	rows, changes, many := s.x.profiles.known()
	if rows != nil {
		return rows, nil
	}
	words := []string{profileMenu + "/print", "=.proplist=.id,name,rate-limit,shared-users,on-login"}
	if many {
		for i, name := range names {
			if words = append(words, "?name="+name); i > 0 {
				words = append(words, "?#|")
			}
		}
	}
	list, err := s.read(words...)
	if err != nil {
		return nil, err
	}
	rows = make(map[string]row, len(list))
	for _, have := range list {
		rows[have["name"]] = have
	}
	if !many {
		s.x.profiles.keep(rows, changes)
	}
	return rows, nil
}
