package routerossim

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"time"
)

// wifi is the network as one device sees it.
type wifi struct {
	r    *Router
	mac  string
	net  atomic.Pointer[Internet]
	over chan struct{} // closed when its port is
}

// Phone is the Wi-Fi of the device with this MAC, as an HTTP forward proxy: a
// browser started with --proxy-server pointing here sees what that phone would
// see, the captive portal included. The device has to Join first; until then,
// while the router boots and for unknown names the answer is 502. What is
// neither the servlet nor allowed is redirected (HTTP) or refused with 403
// (CONNECT), which stands for a reset.
func (r *Router) Phone(mac string, outside Internet) http.Handler { return r.wifi(mac, outside) }

func (r *Router) wifi(mac string, outside Internet) *wifi {
	mac, _ = parseMAC(mac)
	p := &wifi{r: r, mac: mac, over: make(chan struct{})}
	p.net.Store(&outside)
	return p
}

func (p *wifi) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodConnect {
		p.connect(w, q)
		return
	}
	if q.URL.Scheme != "http" || q.URL.Host == "" {
		http.Error(w, "this is a proxy: ask it for http://host/path or CONNECT", http.StatusBadRequest)
		return
	}
	host, port := hostPort(q.URL.Host, "80")
	to := target{host: host, port: port, method: q.Method, path: q.URL.Path}
	switch way := p.r.wayOf(p.mac, to, p.internet()); way {
	case toServlet:
		p.portal(w, q, "")
	case toGate:
		p.portal(w, q, q.URL.String())
	case toNowhere:
		http.Error(w, p.mac+" has no network", http.StatusBadGateway)
	case toReset:
		http.Error(w, "nothing answers at "+q.URL.Host, http.StatusForbidden)
	default:
		p.forward(w, q, to, way)
	}
}

func (p *wifi) internet() Internet { return *p.net.Load() }

// portal lets the servlet answer; remote is the address of another host that
// was asked for, "" when the servlet itself was.
func (p *wifi) portal(w http.ResponseWriter, q *http.Request, remote string) {
	if remote == "" {
		q.Body = http.MaxBytesReader(w, q.Body, 64<<10)
		if err := q.ParseForm(); err != nil {
			http.Error(w, "bad form", http.StatusBadRequest)
			return
		}
	}
	a, ok := p.r.portal(p.mac, q, remote)
	if !ok { // it left in between
		http.Error(w, p.mac+" has no network", http.StatusBadGateway)
		return
	}
	a.send(w)
}

// forward passes a plain request on and counts its bytes.
func (p *wifi) forward(w http.ResponseWriter, q *http.Request, to target, way way) {
	site, ok := p.internet().find(to.host, to.port)
	if !ok {
		http.Error(w, "no such host: "+to.host, http.StatusBadGateway)
		return
	}
	flow := &flow{r: p.r, mac: p.mac, way: way}
	if flow.up(len(q.Method)+len(q.URL.RequestURI())+headerSize(q.Header)) != nil {
		http.Error(w, p.mac+" has no network", http.StatusBadGateway)
		return
	}
	q = q.Clone(q.Context())
	q.Body = &countedBody{q.Body, flow}
	out := &countedWriter{ResponseWriter: w, flow: flow}
	if site.Handler != nil {
		for _, name := range []string{"Proxy-Connection", "Proxy-Authorization"} {
			q.Header.Del(name)
		}
		q.URL.Scheme, q.URL.Host, q.RequestURI = "", "", q.URL.RequestURI()
		site.Handler.ServeHTTP(out, q)
		return
	}
	addr, err := loopback(site.Addr)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	relay := httputil.ReverseProxy{Transport: wire, ErrorLog: mute, Rewrite: func(x *httputil.ProxyRequest) {
		x.Out.URL.Scheme, x.Out.URL.Host = "http", addr
		x.Out.Header.Del("Upgrade") // bytes of an upgraded connection would go uncounted
		for name, list := range x.In.Header {
			if strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" { // a phone may lie; the shop has to cope
				x.Out.Header[name] = list
			}
		}
	}, ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "no answer from "+to.host+": "+err.Error(), http.StatusBadGateway)
	}}
	relay.ServeHTTP(out, q)
}

// wire keeps no connections, so that nothing outlives its phone. An answer may
// take its time and may stream without end; reaching the server may not.
var wire = &http.Transport{DisableKeepAlives: true, DisableCompression: true, ResponseHeaderTimeout: time.Minute,
	DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) { return dialLoopback(ctx, addr) }}

var errNotLoopback = errors.New("routerossim: only loopback is dialled")

func dialLoopback(ctx context.Context, addr string) (net.Conn, error) {
	addr, err := loopback(addr)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: 5 * time.Second}
	return d.DialContext(ctx, "tcp", addr)
}
