package cache

import (
	"context"
	"time"
)

// Limit allows Count events per Per, all Count of them at once if nothing
// happened before; afterwards one more every Per/Count (GCRA, the "generic
// cell rate algorithm" of ITU-T I.371). A limit without Count or Per allows
// nothing.
type Limit struct {
	Count int
	Per   time.Duration
}

// admits reports whether n events can ever be allowed at once.
func (l Limit) admits(n int) bool { return l.Count > 0 && l.Per > 0 && n <= l.Count }

// Limiter counts events by key. It never fails: when the shared counter cannot be
// reached, the process counts alone, so that N processes together allow at most N times
// the limit, never without bound.
type Limiter interface {
	// Allow takes one event from the key's limit. When ok is false nothing was
	// taken and retryAfter says how long to wait.
	Allow(ctx context.Context, key string, l Limit) (ok bool, retryAfter time.Duration)
	// AllowN takes n events or none. More than l.Count at once are never
	// allowed; n below 1 takes nothing and is allowed.
	AllowN(ctx context.Context, key string, l Limit, n int) (ok bool, retryAfter time.Duration)
	// GiveBack returns one event that Allow took for nothing. A key that is whole
	// stays whole.
	GiveBack(ctx context.Context, key string, l Limit)
}

// TopicResync is the topic of a message that every subscriber receives, no matter what
// it subscribed to, after messages may have been lost: its own buffer overflowed, or the
// link to the other processes was down for a while. A subscriber that keeps state by
// messages reads it again from the database.
const TopicResync = "resync"

// Message is one note on the bus. Bodies are short; they name what changed and
// never carry it.
type Message struct {
	Topic, Body string
}

// Bus carries notes to every process, best effort: a note may be lost or come
// late, never twice to one subscription. Subscribers of the publishing process
// get it before Publish returns, those of other processes a moment later.
type Bus interface {
	// Publish never blocks and never fails; what cannot be sent is dropped and
	// followed by a TopicResync message as soon as the link works.
	Publish(ctx context.Context, topic, message string)
	// Subscribe returns the messages of the topics in the order they were
	// published by each process. A subscriber that does not keep up loses
	// messages and gets one TopicResync instead. cancel ends the subscription
	// and closes the channel; it may be called several times. Closing the bus
	// closes the channel too.
	Subscribe(topics ...string) (messages <-chan Message, cancel func())
}

// Leases let one process do what need not be done twice at a time. A lease is
// a courtesy, not a lock: it may be lost or doubled when Redis goes away, so
// the work behind it must be safe to do twice. Within one process it is exact.
type Leases interface {
	// Acquire takes the key for ttl; ok is false when it is held or ttl is below a
	// millisecond. release ends the lease early, touches only this very lease, may be called
	// several times and is never nil.
	Acquire(ctx context.Context, key string, ttl time.Duration) (release func(), ok bool)
}

// Cache is all three, with a lifetime.
type Cache interface {
	Limiter
	Bus
	Leases
	// Healthy returns nil when the shared part works; a fault of kind Unavailable means that
	// the process counts alone for now, which is no reason to stop serving.
	Healthy(ctx context.Context) error
	// Close ends every subscription and background task. Limits and leases
	// keep answering from memory afterwards.
	Close() error
}
