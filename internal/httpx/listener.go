package httpx

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// writePatience is how long a client may take to accept one write of ours, in
// full, before it counts as gone. The server has no write time-out of its own,
// which would count from an answer's beginning and cut every event stream.
const writePatience = 30 * time.Second

// Pauses after an accept that failed for want of descriptors or memory.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// When a connection with a request under way may give way to another client:
// its client does not take the answer, or the request has lasted longer than any
// page of ours takes, as event streams do. The page of such a stream opens it again.
const (
	stallTime = time.Second
	longWork  = 15 * time.Second
)

// mostConnections bounds connections where the limit of open files does not:
// each costs about 20 KB.
const mostConnections = 4096

// Bounds of a listener. The zero value is right for a server without a proxy.
type Bounds struct {
	// Max is how many connections are open at once; 0 is Connections(OpenFiles()).
	Max int
	// Trusted are proxies: the connections of all their clients come from one
	// address, so that no share holds for them.
	Trusted []netip.Prefix
	// Log is told, once a minute at most, that connections were refused.
	Log *slog.Logger
}

// OpenFiles returns how many files this process may have open.
func OpenFiles() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return limit.Cur
}

// Connections returns how many of so many open files connections of clients may
// take: three quarters, for the database, the routers and the gateway need theirs.
func Connections(files uint64) int {
	return int(max(1, min(files/4*3, mostConnections)))
}

// FewFiles is the limit of open files below which a shop may have to close idle
// connections of its customers on a busy evening.
const FewFiles = 4096

// Bound limits a listener's connections in number and every write on them in
// time. One client, an IPv4 address or the /64 of an IPv6 address, gets at most
// half of them. At a limit a newcomer takes the place of the connection that
// waits longest without a request under way, else of one whose client does not
// take its answer or whose request lasts very long: at the client's own share one
// of its own, else one of the client that holds most. Other connections at work
// give way only to a client that holds fewer than the one that loses it. Accept
// survives a lack of descriptors and memory.
func Bound(l net.Listener, b Bounds) net.Listener {
	if b.Max == 0 {
		b.Max = Connections(OpenFiles())
	}
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
	return &listener{Listener: l, Bounds: b, share: max(1, b.Max/2), patience: writePatience, stall: stallTime, closed: make(chan struct{}), conns: map[*conn]struct{}{}, held: map[netip.Prefix]int{}}
}

type listener struct {
	net.Listener
	Bounds
	share    int
	patience time.Duration
	stall    time.Duration
	closing  sync.Once
	closed   chan struct{}

	mu    sync.Mutex
	conns map[*conn]struct{}
	held  map[netip.Prefix]int // by client; trusted proxies are not in it
	told  time.Time
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	pause := firstPause
	for {
		accepted, err := l.Listener.Accept()
		switch {
		case err == nil:
			if c := l.admit(accepted); c != nil {
				return c, nil
			}
			continue
		case !exhausted(err):
			return nil, err
		}
		l.tell("no connection can be accepted; the limit of open files may be too low", "error", err)
		l.mu.Lock()
		victim, _ := l.dispensable(netip.Prefix{}, false)
		l.drop(victim)
		l.mu.Unlock()
		victim.end()
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-l.closed:
			timer.Stop()
			return nil, net.ErrClosed
		}
		pause = min(2*pause, lastPause)
	}
}

// Close implements net.Listener; it ends a pause of Accept.
func (l *listener) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// exhausted reports whether a later try may succeed without anything having
// changed but the load.
func exhausted(err error) bool {
	for _, e := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// admit counts a connection, in place of another where a limit is reached; nil
// when it was closed because none can give way.
func (l *listener) admit(accepted net.Conn) *conn {
	c := &conn{Conn: accepted, l: l}
	c.client, c.proxy = l.clientOf(accepted)
	c.since.Store(time.Now().UnixNano())
	c.reading.Store(true) // until the first bytes arrive there is no request
	var victim *conn
	full := true
	l.mu.Lock()
	switch {
	case !c.proxy && l.held[c.client] >= l.share:
		victim = l.ownPlace(c.client)
	case len(l.conns) >= l.Max:
		victim = l.placeFor(c)
	default:
		full = false
	}
	refused := full && victim == nil
	if !refused {
		l.drop(victim)
		l.conns[c] = struct{}{}
		if !c.proxy {
			l.held[c.client]++
		}
	}
	l.mu.Unlock()
	if full {
		l.tell("too many connections: the longest idle ones are closed", "client", c.client.String(), "max", l.Max, "share", l.share)
	}
	victim.end()
	if refused {
		accepted.Close() // it was never used
		return nil
	}
	return c
}

// placeFor returns the connection that gives way to a newcomer where all places
// are taken, nil where none does. The caller holds the lock.
func (l *listener) placeFor(c *conn) *conn {
	victim, load := l.dispensable(netip.Prefix{}, false)
	switch {
	case victim == nil:
		return nil
	case load == working:
		if victim.proxy || l.held[victim.client] < l.held[c.client]+2 {
			return nil
		}
	case !c.proxy && !victim.proxy && l.held[victim.client] <= l.held[c.client]:
		return l.ownPlace(c.client)
	}
	return victim
}

// ownPlace returns the connection of a client that gives way to another of its
// own. The caller holds the lock.
func (l *listener) ownPlace(client netip.Prefix) *conn {
	if victim, load := l.dispensable(client, true); load < working {
		return victim
	}
	return nil
}

// dispensable returns the connection that can best be done without, and what it
// does: of one client, or of the client that holds most, and of the proxies only
// where no other does as little. The caller holds the lock.
func (l *listener) dispensable(client netip.Prefix, own bool) (best *conn, least load) {
	now := time.Now().UnixNano()
	for c := range l.conns {
		if own && (c.proxy || c.client != client) {
			continue
		}
		does := c.load(now)
		if best == nil || does < least || does == least && l.before(c, best) {
			best, least = c, does
		}
	}
	return best, least
}

func (l *listener) before(a, b *conn) bool {
	if a.proxy != b.proxy {
		return b.proxy
	}
	if x, y := l.held[a.client], l.held[b.client]; !a.proxy && x != y {
		return x > y
	}
	return a.since.Load() < b.since.Load()
}

// drop takes a connection out of the count. The caller holds the lock.
func (l *listener) drop(c *conn) {
	if c == nil {
		return
	}
	if _, counted := l.conns[c]; !counted {
		return
	}
	delete(l.conns, c)
	if c.proxy {
		return
	}
	if l.held[c.client]--; l.held[c.client] == 0 {
		delete(l.held, c.client)
	}
}

func (l *listener) clientOf(c net.Conn) (client netip.Prefix, proxy bool) {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}, false
	}
	a := at.Addr().Unmap().WithZone("")
	return networkOf(a), trusted(a, l.Trusted)
}

func (l *listener) tell(what string, args ...any) {
	l.mu.Lock()
	now := time.Now()
	quiet := !l.told.IsZero() && now.Sub(l.told) < time.Minute
	if !quiet {
		l.told = now
	}
	l.mu.Unlock()
	if !quiet {
		l.Log.Warn(what, args...)
	}
}
