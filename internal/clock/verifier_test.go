package clock

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		live func(c *Fixed, v *Verifier)
		want State
		ends bool
	}{
		"the time since the start proves nothing": {func(c *Fixed, _ *Verifier) { c.Add(23 * time.Hour) }, Unverified, false},
		"silence for a day":                       {func(c *Fixed, _ *Verifier) { c.Add(24 * time.Hour) }, Alone, true},
		"the gateway agrees": {func(c *Fixed, v *Verifier) {
			v.Tell(SourceGateway, c.Now().Add(4*time.Minute))
			c.Add(time.Hour)
		}, Agreed, true},
		"its word is more than an hour old": {func(c *Fixed, v *Verifier) {
			v.Tell(SourceGateway, c.Now())
			c.Add(time.Hour + time.Second)
		}, Unverified, false},
		"a day after its word": {func(c *Fixed, v *Verifier) {
			v.Tell(SourceGateway, c.Now())
			c.Add(24 * time.Hour)
		}, Alone, true},
		"the clock jumps after its word": {func(c *Fixed, v *Verifier) {
			v.Tell(SourceGateway, c.Now())
			c.Step(25 * time.Hour)
		}, Disagreed, false},
		"and is set right": {func(c *Fixed, v *Verifier) {
			v.Tell(SourceGateway, c.Now())
			c.Step(25 * time.Hour)
			c.Add(6 * time.Second)
			c.Step(-25 * time.Hour)
		}, Agreed, true},
		"the gateway disagrees, a router agrees": {func(c *Fixed, v *Verifier) {
			v.Tell("router:a", c.Now())
			v.Tell(SourceGateway, c.Now().Add(-7*time.Hour))
		}, Disagreed, false},
		"one router's clock is wrong": {func(c *Fixed, v *Verifier) {
			v.Tell("router:a", c.Now().Add(-7*time.Hour))
			v.Tell("router:b", c.Now())
			v.Tell(SourceGateway, c.Now())
		}, Agreed, true},
		"one of three routers, no gateway": {func(c *Fixed, v *Verifier) {
			v.Tell("router:a", c.Now().Add(-7*time.Hour))
			v.Tell("router:b", c.Now())
			v.Tell("router:c", c.Now())
		}, Agreed, true},
		"two of three routers, no gateway": {func(c *Fixed, v *Verifier) {
			v.Tell("router:a", c.Now().Add(-7*time.Hour))
			v.Tell("router:b", c.Now().Add(-7*time.Hour))
			v.Tell("router:c", c.Now())
		}, Disagreed, false},
		"a router without a time is silent": {func(_ *Fixed, v *Verifier) {
			v.Tell("router:a", time.Date(1970, 1, 2, 0, 5, 0, 0, time.UTC))
		}, Unverified, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := NewFixed(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
			v := NewVerifier(k)
			c.live(k, v)
			if got := v.Verdict(); got.State != c.want || got.Ends() != c.ends {
				t.Errorf("%+v, ends %v", got, got.Ends())
			}
		})
	}
}

func TestVerifyAsksWhenItDoesNotKnow(t *testing.T) {
	ctx := context.Background()
	c := NewFixed(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
	v := NewVerifier(c)
	outside, asked, away := NewFixed(c.Now()), 0, true
	v.Asks(SourceGateway, func(context.Context) (time.Time, error) {
		asked++
		if away {
			return time.Time{}, errors.New("away")
		}
		return outside.Now(), nil
	})
	want := func(name string, state State, questions int) {
		t.Helper()
		if got := v.Verify(ctx); got.State != state || asked != questions {
			t.Fatalf("%s: %+v after %d questions", name, got, asked)
		}
	}
	want("away", Unverified, 1)
	want("not asked in a row", Unverified, 1)
	away = false
	c.Add(askPause)
	outside.Add(askPause)
	want("back", Agreed, 2)
	want("known", Agreed, 2)
	c.Step(7 * time.Hour)
	want("set ahead", Disagreed, 3)
	outside.Step(7 * time.Hour)
	c.Add(askPause)
	outside.Add(askPause)
	want("the outside was wrong", Agreed, 4)
	if v.Refresh(ctx); asked != 4 {
		t.Fatal("asked although it was heard a moment ago")
	}
	c.Add(reask)
	if v.Refresh(ctx); asked != 5 {
		t.Fatal("not asked after minutes of silence")
	}
}
