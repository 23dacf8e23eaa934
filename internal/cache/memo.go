package cache

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"

	"gerai/internal/clock"
)

// Memo keeps what was read or made for a while, in this process only. It serves no
// value longer than its life and holds no more values than its bound; the least
// recently used one makes room. A load that fails is not kept. The life is counted from
// the start of the load by the time that passes, and a wall clock that says that it is
// over, or was set back, ends it too.
type Memo[K ~string, V any] struct {
	clock clock.Clock
	life  time.Duration
	group singleflight.Group

	mu    sync.Mutex
	kept  *simplelru.LRU[K, memoized[V]]
	loads map[K]*loading
}

type memoized[V any] struct {
	value V
	moment
}

// moment is an instant on both clocks.
type moment struct {
	at      time.Time
	elapsed time.Duration
}

// loading is what is known of a key while it is loaded.
type loading struct {
	running int
	drops   int // since the first of these loads began
}

// NewMemo returns an empty Memo. A life of 0 keeps values until they are dropped or
// pushed out, and needs no clock.
func NewMemo[K ~string, V any](c clock.Clock, life time.Duration, bound int) *Memo[K, V] {
	kept, err := simplelru.NewLRU[K, memoized[V]](bound, nil)
	if err != nil {
		panic("cache: a Memo without a bound")
	}
	return &Memo[K, V]{clock: c, life: life, kept: kept, loads: map[K]*loading{}}
}

// Get returns what is kept under a key, or loads it. Callers that come while a load is
// under way share it: it runs with the context of the first, the others wait until it
// ends and load again if that context was cancelled. A value whose key is dropped
// during the load is returned to those who asked before, and not kept. Callers share
// what a value points to and must not change it.
func (m *Memo[K, V]) Get(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
	for {
		if v, found := m.Cached(key); found {
			return v, nil
		}
		v, mine, err := m.share(ctx, key, load)
		cancelled := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
		if err == nil || mine || !cancelled || ctx.Err() != nil {
			return v, err
		}
	}
}

// share loads, or waits for a load under way; mine tells which. A load is listed until
// no caller can join it, so that Drop and Clear find each that may be joined.
func (m *Memo[K, V]) share(ctx context.Context, key K, load func(context.Context) (V, error)) (v V, mine bool, err error) {
	defer func() { // also when load panics
		if mine {
			m.end(key)
		}
	}()
	out, err, _ := m.group.Do(string(key), func() (any, error) {
		drops := m.begin(key)
		mine = true
		if v, found := m.Cached(key); found { // since the caller looked
			return v, nil
		}
		began := m.now()
		v, err := load(ctx)
		if err == nil {
			m.keep(key, memoized[V]{v, began}, drops)
		}
		return v, err
	})
	v, _ = out.(V) // a nil that is a V of interface type has no type
	return v, mine, err
}

func (m *Memo[K, V]) begin(key K) (drops int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.loads[key]
	if l == nil {
		l = &loading{}
		m.loads[key] = l
	}
	l.running++
	return l.drops
}

func (m *Memo[K, V]) keep(key K, v memoized[V], drops int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.loads[key].drops == drops {
		m.kept.Add(key, v)
	}
}

func (m *Memo[K, V]) end(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.loads[key]
	if l.running--; l.running == 0 {
		delete(m.loads, key)
	}
}

// Cached returns what is kept under a key; nothing is loaded.
func (m *Memo[K, V]) Cached(key K) (V, bool) {
	now := m.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, found := m.kept.Get(key)
	if found && m.life > 0 && !(now.elapsed-kept.elapsed < m.life && clock.Within(kept.at, now.at, m.life)) {
		m.kept.Remove(key)
		kept, found = memoized[V]{}, false
	}
	return kept.value, found
}

// Put keeps a value that was read together with others. A Drop between the read and
// Put is lost: it is for values that do not change under their key.
func (m *Memo[K, V]) Put(key K, v V) {
	now := m.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.Add(key, memoized[V]{v, now})
}

// Drop forgets a key: who asks afterwards gets what is loaded afterwards.
func (m *Memo[K, V]) Drop(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.Remove(key)
	m.forget(key)
}

// Clear drops every key.
func (m *Memo[K, V]) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.Purge()
	for key := range m.loads {
		m.forget(key)
	}
}

// forget keeps what is being loaded from being kept, and from being shared by callers
// to come. The caller holds mu.
func (m *Memo[K, V]) forget(key K) {
	if l := m.loads[key]; l != nil {
		l.drops++
		m.group.Forget(string(key))
	}
}

// Len is how many values are held.
func (m *Memo[K, V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept.Len()
}

func (m *Memo[K, V]) now() moment {
	if m.life == 0 {
		return moment{}
	}
	return moment{m.clock.Now(), clock.Elapsed(m.clock)}
}
