package cache

import (
	"crypto/rand"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"gerai/internal/clock"
	"gerai/internal/fault"
)

const awayLine, backLine = "redis is away", "redis is back"

func behindProxy(t *testing.T, quiet time.Duration) (*proxy, Cache, *record, string) {
	o, err := redis.ParseURL(redisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	p, log, prefix := newProxy(t, o.Addr), &record{}, rand.Text()
	url := strings.Replace(redisURL(t), o.Addr, p.addr, 1)
	return p, openQuiet(t, url, prefix, log, quiet), log, prefix
}

func TestRedisGoesAndComesBack(t *testing.T) {
	p, c, log, prefix := behindProxy(t, quietTime)
	peer := open(t, redisURL(t), prefix, io.Discard)
	mine, cancelMine := c.Subscribe("t", "ready")
	defer cancelMine()
	theirs, cancelTheirs := peer.Subscribe("t", "ready")
	defer cancelTheirs()
	handshake(t, c, theirs)
	handshake(t, peer, mine)
	ctx, limit := t.Context(), Limit{Count: 3, Per: time.Hour}
	c.Allow(ctx, "k", limit)
	if err := c.Healthy(ctx); err != nil {
		t.Fatal(err)
	}

	p.cut()
	for i := range 10 {
		if ok, wait := c.Allow(ctx, "k", limit); ok != (i < 3) || !ok && wait <= 0 {
			t.Fatalf("call %d without Redis: %v, %v", i, ok, wait)
		}
	}
	free, ok := c.Acquire(ctx, "lease", time.Hour)
	if _, second := c.Acquire(ctx, "lease", time.Hour); !ok || second {
		t.Fatal("leases without Redis are not exclusive in the process")
	}
	free()
	waiting(mine)
	c.Publish(ctx, "t", "only here")
	if m := next(t, mine); m.Body != "only here" {
		t.Fatalf("%v", m)
	}
	if err := c.Healthy(ctx); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("healthy said %v", err)
	}
	peer.Publish(ctx, "t", "missed")

	p.mend(t)
	for next(t, mine).Topic != TopicResync {
	}
	for next(t, theirs).Topic != TopicResync { // what this side could not send
	}
	until(t, "both hear each other again", func() { c.Publish(ctx, "ready", "again") }, func() bool {
		for _, m := range waiting(theirs) {
			if m.Body == "again" {
				return true
			}
		}
		return false
	})
	if ok, _ := c.AllowN(ctx, "k", limit, 3); ok {
		t.Fatal("the shared count was forgotten")
	}
	if ok, _ := peer.AllowN(ctx, "k", limit, 2); !ok {
		t.Fatal("calls made without Redis were counted on Redis")
	}
	if a, b := log.count(awayLine), log.count(backLine); a != 1 || b != 1 {
		t.Fatalf("%d times away, %d times back in the log", a, b)
	}
}

func TestStalledRedisHoldsNobody(t *testing.T) {
	p, c, log, _ := behindProxy(t, quietTime)
	ctx, limit := t.Context(), Limit{Count: 2, Per: time.Hour}
	p.gate.Lock()
	start := time.Now()
	for i := range 5 {
		if ok, _ := c.Allow(ctx, "k", limit); ok != (i < 2) {
			t.Fatalf("call %d: %v", i, ok)
		}
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Fatalf("five calls took %v; the library's own time-outs would", took)
	}
	p.gate.Unlock()
	until(t, "it is back", func() {}, func() bool { return log.count(backLine) == 1 })
	if log.count(awayLine) != 1 {
		t.Fatal("told more than once")
	}
}

// A line that is dead without being closed is found by the subscription alone,
// before any request has to wait for it.
func TestDeadLineIsFoundWithoutRequests(t *testing.T) {
	p, c, log, prefix := behindProxy(t, 30*time.Millisecond)
	peer := open(t, redisURL(t), prefix, io.Discard)
	mine, cancel := c.Subscribe("t", "ready")
	defer cancel()
	handshake(t, peer, mine)
	p.gate.Lock()
	until(t, "the silence is noticed", func() {}, func() bool { return log.count(awayLine) == 1 })
	peer.Publish(t.Context(), "t", "perhaps missed")
	p.gate.Unlock()
	for next(t, mine).Topic != TopicResync {
	}
	handshake(t, peer, mine)
}

func TestAbsentRedisIsNoReasonNotToStart(t *testing.T) {
	p := newProxy(t, "127.0.0.1:1")
	p.cut()
	log := &record{}
	c := open(t, "redis://:hunter2@"+p.addr+"/0", rand.Text(), log)
	limit := Limit{Count: 1, Per: time.Hour}
	if ok, _ := c.Allow(t.Context(), "k", limit); !ok {
		t.Fatal("refused")
	}
	if ok, _ := c.Allow(t.Context(), "k", limit); ok {
		t.Fatal("failed open")
	}
	if _, ok := c.Acquire(t.Context(), "k", time.Hour); !ok {
		t.Fatal("no lease")
	}
	if log.count(awayLine) != 1 || log.count("hunter2") != 0 {
		t.Fatal(log.text.String())
	}
}

func TestUnreadableURLKeepsItsPassword(t *testing.T) {
	for _, url := range []string{"", "localhost:6379", "http://:hunter2@x", "redis://:hunter2@[::1", "redis://:hunter2@h:6379/notadb"} {
		_, err := NewRedis(url, "p:", clock.System{}, slog.New(slog.DiscardHandler))
		if !fault.Is(err, fault.Config) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestOutboxOverflowEndsInResync(t *testing.T) {
	l := &link{out: make(chan Message, 4)}
	for range 4 {
		l.out <- Message{Topic: "t"}
	}
	l.markResync()
	var last Message
	for range 4 {
		last = <-l.out
	}
	if last.Topic != TopicResync || len(l.out) != 0 {
		t.Fatalf("%v, %d more", last, len(l.out))
	}
}
