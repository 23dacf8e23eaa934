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
