package cache

import (
	"context"
	"slices"
	"sync"
)

// backlog is how many messages wait for a slow subscriber before it is told to
// read everything again.
const backlog = 32

// hub is the bus inside one process.
type hub struct {
	mu     sync.Mutex
	closed bool
	topics map[string]map[*subscription]struct{}
	all    map[*subscription]struct{}
}

type subscription struct {
	topics   []string
	messages chan Message // one slot more than backlog, kept free for the resync
	lost     bool         // the resync was put into that last slot
}

func newHub() *hub {
	return &hub{topics: make(map[string]map[*subscription]struct{}), all: make(map[*subscription]struct{})}
}

func (h *hub) Publish(_ context.Context, topic, message string) {
	h.deliver(Message{Topic: topic, Body: message})
}

func (h *hub) deliver(m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	to := h.topics[m.Topic]
	if m.Topic == TopicResync {
		to = h.all
	}
	for s := range to {
		s.offer(m)
	}
}

// offer runs under the hub's lock, so there is no other sender; the receiver only makes
// room. The resync is always the last message of an overflowed channel: as long as
// anything waits there, it has not been read, and it covers what is dropped until then.
func (s *subscription) offer(m Message) {
	if s.lost && len(s.messages) > 0 {
		return
	}
	s.lost = m.Topic == TopicResync
	if len(s.messages) >= backlog {
		s.lost, m = true, Message{Topic: TopicResync}
	}
	s.messages <- m
}

func (h *hub) Subscribe(topics ...string) (<-chan Message, func()) {
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	s := &subscription{topics: topics, messages: make(chan Message, backlog+1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.messages)
		return s.messages, func() {}
	}
	h.all[s] = struct{}{}
	for _, t := range topics {
		if h.topics[t] == nil {
			h.topics[t] = make(map[*subscription]struct{})
		}
		h.topics[t][s] = struct{}{}
	}
	return s.messages, func() { h.cancel(s) }
}

func (h *hub) cancel(s *subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, found := h.all[s]; !found {
		return
	}
	delete(h.all, s)
	for _, t := range s.topics {
		delete(h.topics[t], s)
		if len(h.topics[t]) == 0 {
			delete(h.topics, t)
		}
	}
	close(s.messages)
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.all {
		close(s.messages)
	}
	clear(h.all)
	clear(h.topics)
}
