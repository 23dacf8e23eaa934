package routerossim

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// port is an opened phone: a proxy on a loopback port of its own.
type port struct {
	wifi   *wifi
	addr   string
	server *http.Server
}

// phoneStatus is what the controls say of an opened phone.
type phoneStatus struct {
	MAC   string `json:"mac"`
	IP    string `json:"ip"` // "" while it is not on the network
	Proxy string `json:"proxy"`
}

// OpenPhone joins a device and opens its Phone on a free loopback port; the
// URL is for --proxy-server. Opening it again keeps the port and replaces what
// it finds outside. Errors: those of Join, an Internet beyond loopback, no port.
func (r *Router) OpenPhone(d Device, outside Internet) (proxy string, err error) {
	if err = outside.check(); err != nil {
		return "", err
	}
	if err = r.Join(d); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return "", errors.New("routerossim: the router is closed")
	}
	mac, _ := parseMAC(d.MAC)
	if old := r.ports[mac]; old != nil {
		old.wifi.net.Store(&outside)
		return "http://" + old.addr, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("routerossim: phone %s: %w", mac, err)
	}
	p := r.wifi(mac, outside)
	srv := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ErrorLog: mute}
	r.ports[mac] = &port{p, l.Addr().String(), srv}
	r.wg.Go(func() { _ = srv.Serve(l) }) // it ends when the phone is closed
	return "http://" + l.Addr().String(), nil
}

// ClosePhone cuts the connections of an opened phone, closes its port and lets
// the device leave. An unknown MAC does nothing.
func (r *Router) ClosePhone(mac string) {
	mac, _ = parseMAC(mac)
	r.mu.Lock()
	p := r.ports[mac]
	delete(r.ports, mac)
	r.mu.Unlock()
	if p != nil {
		_ = p.close() // nothing is lost with a socket that does not close
	}
	r.Leave(mac)
}

func (p *port) close() error {
	close(p.wifi.over)
	return p.server.Close()
}

// closePorts is for Close: the devices stay joined in the StateFile.
func (r *Router) closePorts() error {
	r.mu.Lock()
	list := r.ports
	r.ports = map[string]*port{}
	r.mu.Unlock()
	var errs []error
	for _, p := range list {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}

func (r *Router) phones() []phoneStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	list := []phoneStatus{}
	for mac, p := range r.ports {
		s := phoneStatus{MAC: mac, Proxy: "http://" + p.addr}
		if host := r.tables[hostPath].first("mac-address", mac); host != nil {
			s.IP = host.f["address"]
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b phoneStatus) int { return strings.Compare(a.MAC, b.MAC) })
	return list
}

func openPhone(r *Router, q *http.Request) (any, error) {
	var d struct {
		Device
		Hosts map[string]string `json:"hosts"` // "host" or "host:port" -> loopback address
		IPs   map[string]string `json:"ips"`   // the same names -> what DNS says
	}
	if err := read(q, &d); err != nil {
		return nil, err
	}
	outside := Internet{}
	for name, addr := range d.Hosts {
		outside[strings.ToLower(name)] = Site{Addr: addr, IP: d.IPs[name]}
	}
	if _, err := r.OpenPhone(d.Device, outside); err != nil {
		return nil, err
	}
	mac, _ := parseMAC(d.MAC)
	return r.phoneOf(mac)
}

func closePhone(r *Router, q *http.Request) (any, error) {
	mac, _ := parseMAC(q.PathValue("mac"))
	if _, err := r.phoneOf(mac); err != nil {
		return nil, err
	}
	r.ClosePhone(mac)
	return map[string]bool{"ok": true}, nil
}

func (r *Router) phoneOf(mac string) (any, error) {
	for _, s := range r.phones() {
		if s.MAC == mac {
			return s, nil
		}
	}
	return nil, fmt.Errorf("phone %q %w", mac, errNotFound)
}
