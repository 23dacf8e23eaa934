package httpx

import (
	"context"
	"sync"
)

// mostPerPage is how many streams may watch one page: a few tabs and phones,
// and those that went without our having noticed yet.
const mostPerPage = 8

// Streams are the open event streams of a process. They are counted, because
// each costs about 30 KB, and closed together, because a server that drains
// would otherwise wait for them.
type Streams struct {
	max  int
	base context.Context
	stop context.CancelFunc

	mu      sync.Mutex
	open    int
	pages   map[string]int
	clients map[string]int // by network
}

// NewStreams returns a set of at most max streams; 0 is a thousand. One network
// gets at most three quarters of them: a hotspot's customers share one, and so
// do the streams of somebody who wants to take them all.
func NewStreams(max int) *Streams {
	if max == 0 {
		max = 1000
	}
	s := &Streams{max: max, pages: map[string]int{}, clients: map[string]int{}}
	s.base, s.stop = context.WithCancel(context.Background())
	return s
}

// Open returns how many streams are open.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Close ends all streams and refuses new ones.
func (s *Streams) Close() { s.stop() }

// enter takes a place; leave gives it back.
func (s *Streams) enter(page, client string) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.base.Err() != nil, s.open >= s.max, s.clients[client] >= s.max-s.max/4, page != "" && s.pages[page] >= mostPerPage:
		return nil, false
	}
	s.count(page, client, 1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.count(page, client, -1)
	}, true
}

func (s *Streams) count(page, client string, by int) {
	s.open += by
	s.clients[client] += by
	s.pages[page] += by
	if s.clients[client] == 0 {
		delete(s.clients, client)
	}
	if s.pages[page] == 0 {
		delete(s.pages, page)
	}
}
