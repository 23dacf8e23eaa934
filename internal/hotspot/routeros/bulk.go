package routeros

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// AddUsers makes many users over several connections. The profiles are brought
// in step first; then each user costs one sentence, because the router's own
// rule "one name per server" says when one is there already, and only then is
// it looked at.
func (d *Driver) AddUsers(ctx context.Context, r hotspot.Router, users []hotspot.User) []error {
	out := make([]error, len(users))
	err := d.do(ctx, "prepare users", r, func(s *session) error {
		profiles := make([]hotspot.Profile, len(users))
		for i, u := range users {
			profiles[i] = u.Profile
		}
		return s.ensureProfiles(profiles)
	})
	if err != nil {
		return everywhere(out, err)
	}
	d.bulk(ctx, "add user", r, out, func(s *session, i int) error {
		_, err := s.addUser(users[i])
		return err
	})
	return out
}

// ensureProfiles makes each of the profiles that is missing, and looks at each once.
func (s *session) ensureProfiles(profiles []hotspot.Profile) error {
	seen := map[hotspot.Profile]bool{}
	for _, p := range profiles {
		if seen[p] {
			continue
		}
		seen[p] = true
		if err := s.ensureProfile(hotspot.User{Profile: p}); err != nil {
			return err
		}
	}
	return nil
}

// DisableUsers ends many vouchers over several connections.
func (d *Driver) DisableUsers(ctx context.Context, r hotspot.Router, names []string) []error {
	out := make([]error, len(names))
	// One ordinary call finds out whether the router is there: a dead one then
	// costs its breaker's answer, not the patience of every connection.
	err := d.do(ctx, "prepare to disable", r, func(s *session) error {
		_, err := s.read("/system/identity/print")
		return err
	})
	if err != nil {
		return everywhere(out, err)
	}
	d.bulk(ctx, "disable user", r, out, func(s *session, i int) error { return s.disableUser(names[i]) })
	return out
}

// TakenNames lists every name that a new user must not have.
func (d *Driver) TakenNames(ctx context.Context, r hotspot.Router) ([]string, error) {
	var out []string
	err := d.do(ctx, "list names", r, func(s *session) error {
		for _, menu := range []string{userMenu, profileMenu, "/system/scheduler", "/system/script"} {
			rows, err := s.read(menu+"/print", "=.proplist=name")
			if err != nil {
				return err
			}
			for _, x := range rows {
				out = append(out, x["name"])
			}
		}
		return nil
	})
	return out, err
}

// everywhere answers every place with the same error.
func everywhere(out []error, err error) []error {
	for i := range out {
		out[i] = err
	}
	return out
}

// bulk runs fn for every index of out and keeps its errors there. Once the
// router cannot be reached nothing more is started.
func (d *Driver) bulk(ctx context.Context, op string, r hotspot.Router, out []error, fn func(*session, int) error) {
	x, err := d.device(r)
	if err != nil {
		everywhere(out, err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.BulkTimeout+d.o.CallTimeout)
	defer cancel()
	started, stop := context.WithTimeout(ctx, d.o.BulkTimeout) // until when commands are started
	defer stop()
	next := make(chan int, len(out))
	for i := range out {
		out[i] = hotspot.ErrBusy
		next <- i
	}
	close(next)
	var all sync.WaitGroup
	var commands, read atomic.Int64
	for w := range min(d.o.BulkSize, len(out)) {
		all.Go(func() {
			s := &session{ctx: ctx, d: d, r: r, x: x, lane: x.bulk.lane}
			defer func() { s.release(); commands.Add(int64(s.calls)); read.Add(s.got) }()
			heat := &thermometer{s: s, on: w == 0}
			for x.bulk.enter(started) == nil {
				i, more := <-next
				if !more {
					x.bulk.pass()
					return
				}
				err := s.connect() // logging in says nothing about how quick commands are
				began := time.Now()
				before := s.calls
				if err == nil {
					err = fn(s, i)
				}
				x.bulk.leave(time.Since(began)/time.Duration(max(s.calls-before, 1)), err != nil && isTransport(err))
				if out[i] = nil; err != nil {
					out[i] = fmt.Errorf("%s on router %s: %w", op, r.ID, err)
				}
				if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Config) {
					stop()
				}
				heat.look(began)
			}
		})
	}
	all.Wait()
	time.AfterFunc(d.o.IdleTimeout+time.Second, x.bulk.lane.prune)
	d.o.Log.DebugContext(ctx, "router bulk call", "op", op, "router", r.ID, "users", len(out), "window", x.bulk.size())
	d.o.Called(Call{op, r.ID, int(commands.Load()), read.Load(), nil})
}

// thermometer reads the router's processor load now and then.
type thermometer struct {
	s    *session
	on   bool
	last time.Time
}

const heatEvery = time.Second

func (t *thermometer) look(now time.Time) {
	if !t.on || now.Sub(t.last) < heatEvery {
		return
	}
	t.last = now
	rows, err := t.s.read("/system/resource/print", "=.proplist=cpu-load")
	if err == nil && len(rows) > 0 {
		t.s.x.bulk.heat(int(number(rows[0]["cpu-load"])))
	}
}
