package httpx

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ClientIP returns the client's address: the connection's, or behind trusted
// proxies the rightmost address of X-Forwarded-For that is not one of them.
// Everything further left was written by the client and may be invented.
func ClientIP(c *fiber.Ctx) string {
	if v := visitOf(c); v != nil {
		return v.client.String()
	}
	return remoteAddr(c).String()
}

// ClientNet returns what to count per client: the IPv4 address, or the /64 of
// an IPv6 address, of which every subscriber has at least one whole.
func ClientNet(c *fiber.Ctx) string {
	a := remoteAddr(c)
	if v := visitOf(c); v != nil {
		a = v.client
	}
	if p := networkOf(a); p.IsValid() && !p.IsSingleIP() {
		return p.String()
	}
	return a.String()
}

// networkOf is what one client has for certain: its IPv4 address, or the /64 of
// its IPv6 address.
func networkOf(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits)
	return p
}

func remoteAddr(c *fiber.Ctx) netip.Addr {
	a, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return a.Unmap()
}

func trusted(a netip.Addr, proxies []netip.Prefix) bool {
	for _, p := range proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// clientAddr walks X-Forwarded-For from the right, hop by hop, for as long as
// the hop that reported the next one is trusted. An unreadable entry ends the
// walk at the hop that wrote it.
func clientAddr(c *fiber.Ctx, remote netip.Addr, proxies []netip.Prefix) netip.Addr {
	if !trusted(remote, proxies) {
		return remote
	}
	var lines []string // several headers are one list, in order
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		lines = append(lines, string(line))
	}
	hops := strings.Split(strings.Join(lines, ","), ",")
	at := remote
	for i := len(hops) - 1; i >= 0 && trusted(at, proxies); i-- {
		hop, ok := hopAddr(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		at = hop
	}
	return at
}

// doubt warns once that a proxy seems to be in front of the server that is not
// configured as trusted: every customer then counts as one and the same client, and the
// limits of one client hold for all of them together.
func (f *frame) doubt(c *fiber.Ctx, remote netip.Addr) {
	if trusted(remote, f.TrustedProxies) || !remote.IsLoopback() && !remote.IsPrivate() || c.Get(fiber.HeaderXForwardedFor) == "" {
		return
	}
	f.doubted.Do(func() {
		f.Log.Warn("requests come through a proxy that is not in GERAI_TRUSTED_PROXIES: all its clients count as one", "proxy", remote.String())
	})
}

// hopAddr reads an address as proxies write it: bare, with a port, or in
// brackets.
func hopAddr(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")); err == nil {
		return a.Unmap().WithZone(""), true
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}
