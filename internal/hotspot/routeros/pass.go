package routeros

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// passIdle ends an unused pass; busyCPU is the load in per cent above which a router
// gives none.
const (
	passIdle = 2 * time.Minute
	busyCPU  = 80
)

// passMark starts the comment of a pass; its end follows in Unix seconds, so that a
// later sweep can clean up.
const passMark = "gerai-pass"

// GrantPass makes a temporary user with limits of its own and logs the device
// in as it. All limits are kept by the router, so the pass ends even if we do.
// The router's own trial would know no order and no limit per order.
func (d *Driver) GrantPass(ctx context.Context, r hotspot.Router, p hotspot.Pass) error {
	dev, err := parseDevice(p.Device)
	if err != nil {
		return err
	}
	return d.do(ctx, "grant pass", r, func(s *session) error {
		if err := s.confirmHost(dev); err != nil {
			return err
		}
		if online, err := s.onlineAs(dev, p.Name); err != nil || online {
			return err
		}
		if err := s.roomForPass(p); err != nil {
			return err
		}
		if err := s.ensurePassUser(p, dev); err != nil {
			return err
		}
		return s.login(dev, p.Name, p.Password)
	})
}

func (s *session) roomForPass(p hotspot.Pass) error {
	resource, err := s.read("/system/resource/print", "=.proplist=cpu-load")
	if err != nil {
		return err
	}
	if number(first(resource)["cpu-load"]) > busyCPU {
		return fault.TooOften("pass.router_busy", time.Minute)
	}
	passes, err := s.read(userMenu+"/print", "=.proplist=.id,name,comment", "?profile="+hotspot.PassProfile)
	if err != nil {
		return err
	}
	others := 0
	for _, u := range passes {
		if u["name"] == p.Name {
			continue
		}
		if end, ok := passEnd(u["comment"]); !ok || end.After(s.d.o.Clock.Now()) {
			others++
		}
	}
	if others >= p.PerRouter {
		return fault.TooOften("pass.full", time.Minute)
	}
	return nil
}

func passEnd(comment string) (time.Time, bool) {
	mark, rest, _ := strings.Cut(comment, " ")
	_, end, found := strings.Cut(rest, " until ")
	seconds, err := strconv.ParseInt(end, 10, 64)
	return time.Unix(seconds, 0), mark == passMark && found && err == nil
}

func (s *session) ensurePassUser(p hotspot.Pass, dev hotspot.Device) error {
	if err := s.ensurePassProfile(p); err != nil {
		return err
	}
	mine := []string{"=comment=" + fmt.Sprintf("%s %s until %d", passMark, p.OrderMark, p.EndsAt.Unix()), "=mac-address=" + dev.MAC}
	words := append([]string{userMenu + "/add", "=name=" + p.Name, "=password=" + p.Password, "=profile=" + hotspot.PassProfile,
		"=limit-uptime=" + duration(p.Duration), "=limit-bytes-total=" + strconv.FormatInt(p.LimitBytes, 10)}, mine...)
	if s.r.Server != "" {
		words = append(words, "=server="+s.r.Server)
	}
	_, err := s.write(words...)
	if !errors.Is(err, hotspot.ErrExists) {
		return err
	}
	// An earlier try made it and lost the answer, or was refused the login. Its
	// limits are the same; its device and its end may be others.
	rows, err := s.read(userMenu+"/print", "=.proplist=.id", "?name="+p.Name, "?profile="+hotspot.PassProfile)
	if err != nil || len(rows) == 0 {
		return err
	}
	_, err = s.write(append([]string{userMenu + "/set", "=.id=" + rows[0][".id"]}, mine...)...)
	return err
}

func (s *session) ensurePassProfile(p hotspot.Pass) error {
	rows, err := s.read(profileMenu+"/print", "=.proplist=.id,rate-limit,session-timeout", "?name="+hotspot.PassProfile)
	if err != nil {
		return err
	}
	words := passProfileWords(p)
	if len(rows) == 0 {
		_, err = s.write(append([]string{profileMenu + "/add", "=name=" + hotspot.PassProfile}, words...)...)
		if errors.Is(err, hotspot.ErrExists) {
			return nil
		}
		return err
	}
	if have := rows[0]; !passProfileFits(have, p) {
		_, err = s.write(append([]string{profileMenu + "/set", "=.id=" + have[".id"]}, words...)...)
	}
	return err
}

func passProfileWords(p hotspot.Pass) []string {
	return []string{"=rate-limit=" + p.RateLimit, "=session-timeout=" + duration(p.Duration), "=idle-timeout=" + duration(passIdle),
		"=shared-users=1", "=add-mac-cookie=no", "=address-list=" + hotspot.PassProfile}
}

func passProfileFits(have row, p hotspot.Pass) bool {
	return have["rate-limit"] == p.RateLimit && parseDuration(have["session-timeout"]) == p.Duration
}

// RevokePass removes the session, the cookies and the user, in this order: the
// device must not come back in between.
func (d *Driver) RevokePass(ctx context.Context, r hotspot.Router, name string) error {
	if !strings.HasPrefix(name, hotspot.PassPrefix) {
		return fault.Wrap(fault.Internal, "pass.name", errors.New("not a pass: "+name))
	}
	return d.do(ctx, "revoke pass", r, func(s *session) error { return s.removePass(name) })
}

func (s *session) removePass(name string) error {
	rows, err := s.read(userMenu+"/print", "=.proplist=.id", "?name="+name, "?profile="+hotspot.PassProfile)
	if err != nil {
		return err
	}
	for _, u := range rows {
		if _, err := s.write(userMenu+"/remove", "=.id="+u[".id"]); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	for _, menu := range []string{cookieMenu, activeMenu} {
		if err := s.removeOf(menu, name); err != nil {
			return err
		}
	}
	return nil
}

// SweepPasses removes passes that are over, at most a handful at a time so
// that a backlog never holds up a sale.
func (d *Driver) SweepPasses(ctx context.Context, r hotspot.Router, now time.Time) (int, error) {
	const most = 10
	swept := 0
	err := d.do(ctx, "sweep passes", r, func(s *session) error {
		rows, err := s.read(userMenu+"/print", "=.proplist=name,comment", "?profile="+hotspot.PassProfile)
		if err != nil {
			return err
		}
		for _, u := range rows {
			end, ok := passEnd(u["comment"])
			if !ok || end.After(now) || !strings.HasPrefix(u["name"], hotspot.PassPrefix) || swept == most {
				continue
			}
			if err := s.removePass(u["name"]); err != nil {
				return err
			}
			swept++
		}
		return nil
	})
	return swept, err
}
