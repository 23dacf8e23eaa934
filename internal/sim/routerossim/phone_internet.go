package routerossim

import (
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Site is what really answers for a name.
type Site struct {
	Addr    string       // a loopback server, "127.0.0.1:8080"; nothing else is ever dialled
	Handler http.Handler // instead of Addr, for plain HTTP only
	IP      string       // the address phones get for the name; "" = made up from it
}

// Internet is all there is beyond the router, by "host" (every port) or
// "host:port". What is not in it does not exist.
type Internet map[string]Site

func (n Internet) find(host, port string) (Site, bool) {
	if s, ok := n[net.JoinHostPort(host, port)]; ok {
		return s, true
	}
	s, ok := n[host]
	return s, ok
}

// check refuses what Phone would refuse later, and says which name it was.
func (n Internet) check() error {
	for name, s := range n {
		if s.Handler != nil {
			continue
		}
		if _, err := loopback(s.Addr); err != nil {
			return fmt.Errorf("host %q: %w", name, err)
		}
	}
	return nil
}

// resolve is DNS: the zero address for a name that does not exist. A made up
// address lies in 198.18.0.0/15 and is the same for a name every time.
func (n Internet) resolve(host string) netip.Addr {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap()
	}
	for key, s := range n {
		if name, _ := hostPort(key, ""); !strings.EqualFold(name, host) {
			continue
		}
		if a, err := netip.ParseAddr(s.IP); err == nil {
			return a
		}
		h := fnv.New32a()
		_, _ = io.WriteString(h, strings.ToLower(host)) // never fails
		sum := h.Sum32()
		return netip.AddrFrom4([4]byte{198, 18 + byte(sum>>16&1), byte(sum >> 8), byte(sum)})
	}
	return netip.Addr{}
}

// hostPort splits off the port and lowers the name.
func hostPort(s, port string) (string, string) {
	host, p, err := net.SplitHostPort(s)
	if err != nil {
		return strings.ToLower(strings.Trim(s, "[]")), port
	}
	return strings.ToLower(host), p
}

// loopback returns the address in numbers, or refuses it.
func loopback(addr string) (string, error) {
	if port, ok := strings.CutPrefix(addr, "localhost:"); ok {
		addr = "127.0.0.1:" + port
	}
	a, err := netip.ParseAddrPort(addr)
	if err != nil || !a.Addr().Unmap().IsLoopback() {
		return "", fmt.Errorf("%w, not %q", errNotLoopback, addr)
	}
	return a.String(), nil
}

// mute is for net/http, which would log what clients do on purpose here.
var mute = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
