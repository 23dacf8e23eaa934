package routerossim

import (
	"net/netip"
	"strings"
)

// target is where a device wants to go; a CONNECT has no method.
type target struct{ host, port, method, path string }

// way is what the router does with a connection of a device.
type way int

const (
	toNowhere way = iota // not joined, blocked, or the router is booting
	toServlet
	toGate         // redirected to the login page
	toReset        // refused
	toWalledGarden // let through although not logged in
	toOnline
)

// wayOf decides, and counts the walled garden row that decided.
func (r *Router) wayOf(mac string, to target, outside Internet) way {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return toNowhere
	}
	r.applyDue()
	defer r.keep()
	host := r.present(mac)
	switch {
	case host == nil:
		return toNowhere
	case r.isMe(host, to.host):
		if to.method != "" && to.port == "80" {
			return toServlet
		}
		return toReset
	case r.isOnline(host):
		return toOnline
	}
	ip := outside.resolve(to.host)
	action := r.walledGardenIP(host, to, ip, outside)
	switch {
	case action == "accept":
		return toWalledGarden
	case to.method == "", to.port != "80" && to.port != "8080" && to.port != "3128": // only these are caught
		return toReset
	case action == "" && r.walledGardenHTTP(host, to):
		return toWalledGarden
	}
	return toGate
}

// present is the host row of a device that is on the network. A device that has not left
// shows up again after its row was removed or the router rebooted, as the next packet of
// a real one does.
func (r *Router) present(mac string) *row {
	if r.rebooting() || mac == "" {
		return nil
	}
	find := func() *row { return r.tables[hostPath].first("mac-address", mac) }
	host := find()
	if d, joined := r.joined[mac]; host == nil && joined {
		if r.join(d) != nil {
			d.IP = "" // another device has it now
			if r.join(d) != nil {
				return nil
			}
		}
		host = find()
	}
	if host == nil {
		return nil
	}
	if b := r.binding(host); b != nil && b.f["type"] == "blocked" {
		return nil
	}
	return host
}

// isOnline says whether everything is open to a host: it has a session, is
// bypassed, or its hotspot server is switched off.
func (r *Router) isOnline(host *row) bool {
	if r.sessionOf(host) != nil {
		return true
	}
	if b := r.binding(host); b != nil && b.f["type"] == "bypassed" {
		return true
	}
	s := r.tables["ip/hotspot"].first("name", host.f["server"])
	return s == nil || s.f["disabled"] == "true"
}

// isMe says whether a name means the hotspot itself.
func (r *Router) isMe(host *row, name string) bool {
	server, profile := r.hotspotOf(host)
	if profile != nil {
		if dns := profile.f["dns-name"]; dns != "" && strings.EqualFold(dns, name) || profile.f["hotspot-address"] == name {
			return true
		}
	}
	return name == r.addressOf(server, profile)
}

// hotspotOf returns the server a host is on and its profile, each may be nil.
func (r *Router) hotspotOf(host *row) (server, profile *row) {
	t := r.tables["ip/hotspot"]
	if server = t.first("name", host.f["server"]); server != nil {
		profile = r.tables["ip/hotspot/profile"].first("name", value(t, server, "profile"))
	}
	return server, profile
}

// addressOf is the profile's hotspot-address, or that of the server's
// interface.
func (r *Router) addressOf(server, profile *row) string {
	if profile != nil {
		if a := profile.f["hotspot-address"]; a != "" && a != "0.0.0.0" {
			return a
		}
	}
	if server != nil {
		if x := r.tables["ip/address"].first("interface", server.f["interface"]); x != nil {
			if p, err := netip.ParsePrefix(x.f["address"]); err == nil {
				return p.Addr().String()
			}
		}
	}
	return "10.5.50.1"
}
