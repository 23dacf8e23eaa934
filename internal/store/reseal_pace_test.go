package store

import (
	"testing"
	"time"
)

func TestPaceOfSealing(t *testing.T) {
	const fast, fair, slow = 100 * time.Millisecond, 4 * time.Second, 7 * time.Second
	p := pace{500, 3000}
	for i, step := range []struct {
		took time.Duration
		want int
	}{{fast, 1000}, {fast, 2000}, {fair, 2000}, {fast, 3000}, {fast, 3000}, {slow, 1500}, {slow, 750}, {slow, 500}, {slow, 500}} {
		if p.adapt(step.took); p.rows != step.want {
			t.Fatalf("step %d: %d rows, want %d", i, p.rows, step.want)
		}
	}
	if p.shorten() {
		t.Error("one statement cannot be shorter")
	}
	shared := besideShop()
	if shared.adapt(fast); shared.rows != resealRows {
		t.Error("beside a running shop a transaction grew to", shared.rows)
	}
}
