package routerossim

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// session is one API connection.
type session struct {
	r       *Router
	conn    net.Conn
	raw     net.Conn // below TLS
	service string
	ctx     context.Context
	cut     context.CancelFunc
	wmu     sync.Mutex

	loggedIn atomic.Bool
	// Only the worker goroutine touches these.
	account   string // "" until logged in
	challenge string

	smu     sync.Mutex
	streams map[*stream]struct{}
}

// request is a sentence and when it arrived; waiting is counted from there, so
// pipelined commands share their latency instead of queueing for it.
type request struct {
	words []string
	at    time.Time
}

const (
	pipeline      = 4096             // commands one connection may have waiting
	writePatience = 30 * time.Second // for a client that has stopped reading
)

func (r *Router) serve(l net.Listener, service string) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		s := r.admit(conn, service)
		if s == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // reset: no service listens here
			}
			conn.Close()
			continue
		}
		r.wg.Go(s.serve)
	}
}

// admit decides whether the router takes one more connection.
func (r *Router) admit(conn net.Conn, service string) *session {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.faults.Down || r.rebooting() || len(r.sessions) >= r.maxSessions(service) || !r.serviceOpen(service, conn) {
		return nil
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetNoDelay(true)
	}
	raw := conn
	if service == "api-ssl" {
		conn = tls.Server(conn, &tls.Config{Certificates: r.certificates(), MinVersion: tls.VersionTLS12})
	}
	s := &session{r: r, conn: conn, raw: raw, service: service, streams: map[*stream]struct{}{}}
	s.ctx, s.cut = context.WithCancel(context.Background())
	context.AfterFunc(s.ctx, func() { conn.Close() })
	r.sessions[s] = struct{}{}
	return s
}

func (r *Router) maxSessions(service string) int {
	t := r.tables["ip/service"]
	if x := t.first("name", service); x != nil && r.field(t.m, "max-sessions") != nil {
		if n, err := strconv.Atoi(value(t, x, "max-sessions")); err == nil {
			return n
		}
	}
	return sessionLimit
}

func (r *Router) serviceOpen(service string, conn net.Conn) bool {
	x := r.tables["ip/service"].first("name", service)
	return x != nil && x.f["disabled"] != "true" && allowedFrom(x.f["address"], conn)
}

// allowedFrom checks a comma list of addresses and networks; empty allows all.
func allowedFrom(list string, conn net.Conn) bool {
	if list == "" {
		return true
	}
	from, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return false
	}
	for one := range strings.SplitSeq(list, ",") {
		if p, err := netip.ParsePrefix(one); err == nil && p.Contains(from.Addr().Unmap()) {
			return true
		}
		if a, err := netip.ParseAddr(one); err == nil && a == from.Addr().Unmap() {
			return true
		}
	}
	return false
}

// serve reads until the client closes its side, finishes what was sent, and
// closes: a router executes a command whose sender has already given up.
func (s *session) serve() {
	defer s.forget()
	queue := make(chan request, pipeline)
	var worker sync.WaitGroup
	worker.Go(func() {
		defer s.cutStreams()
		for q := range queue {
			if s.ctx.Err() == nil {
				s.handle(q)
			}
		}
	})
	s.read(queue)
	close(queue)
	worker.Wait()
	s.cut()
}

func (s *session) read(queue chan<- request) {
	in := bufio.NewReader(s.conn)
	for {
		words, err := readSentence(in, s.limits)
		if err != nil {
			s.r.log.Debug("api connection ends", "remote", s.conn.RemoteAddr().String(), "cause", err.Error())
			return
		}
		if len(words) == 0 {
			continue
		}
		if slow := s.r.Faults().SlowReadMS; slow > 0 && !s.wait(time.Duration(slow)*time.Millisecond) {
			return
		}
		select {
		case queue <- request{words, time.Now()}:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *session) limits() limits {
	if s.loggedIn.Load() {
		return limitsAfterLogin
	}
	return limitsBeforeLogin
}

// wait sleeps unless the connection is cut.
func (s *session) wait(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// write sends one sentence in one call: clients exist that break on less.
func (s *session) write(o out, tag string) { s.writeRaw(o.encode(tag)) }

func (s *session) writeRaw(b []byte) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(writePatience))
	if _, err := s.conn.Write(b); err != nil {
		s.cut()
	}
}

func (s *session) forget() {
	s.cut()
	s.r.mu.Lock()
	delete(s.r.sessions, s)
	for w := range s.r.watchers { // of a listen whose answer a fault swallowed
		if w.c.s == s {
			delete(s.r.watchers, w)
		}
	}
	s.r.mu.Unlock()
}

// cutAll closes every connection; the caller holds the lock.
func (r *Router) cutAll() {
	for s := range r.sessions {
		s.cut()
	}
}
