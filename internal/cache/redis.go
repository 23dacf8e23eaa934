package cache

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"gerai/internal/clock"
	"gerai/internal/fault"
)

// The library's own time-outs let a stopped server hold a request for ten
// seconds (observed with v9.23); a counter is not worth more than these.
const (
	dialTimeout = 200 * time.Millisecond
	callTimeout = 100 * time.Millisecond
	probeEvery  = 500 * time.Millisecond // how often an absent server is asked again
)

// shared is the cache of several processes on one Redis. Everything it is
// asked while Redis is away it answers from local.
type shared struct {
	prefix string
	log    *slog.Logger
	client *redis.Client
	rate   *redis_rate.Limiter
	local  *memory

	away   atomic.Bool
	wake   chan struct{} // holds one: look after the absent server
	link   *link
	stop   context.CancelFunc
	ended  context.Context
	tasks  sync.WaitGroup
	closed sync.Once
}

// NewRedis returns a cache shared by every process that uses the same URL (redis:// or
// rediss://) and prefix. An absent server is no error: the process works alone, logs
// that once and joins the others when the server answers. The error, of kind Config,
// means that the URL cannot be read; it does not repeat the URL, which may hold a
// password.
func NewRedis(url, prefix string, c clock.Clock, log *slog.Logger) (Cache, error) {
	s, err := connect(url, prefix, c, log, quietTime)
	if err != nil {
		return nil, err // not a Cache that holds a nil
	}
	return s, nil
}

func connect(url, prefix string, c clock.Clock, log *slog.Logger, quiet time.Duration) (*shared, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, fault.Wrap(fault.Config, "cache.redis_url", errors.New("cache: not a redis:// or rediss:// URL"))
	}
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.DialerRetries = dialTimeout, 1
	o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = callTimeout, callTimeout, callTimeout
	o.MaxRetries = -1
	o.Protocol = 2 // plain replies, no push messages: works with every server since 4.0
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}

	quieten(log)
	s := &shared{prefix: prefix, log: log, client: redis.NewClient(o), local: newMemory(c), wake: make(chan struct{}, 1)}
	s.rate = redis_rate.NewLimiter(s.client)
	s.ended, s.stop = context.WithCancel(context.Background())
	s.link = newLink(s, quiet)
	if err := s.probe(); err != nil {
		s.lost(err)
	}
	s.tasks.Go(s.watch)
	s.tasks.Go(s.link.send)
	s.tasks.Go(s.link.receive)
	return s, nil
}

// bounded gives one call to Redis its deadline, even when the caller has none.
func (s *shared) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, dialTimeout+callTimeout)
}

// failed notes that a call did not work, unless its caller gave up first.
func (s *shared) failed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.lost(err)
	}
}

func (s *shared) lost(err error) {
	if s.ended.Err() != nil || !s.away.CompareAndSwap(false, true) {
		return
	}
	s.log.Warn("redis is away: limits, leases and messages stay in this process", "error", err)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// watch asks an absent server until it works again, so that no request has to
// wait for the attempt.
func (s *shared) watch() {
	for {
		select {
		case <-s.ended.Done():
			return
		case <-s.wake:
		}
		for since := time.Now(); ; {
			if !s.pause(probeEvery) {
				return
			}
			if s.probe() == nil {
				s.away.Store(false)
				s.log.Info("redis is back", "away_ms", time.Since(since).Milliseconds())
				s.link.catchUp()
				break
			}
		}
	}
}

// pause waits and reports false when the cache was closed during the wait.
func (s *shared) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.ended.Done():
		return false
	case <-t.C:
		return true
	}
}

// probe runs what the requests need, a script that writes: a server that only
// answers PING (read-only, out of memory) is of no use.
func (s *shared) probe() error {
	ctx, cancel := s.bounded(s.ended)
	defer cancel()
	_, err := s.rate.Allow(ctx, s.prefix+"probe", redis_rate.PerSecond(1000))
	return err
}

// Healthy asks the server now.
func (s *shared) Healthy(ctx context.Context) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fault.Wrap(fault.Unavailable, "cache.redis_away", err)
	}
	return nil
}

// Close ends subscriptions, background tasks and connections.
func (s *shared) Close() (err error) {
	s.closed.Do(func() {
		s.stop()
		s.link.close()
		s.tasks.Wait()
		s.away.Store(true) // from now on everything is answered locally
		err = errors.Join(s.client.Close(), s.local.Close())
	})
	return err
}
