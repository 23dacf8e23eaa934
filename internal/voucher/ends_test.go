package voucher

import (
	"testing"
	"time"

	"gerai/internal/order"
)

func TestEndsAt(t *testing.T) {
	fromLogin := func(f *Facts) { f.Item.ValidFrom = order.FromFirstLogin }
	twice := func(f *Facts) { f.Extensions = []order.Item{day, day} }
	never := func(f *Facts) { f.Extensions = []order.Item{{}} }
	login := func(f *Facts) { f.FirstLoginAt = t0.Add(time.Hour) }
	for _, c := range []struct {
		name string
		f    Facts
		want time.Duration // after t0, 0 for none
	}{
		{"from the sale", of(Sold, login), 24 * time.Hour},
		{"extended twice", of(Sold, twice), 72 * time.Hour},
		{"extended for ever", of(Sold, never), 0},
		{"not begun", of(Sold, fromLogin), 0},
		{"from the first login", of(Active, fromLogin, login), 25 * time.Hour},
		{"paper counts from its first login", of(Active, login, func(f *Facts) { f.HasOrder = false }), 25 * time.Hour},
		{"stock has not begun", of(Stock), 0},
	} {
		want := time.Time{}
		if c.want > 0 {
			want = t0.Add(c.want)
		}
		if got := c.f.EndsAt(); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

func TestMovedEnds(t *testing.T) {
	f := of(Sold)
	if got := f.Lengthened(time.Hour); !got.Equal(t0.Add(25 * time.Hour)) {
		t.Errorf("lengthened: %v", got)
	}
	if got := f.Lengthened(0); !got.IsZero() {
		t.Errorf("extended by what never ends: %v", got)
	}
	f.ValidUntil = t0.Add(48 * time.Hour) // an extension that counts no more
	if got := f.Shortened(t0); !got.Equal(t0.Add(24 * time.Hour)) {
		t.Errorf("shortened: %v", got)
	}
	if now := t0.Add(30 * time.Hour); !f.Shortened(now).Equal(now) {
		t.Errorf("what has passed stays used: %v", f.Shortened(now))
	}
	f.ValidUntil = t0.Add(time.Hour)
	if got := f.Shortened(t0); !got.Equal(f.ValidUntil) {
		t.Errorf("an end moved away: %v", got)
	}
	f.ValidUntil, f.Item.ValidFrom = time.Time{}, order.FromFirstLogin
	if got := f.Lengthened(time.Hour); !got.IsZero() || !f.Shortened(t0).IsZero() {
		t.Errorf("one that has not begun has no end to move: %v", got)
	}
}

func TestEnded(t *testing.T) {
	for _, c := range []struct {
		f    Facts
		now  time.Duration
		want State
	}{{of(Stock), 0, ""}, {of(Sold), 0, ""}, {of(Sold), 24 * time.Hour, Expired}, {of(Expired), 0, Expired}, {of(Disabled), 48 * time.Hour, Disabled}} {
		if got := c.f.Ended(t0.Add(c.now)); got != c.want {
			t.Errorf("%s after %v: %q, want %q", c.f.State, c.now, got, c.want)
		}
	}
}
