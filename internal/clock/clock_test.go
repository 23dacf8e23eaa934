package clock

import (
	"testing"
	"time"
)

func TestSystemIsUTCMilliseconds(t *testing.T) {
	now := System{}.Now()
	if now.Location() != time.UTC || now.Nanosecond()%int(time.Millisecond) != 0 {
		t.Fatalf("%v", now)
	}
}

func TestFixedMovesOnlyWhenTold(t *testing.T) {
	at := time.Date(2026, 11, 24, 1, 2, 3, 4_567_890, time.FixedZone("WIB", 7*3600))
	c := NewFixed(at)
	if got := c.Now(); got.Nanosecond() != 4_000_000 || got.Hour() != 18 {
		t.Fatalf("%v", got)
	}
	c.Add(-10 * time.Minute)
	if got := c.Now(); got.Minute() != 52 {
		t.Fatalf("%v", got)
	}
	c.Set(at)
	if !c.Now().Equal(at.Truncate(time.Millisecond)) {
		t.Fatal("set")
	}
}

func TestElapsedIgnoresWhatTheClockIsSetTo(t *testing.T) {
	c := NewFixed(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
	c.Add(time.Minute)
	c.Step(7 * time.Hour)
	c.Add(-7 * time.Hour)
	c.Add(time.Second)
	if got := Elapsed(c); got != time.Minute+time.Second {
		t.Fatal(got)
	}
	before := Elapsed(System{})
	if after := Elapsed(System{}); after < before {
		t.Fatal(before, after)
	}
}

func TestWithin(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	for age, want := range map[time.Duration]bool{0: true, 9 * time.Second: true, 10 * time.Second: false, -Skew: true, -time.Minute: false, -7 * time.Hour: false} {
		if got := Within(now.Add(-age), now, 10*time.Second); got != want {
			t.Errorf("%s ago: %v", age, got)
		}
	}
}
