package routeros

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

const (
	activeMenu = "/ip/hotspot/active"
	hostMenu   = "/ip/hotspot/host"
	cookieMenu = "/ip/hotspot/cookie"
)

// Connect logs a device in if the router itself lists it as a host with this
// MAC and this IP: the browser's word alone proves nothing.
func (d *Driver) Connect(ctx context.Context, r hotspot.Router, dev hotspot.Device, name, password string) error {
	dev, err := parseDevice(dev)
	if err != nil {
		return err
	}
	return d.do(ctx, "connect device", r, func(s *session) error {
		if err := s.confirmHost(dev); err != nil {
			return err
		}
		online, err := s.onlineAs(dev, name)
		if err != nil || online {
			return err
		}
		return s.login(dev, name, password)
	})
}

// login logs a confirmed host in and looks whether it worked.
func (s *session) login(dev hotspot.Device, name, password string) error {
	_, err := s.write(activeMenu+"/login", "=user="+name, "=password="+password, "=ip="+dev.IP, "=mac-address="+dev.MAC)
	if err != nil && !fault.Is(err, fault.Unknown) {
		return err
	}
	online, readErr := s.onlineAs(dev, name)
	switch {
	case online:
		return nil
	case readErr != nil:
		return lost(readErr)
	case err != nil:
		return err
	}
	return fault.Wrap(fault.Unknown, "device.not_online", fmt.Errorf("login accepted but no session"))
}

// parseDevice writes a device as routers do. NotFound for anything that no
// router could list.
func parseDevice(dev hotspot.Device) (hotspot.Device, error) {
	mac, macErr := net.ParseMAC(dev.MAC)
	ip, ipErr := netip.ParseAddr(dev.IP)
	if macErr != nil || len(mac) != 6 || ipErr != nil || !ip.Is4() {
		return dev, hotspot.ErrNotSeen
	}
	return hotspot.Device{MAC: strings.ToUpper(mac.String()), IP: ip.String()}, nil
}

func (s *session) confirmHost(dev hotspot.Device) error {
	hosts, err := s.read(hostMenu+"/print", "=.proplist=.id,mac-address,address,to-address,bypassed", "?mac-address="+dev.MAC)
	if err != nil {
		return err
	}
	for _, h := range hosts {
		if (h["address"] == dev.IP || h["to-address"] == dev.IP) && !yes(h["bypassed"]) {
			return nil
		}
	}
	return hotspot.ErrNotSeen
}

// onlineAs reports whether the device is online as the user. Online as another user is a
// Conflict: that session may be paid for, too.
func (s *session) onlineAs(dev hotspot.Device, name string) (bool, error) {
	rows, err := s.read(activeMenu+"/print", "=.proplist=.id,user,mac-address", "?mac-address="+dev.MAC)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	for _, a := range rows {
		if a["user"] == name {
			return true, nil
		}
	}
	return false, hotspot.ErrDeviceBusy
}

// DisableUser ends a voucher. Disabling alone leaves its sessions and cookies
// alive, so both are removed as well.
func (d *Driver) DisableUser(ctx context.Context, r hotspot.Router, name string) error {
	return d.do(ctx, "disable user", r, func(s *session) error { return s.disableUser(name) })
}

func (s *session) disableUser(name string) error {
	have, found, err := s.findUser(name)
	if err != nil {
		return err
	}
	return s.disableRow(have, found, name)
}

// disableRow disables a row and puts its devices off. An end that is over is taken out of its
// comment: the scheduler would undo it when the user is enabled on the router, and the review
// would not see that. One that is still to come stays, and holds while the shop is down.
func (s *session) disableRow(have row, found bool, name string) error {
	comment, bound := hotspot.SplitBound(have["comment"])
	over := bound.EndsAt > 0 && bound.EndsAt <= s.d.o.Clock.Now().Unix()
	if found && (!yes(have["disabled"]) || over) {
		words := []string{userMenu + "/set", "=.id=" + have[".id"], "=disabled=yes"}
		if over {
			words = append(words, "=comment="+comment)
		}
		if _, err := s.write(words...); err != nil && !fault.Is(err, fault.NotFound) {
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

func (s *session) removeOf(menu, user string) error {
	rows, err := s.read(menu+"/print", "=.proplist=.id", "?user="+user)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := s.write(menu+"/remove", "=.id="+r[".id"]); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
