package httpx

import (
	"context"
	"slices"
	"sync"
	"time"
)

// mostPerPage is how many streams may watch one page: a few tabs and phones,
// and those that went without our having noticed yet.
const mostPerPage = 8

// sharePerClient is the part of all streams that one client may hold: a quarter.
// A hotspot behind one address has that many live pages; what comes on top is
// refused and asks again every few seconds, as pages without scripts always do.
const sharePerClient = 4

// streamsEnd is how long Close waits for streams that are in the middle of a read or a write.
const streamsEnd = 5 * time.Second

// Streams are the open event streams of a process. They are counted, because
// each costs some kilobytes and a file, and closed together: the server knows nothing of
// connections that became streams.
type Streams struct {
	max     int
	base    context.Context
	stop    context.CancelFunc
	drained chan struct{} // closed when all have ended after Close

	mu      sync.Mutex
	open    int
	running int // open ones, and those whose place was taken but that have not ended yet
	pages   map[string]int
	clients map[string][]*place // by network, oldest first
}

// place is one open stream. It is given back once, by its end or by a newcomer
// that takes it.
type place struct {
	page, client string
	ctx          context.Context
	end          context.CancelFunc
	left         bool
}

// MostStreams returns how many event streams a process with so many open files
// may have: half of the connections, so that pages find a place beside them.
func MostStreams(files uint64) int { return max(1, min(Connections(files)/2, 1000)) }

// NewStreams returns a set of at most max streams; 0 is a thousand. One client,
// an IPv4 address or an IPv6 /64, gets at most a quarter. When all are taken, a
// client that holds fewer than another takes the oldest stream of the one that
// holds most, so that a few addresses cannot keep the others out; the page whose
// stream ended opens another, or asks again.
func NewStreams(max int) *Streams {
	if max == 0 {
		max = 1000
	}
	s := &Streams{max: max, drained: make(chan struct{}), pages: map[string]int{}, clients: map[string][]*place{}}
	s.base, s.stop = context.WithCancel(context.Background())
	return s
}

// Open returns how many streams are open.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Close ends all streams, refuses new ones and waits, some seconds at most, until those
// that were open use nothing any more.
func (s *Streams) Close() {
	s.mu.Lock()
	s.stop()
	running := s.running
	s.mu.Unlock()
	if running == 0 {
		return
	}
	limit := time.NewTimer(streamsEnd)
	defer limit.Stop()
	select {
	case <-s.drained:
	case <-limit.C:
	}
}

// end gives a place back, has hangUp let the client go, and counts the stream down: from
// then on it uses nothing any more. The place is free first, as the client may come again
// at once.
func (s *Streams) end(p *place, hangUp func()) {
	s.leave(p)
	defer s.finished()
	hangUp()
}

func (s *Streams) finished() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running--; s.running == 0 && s.base.Err() != nil {
		close(s.drained)
	}
}

// enter takes a place. Who takes one calls end.
func (s *Streams) enter(page, client string) (p *place, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := len(s.clients[client])
	if s.base.Err() != nil || held >= max(1, s.max/sharePerClient) || page != "" && s.pages[page] >= mostPerPage {
		return nil, false
	}
	if s.open >= s.max && !s.displace(held) {
		return nil, false
	}
	p = &place{page: page, client: client}
	p.ctx, p.end = context.WithCancel(s.base)
	s.open++
	s.running++
	s.pages[page]++
	s.clients[client] = append(s.clients[client], p)
	return p, true
}

// displace ends the oldest stream of the client that holds most, unless the
// newcomer would then hold as many.
func (s *Streams) displace(held int) bool {
	most := ""
	for client, places := range s.clients {
		if most == "" || len(places) > len(s.clients[most]) {
			most = client
		}
	}
	if len(s.clients[most]) <= held+1 {
		return false
	}
	s.remove(s.clients[most][0])
	return true
}

func (s *Streams) leave(p *place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(p)
}

// remove ends a stream and forgets it. The caller holds the lock.
func (s *Streams) remove(p *place) {
	p.end()
	if p.left {
		return
	}
	p.left = true
	s.open--
	if s.pages[p.page]--; s.pages[p.page] == 0 {
		delete(s.pages, p.page)
	}
	places := s.clients[p.client]
	i := slices.Index(places, p)
	if places = slices.Delete(places, i, i+1); len(places) == 0 {
		delete(s.clients, p.client)
		return
	}
	s.clients[p.client] = places
}
