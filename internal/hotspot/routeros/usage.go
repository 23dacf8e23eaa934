package routeros

import (
	"context"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Usage reads a user's counters and sessions. The counters of the user row
// include what runs right now.
func (d *Driver) Usage(ctx context.Context, r hotspot.Router, name string) (hotspot.Usage, error) {
	var u hotspot.Usage
	err := d.do(ctx, "read usage", r, func(s *session) error {
		rows, err := s.read(userMenu+"/print", "=.proplist=uptime,bytes-in,bytes-out,limit-uptime,limit-bytes-total", "?name="+name)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "router.no_item")
		}
		have := rows[0]
		u.Uptime, u.Bytes = parseDuration(have["uptime"]), number(have["bytes-in"])+number(have["bytes-out"])
		u.LimitUptime, u.LimitBytes = parseDuration(have["limit-uptime"]), number(have["limit-bytes-total"])
		active, err := s.read(activeMenu+"/print", "=.proplist=mac-address,address,uptime", "?user="+name)
		for _, a := range active {
			u.Sessions = append(u.Sessions, hotspot.Session{User: name, MAC: a["mac-address"], IP: a["address"], Uptime: parseDuration(a["uptime"])})
		}
		return err
	})
	return u, err
}

// Kick removes a user's cookies before its sessions, so that no device logs in again in
// between.
func (d *Driver) Kick(ctx context.Context, r hotspot.Router, name string) error {
	return d.do(ctx, "kick user", r, func(s *session) error {
		for _, menu := range []string{cookieMenu, activeMenu} {
			if err := s.removeOf(menu, name); err != nil {
				return err
			}
		}
		return nil
	})
}
