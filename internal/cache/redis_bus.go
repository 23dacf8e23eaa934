package cache

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	outbox    = 256             // messages waiting to be sent to the others
	quietTime = 5 * time.Second // then the subscription is asked whether it still lives
)

// link joins the local hub to the hubs of the other processes: one connection
// listens to one channel for all topics, because the messages are few and
// small and a listener that never changes is the easiest to keep alive.
type link struct {
	s       *shared
	self    string
	channel string
	quiet   time.Duration
	out     chan Message

	heard bool // the first subscription was confirmed; used by receive alone
	deaf  bool // told in the log that the subscription is gone; likewise

	mu  sync.Mutex
	sub *redis.PubSub
}

// envelope is a message on the wire. The sender's name lets it skip its own.
type envelope struct {
	From  string `json:"from"`
	Topic string `json:"topic"`
	Body  string `json:"body,omitempty"`
}

func newLink(s *shared, quiet time.Duration) *link {
	return &link{s: s, self: rand.Text(), channel: s.prefix + "bus", quiet: quiet, out: make(chan Message, outbox)}
}

func (s *shared) Publish(ctx context.Context, topic, message string) {
	m := Message{Topic: topic, Body: message}
	s.local.hub.deliver(m)
	select {
	case s.link.out <- m:
	default:
		s.link.markResync()
	}
}

func (s *shared) Subscribe(topics ...string) (<-chan Message, func()) {
	return s.local.hub.Subscribe(topics...)
}

// markResync makes the next thing the others hear a resync, in place of the oldest
// message that waits.
func (l *link) markResync() {
	for {
		select {
		case l.out <- Message{Topic: TopicResync}:
			return
		default:
		}
		select {
		case <-l.out:
		default:
		}
	}
}

// catchUp tells both sides that they may have missed each other.
func (l *link) catchUp() {
	l.s.local.hub.deliver(Message{Topic: TopicResync})
	l.markResync()
}

// send is the only publisher on the wire, so the others see our order. What
// cannot be sent is forgotten: watch follows up with a resync.
func (l *link) send() {
	for {
		select {
		case <-l.s.ended.Done():
			return
		case m := <-l.out:
			if l.s.away.Load() {
				continue
			}
			body, err := json.Marshal(envelope{From: l.self, Topic: m.Topic, Body: m.Body})
			if err == nil {
				ctx, cancel := l.s.bounded(l.s.ended)
				err = l.s.client.Publish(ctx, l.channel, body).Err()
				cancel()
			}
			if err != nil {
				l.s.failed(l.s.ended, err)
			}
		}
	}
}

// receive keeps one subscription alive until the cache is closed.
func (l *link) receive() {
	for {
		sub := l.s.client.Subscribe(l.s.ended)
		if !l.keep(sub) {
			return
		}
		err := l.listen(sub)
		sub.Close()
		if l.s.ended.Err() != nil {
			return
		}
		if gone := l.s.probe(); gone != nil {
			l.s.lost(gone)
		} else if !l.deaf {
			l.deaf = true
			l.s.log.Warn("redis subscription is gone: messages of other processes do not arrive", "error", err)
		}
		if !l.s.pause(probeEvery) {
			return
		}
	}
}

// keep remembers the subscription for close, which is the only way to wake a
// read that waits.
func (l *link) keep(sub *redis.PubSub) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.s.ended.Err() != nil {
		sub.Close()
		return false
	}
	l.sub = sub
	return true
}

func (l *link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sub != nil {
		l.sub.Close()
	}
}

// listen subscribes and passes messages on until the connection fails or says
// nothing, not even a pong, for twice the quiet time.
func (l *link) listen(sub *redis.PubSub) error {
	ctx := l.s.ended
	if err := sub.Subscribe(ctx, l.channel); err != nil {
		return err
	}
	asked := false
	for {
		in, err := sub.ReceiveTimeout(ctx, l.quiet)
		var timeout net.Error
		if err != nil && errors.As(err, &timeout) && timeout.Timeout() && !asked {
			if err := sub.Ping(ctx); err != nil {
				return err
			}
			asked = true
			continue
		}
		if err != nil {
			return err
		}
		asked = false
		switch in := in.(type) {
		case *redis.Subscription:
			l.confirmed()
		case *redis.Message:
			var e envelope
			if json.Unmarshal([]byte(in.Payload), &e) == nil && e.From != l.self {
				l.s.local.hub.deliver(Message{Topic: e.Topic, Body: e.Body})
			}
		}
	}
}

// confirmed runs for every subscription the server accepts, also after a reconnect of
// the library.
func (l *link) confirmed() {
	if l.heard {
		l.s.local.hub.deliver(Message{Topic: TopicResync})
	}
	l.heard = true
	if l.deaf {
		l.deaf = false
		l.s.log.Info("redis subscription is back")
	}
}
