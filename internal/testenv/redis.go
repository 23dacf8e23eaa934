package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// reservationLife frees a database whose test was killed; no test may run longer.
const reservationLife = 15 * time.Minute

// defaultDatabases is how many numbered databases a Redis server has unless it
// is told otherwise (redis.conf, "databases").
const defaultDatabases = 16

// Redis claims an empty numbered database for this test alone and returns its
// redis:// URL; the test's end empties and frees it. Keys are apart from those
// of all other tests, published messages are not: Redis sends them across its
// databases, so channel names need a part of their own.
func Redis(t testing.TB) string {
	t.Helper()
	server := need(t, envRedis, "Redis")
	o, err := redis.ParseURL(server)
	if err != nil {
		t.Fatalf("%s: %v", envRedis, err)
	}
	o.DB = 0 // the claims lie here
	claims := redis.NewClient(o)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	owner := rand.Text()
	number, err := reserve(ctx, claims, owner)
	if err != nil {
		claims.Close()
		t.Fatalf("claim a database of %s: %v", envRedis, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(flush(ctx, *o, number), claims.Del(ctx, reservationKey(number)).Err(), claims.Close()); err != nil {
			t.Errorf("free database %d of %s: %v", number, envRedis, err)
		}
	})
	// One whose test was killed may hold its leftovers.
	if err = flush(ctx, *o, number); err != nil {
		t.Fatalf("empty database %d of %s: %v", number, envRedis, err)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", envRedis, err)
	}
	u.Path = "/" + strconv.Itoa(number)
	return u.String()
}

func reservationKey(number int) string { return fmt.Sprintf("gerai-testenv:claim:%d", number) }

// reserve takes the first free number, waiting for another test to end when
// there is none. Number 0 is for the claims themselves.
func reserve(ctx context.Context, c *redis.Client, owner string) (int, error) {
	count := defaultDatabases
	if set, err := c.ConfigGet(ctx, "databases").Result(); err == nil {
		if n, err := strconv.Atoi(set["databases"]); err == nil {
			count = n
		}
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		for number := 1; number < count; number++ {
			switch err := c.SetArgs(ctx, reservationKey(number), owner, redis.SetArgs{Mode: "NX", TTL: reservationLife}).Err(); {
			case err == nil:
				return number, nil
			case !errors.Is(err, redis.Nil):
				return 0, err
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, fmt.Errorf("all %d are taken: %w", count-1, ctx.Err())
		}
	}
}

// flush empties one numbered database.
func flush(ctx context.Context, o redis.Options, number int) error {
	o.DB = number
	c := redis.NewClient(&o)
	defer c.Close()
	return c.FlushDB(ctx).Err()
}
