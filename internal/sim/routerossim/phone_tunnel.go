package routerossim

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// connect serves CONNECT: a tunnel where the device may go, else a refusal.
func (p *wifi) connect(w http.ResponseWriter, q *http.Request) {
	host, port := hostPort(q.Host, "")
	if host == "" || port == "" {
		http.Error(w, "CONNECT needs host:port", http.StatusBadRequest)
		return
	}
	way := p.r.wayOf(p.mac, target{host: host, port: port}, p.internet())
	switch way {
	case toWalledGarden, toOnline:
	case toNowhere:
		http.Error(w, p.mac+" has no network", http.StatusBadGateway)
		return
	default: // the servlet speaks no TLS here
		http.Error(w, "connection reset", http.StatusForbidden)
		return
	}
	site, ok := p.internet().find(host, port)
	if !ok || site.Addr == "" {
		http.Error(w, "no such host: "+host, http.StatusBadGateway)
		return
	}
	far, err := dialLoopback(q.Context(), site.Addr)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer far.Close()
	near, in, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "no tunnel here", http.StatusInternalServerError)
		return
	}
	defer near.Close()
	_ = near.SetDeadline(time.Time{})
	if _, err = io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	flow := &flow{r: p.r, mac: p.mac, way: way}
	p.pump(near, in.Reader, far, flow)
}

// pump copies both ways until both sides are done, the router stops letting
// the bytes through, or the phone or the router is closed.
func (p *wifi) pump(near net.Conn, sent io.Reader, far net.Conn, flow *flow) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	cut := func() { near.Close(); far.Close() }
	defer context.AfterFunc(ctx, cut)()
	go func() {
		select {
		case <-p.r.stop:
		case <-p.over:
		case <-ctx.Done():
		}
		stop()
	}()
	var both sync.WaitGroup
	move := func(to net.Conn, from io.Reader, count func(int) error) {
		if _, err := io.Copy(&countedConn{to, count}, from); err != nil {
			cut()
			return
		}
		if tcp, ok := to.(*net.TCPConn); !ok || tcp.CloseWrite() != nil {
			cut()
		}
	}
	both.Go(func() { move(far, sent, flow.up) })
	both.Go(func() { move(near, far, flow.down) })
	both.Wait()
}

// countedConn asks the router before every write.
type countedConn struct {
	net.Conn
	count func(int) error
}

func (c *countedConn) Write(b []byte) (int, error) {
	if err := c.count(len(b)); err != nil {
		return 0, errors.Join(err, c.Close())
	}
	return c.Conn.Write(b)
}
