package routeros

import (
	"context"
	"strings"
	"time"

	"gerai/internal/hotspot"
)

// Ping logs in and reads identity, resources and clock.
func (d *Driver) Ping(ctx context.Context, r hotspot.Router) (hotspot.Health, error) {
	var h hotspot.Health
	err := d.do(ctx, "ping", r, func(s *session) error {
		if err := s.connect(); err != nil {
			return err
		}
		started := time.Now()
		identity, err := s.read("/system/identity/print")
		if err != nil {
			return err
		}
		h.Latency = time.Since(started)
		resource, err := s.read("/system/resource/print", "=.proplist=uptime,version,board-name,cpu-load")
		if err != nil {
			return err
		}
		clock, err := s.read("/system/clock/print")
		if err != nil {
			return err
		}
		fill(&h, first(identity), first(resource), first(clock), d.o.Clock.Now())
		return nil
	})
	return h, err
}

func first(rows []row) row {
	if len(rows) == 0 {
		return row{}
	}
	return rows[0]
}

func fill(h *hotspot.Health, identity, resource, clock row, now time.Time) {
	h.Identity, h.Version, h.Board = identity["name"], resource["version"], resource["board-name"]
	h.Uptime, h.CPULoad = parseDuration(resource["uptime"]), int(number(resource["cpu-load"]))
	if t, ok := parseClock(clock); ok {
		h.Time, h.ClockSkew = t, t.Sub(now)
	}
}

// FindUser reports whether our user is on the router.
func (d *Driver) FindUser(ctx context.Context, r hotspot.Router, name, orderMark string) (bool, error) {
	there := false
	err := d.do(ctx, "find user", r, func(s *session) error {
		have, found, err := s.findUser(name)
		there = found && (strings.Contains(have["comment"], orderMark) || hotspot.Stamped(have["comment"]))
		return err
	})
	return there, err
}
