package cache

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

func (s *shared) Allow(ctx context.Context, key string, l Limit) (bool, time.Duration) {
	return s.AllowN(ctx, key, l, 1)
}

// AllowN counts on the server, by the server's clock; the library keeps the
// keys under "rate:" and the prefix.
func (s *shared) AllowN(ctx context.Context, key string, l Limit, n int) (bool, time.Duration) {
	if n < 1 {
		return true, 0
	}
	if !l.admits(n) {
		return false, l.Per
	}
	if !s.away.Load() {
		call, cancel := s.bounded(ctx)
		defer cancel()
		res, err := s.rate.AllowN(call, s.prefix+key, redis_rate.Limit{Rate: l.Count, Burst: l.Count, Period: l.Per}, n)
		if err == nil {
			return res.Allowed > 0, max(res.RetryAfter, 0)
		}
		s.failed(ctx, err)
	}
	return s.local.AllowN(ctx, key, l, n)
}

// oneMore moves the time at which a key is whole one event nearer. The library
// keeps it in seconds and takes one that has passed for now.
var oneMore = redis.NewScript(`local at = redis.call("GET", KEYS[1])
if at then redis.call("SET", KEYS[1], tonumber(at) - tonumber(ARGV[1]), "KEEPTTL") end return 0`)

// GiveBack returns the event to the counter that took it: if the server went away or
// came back in between, one of the two counts one too many until it runs out.
func (s *shared) GiveBack(ctx context.Context, key string, l Limit) {
	if !l.admits(1) {
		return
	}
	if !s.away.Load() {
		call, cancel := s.bounded(ctx)
		defer cancel()
		err := oneMore.Run(call, s.client, []string{libraryPrefix + s.prefix + key}, (l.Per / time.Duration(l.Count)).Seconds()).Err()
		if err == nil {
			return
		}
		s.failed(ctx, err)
	}
	s.local.GiveBack(ctx, key, l)
}

// libraryPrefix is what the library puts before its keys.
const libraryPrefix = "rate:"

// giveBack deletes a lease only if it is still this one.
var giveBack = redis.NewScript(`if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`)

// Acquire takes the lease in this process first, then on the server: when the
// server goes away in between, one process still never works twice at once.
func (s *shared) Acquire(ctx context.Context, key string, ttl time.Duration) (func(), bool) {
	free, ok := s.local.Acquire(ctx, key, ttl)
	if !ok || s.away.Load() {
		return free, ok
	}
	name, token := s.prefix+"lease:"+key, rand.Text()
	call, cancel := s.bounded(ctx)
	defer cancel()
	err := s.client.SetArgs(call, name, token, redis.SetArgs{Mode: "NX", TTL: ttl}).Err()
	if errors.Is(err, redis.Nil) {
		free()
		return func() {}, false
	}
	if err != nil {
		s.failed(ctx, err)
	}
	// After a time-out the server may hold our token all the same, so it is
	// given back in any case.
	var once sync.Once
	return func() {
		once.Do(func() {
			defer free()
			if s.away.Load() {
				return // it ends by its ttl
			}
			call, cancel := s.bounded(s.ended)
			defer cancel()
			if err := giveBack.Run(call, s.client, []string{name}, token).Err(); err != nil {
				s.failed(s.ended, err)
			}
		})
	}, true
}
