package routerossim

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Device is a phone on the hotspot's wireless network.
type Device struct {
	MAC    string `json:"mac"`
	IP     string `json:"ip"`               // "" = the next free address of the hotspot's network
	Server string `json:"server,omitempty"` // "" = the first enabled hotspot server
	Name   string `json:"name,omitempty"`   // host name told to DHCP
}

// Join lets a phone connect: it gets a lease and a host row, and is logged in
// at once when the server knows it by MAC or mac-cookie and allows that.
// Joining again with the same address changes nothing; with another one the
// phone leaves first. Errors: a malformed or taken address, an unknown server.
func (r *Router) Join(d Device) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	if err := r.join(d); err != nil {
		return err
	}
	return r.journal.flush()
}

func (r *Router) join(d Device) error {
	mac, ok := parseMAC(d.MAC)
	if !ok {
		return fmt.Errorf("routerossim: bad MAC address %q", d.MAC)
	}
	server, err := r.server(d.Server)
	if err != nil {
		return err
	}
	hosts := r.tables[hostPath]
	old := hosts.first("mac-address", mac)
	if d.IP == "" {
		if old != nil {
			r.joined[mac] = Device{mac, old.f["address"], old.f["server"], d.Name}
			return nil
		}
		if d.IP = r.freeIP(); d.IP == "" {
			return errors.New("routerossim: no free address")
		}
	}
	ip, err := netip.ParseAddr(d.IP)
	if err != nil || !ip.Is4() {
		return fmt.Errorf("routerossim: bad IPv4 address %q", d.IP)
	}
	if old != nil && old.f["address"] == ip.String() {
		r.joined[mac] = d
		return nil
	}
	if other := hosts.first("address", ip.String()); other != nil {
		return fmt.Errorf("routerossim: address %s belongs to %s", ip, other.f["mac-address"])
	}
	if old != nil {
		r.dropHost(old, causeLeft)
	}
	now := r.now()
	host := r.insert(hostPath, "", map[string]string{"mac-address": mac, "address": ip.String(), "to-address": ip.String(),
		"server": server, "bridge-port": "wlan1", "found-by": "UDP :68 -> :67", "DHCP": "true", "#start": unixMilli(now), "#seen": unixMilli(now)})
	r.joined[mac] = Device{mac, ip.String(), server, d.Name}
	r.lease(mac, ip.String(), d.Name)
	r.logInSilently(host)
	return nil
}

func (r *Router) freeIP() string {
	taken := map[string]bool{}
	r.tables[hostPath].each(func(x *row) bool { taken[x.f["address"]] = true; return true })
	for a := netip.MustParseAddr("10.5.50.2"); a.String() != "10.5.255.255"; a = a.Next() {
		if last := a.As4()[3]; last != 0 && last != 255 && !taken[a.String()] {
			return a.String()
		}
	}
	return ""
}

// logInSilently is what login-by=mac and login-by=mac-cookie do.
func (r *Router) logInSilently(host *row) {
	if b := r.binding(host); b != nil && b.f["type"] == "blocked" {
		return // not a packet of it is let through
	}
	by := "," + r.loginBy(host.f["server"]) + ","
	mac := host.f["mac-address"]
	if strings.Contains(by, ",mac-cookie,") {
		var cookie *row
		r.tables[cookiePath].each(func(x *row) bool {
			if x.f["mac-address"] == mac && x.f["mac-cookie"] == "true" {
				cookie = x
			}
			return cookie == nil
		})
		if cookie != nil {
			if r.logIn(host, cookie.f["user"], cookie.f["#password"], "", "mac-cookie") == nil {
				return
			}
			r.dropCookies(mac)
		}
	}
	if strings.Contains(by, ",mac,") && r.hotspotUser(mac, host.f["server"]) != nil {
		if err := r.logIn(host, mac, r.hotspotUser(mac, host.f["server"]).f["password"], "", "mac"); err != nil {
			r.addLog("hotspot,info,debug", mac+" ("+host.f["address"]+"): login failed: "+err.Error())
		}
	}
}

// Leave lets a phone go: its session ends as if the keepalive had run out, and
// its host row and dynamic lease vanish. An unknown MAC does nothing.
func (r *Router) Leave(mac string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	mac, _ = parseMAC(mac)
	delete(r.joined, mac)
	if host := r.tables[hostPath].first("mac-address", mac); host != nil {
		r.dropHost(host, causeLeft)
	}
	r.keep()
}

func (r *Router) dropHost(host *row, cause string) {
	if a := r.sessionOf(host); a != nil {
		r.endSession(a, cause)
	}
	r.delete(r.tables[hostPath], host)
	r.sweep("ip/dhcp-server/lease", func(x *row) bool {
		return x.f["dynamic"] == "true" && x.f["mac-address"] == host.f["mac-address"]
	})
}

// Traffic moves bytes of a phone, up from it and down to it; a session at a
// byte limit ends. A phone that is not logged in only counts as a host.
func (r *Router) Traffic(mac string, up, down int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	mac, _ = parseMAC(mac)
	if host := r.tables[hostPath].first("mac-address", mac); host != nil {
		r.traffic(host, up, down)
	}
	r.keep()
}

func (r *Router) traffic(host *row, up, down int64) {
	now := unixMilli(r.now())
	host.f["#seen"] = now
	r.count(r.tables[hostPath], host, up, down)
	if a := r.sessionOf(host); a != nil {
		a.f["#seen"] = now
		r.count(r.tables[activePath], a, up, down)
		limits, used := a, a
		if u := r.tables[userPath].byID[a.f["#user"]]; u != nil {
			r.count(r.tables[userPath], u, up, down)
			limits, used = u, u
		}
		if overTraffic(limits, used) {
			r.endSession(a, causeTraffic)
		}
	}
}

// Advance moves this router's clock forward on top of Options.Now: uptime
// grows, limits and timeouts strike.
func (r *Router) Advance(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.offset += d
	r.setNote("offset", r.offset.String())
	r.applyDue()
	r.keep()
}

// keep flushes the journal where no caller waits for an error.
func (r *Router) keep() {
	if err := r.journal.flush(); err != nil {
		r.log.Error("state is no longer kept", "error", err.Error())
	}
}
