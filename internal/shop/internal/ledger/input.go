package ledger

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"gerai/internal/order"
)

// ValidNonce reports whether a text can be the key of a form: 16 to 64 letters, digits, hyphens and underscores.
func ValidNonce(s string) bool {
	if len(s) < 16 || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}

const longestURL = 500

// CleanHints keeps what has the right shape and drops the rest: hints come
// from the customer's browser and are only ever compared, never trusted.
func CleanHints(h order.Hints) order.Hints {
	var out order.Hints
	if mac, err := net.ParseMAC(strings.TrimSpace(h.MAC)); err == nil && len(mac) == 6 {
		out.MAC = strings.ToUpper(mac.String())
	}
	if ip, err := netip.ParseAddr(strings.TrimSpace(h.IP)); err == nil && ip.Is4() {
		out.IP = ip.String()
	}
	out.LoginURL, out.OrigURL = cleanURL(h.LoginURL), cleanURL(h.OrigURL)
	if len(h.ServerName) <= 64 && !strings.ContainsFunc(h.ServerName, func(r rune) bool { return r < ' ' || r == '<' || r == '>' || r > '~' }) {
		out.ServerName = h.ServerName
	}
	return out
}

func cleanURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > longestURL || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// LoginURL returns the hotspot login link the browser claimed, stripped of
// everything but its place, if and only if its host is on the site's list.
func LoginURL(h order.Hints, hosts []string) string {
	u, err := url.Parse(h.LoginURL)
	if err != nil || h.LoginURL == "" {
		return ""
	}
	for _, allowed := range hosts {
		if strings.EqualFold(allowed, u.Host) || strings.EqualFold(allowed, u.Hostname()) {
			return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
		}
	}
	return ""
}
