package bench

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTablesBetweenTheMarkers(t *testing.T) {
	var seen bytes.Buffer
	p := newPage(&seen, effort{})
	p.row("start", "<= 0.1 s", "43ms", "5ms", "a | b")
	p.add(p.section("Curve", "offered", "done"), "20", "19.9")
	p.add(p.section("Other", "users", "cost"), "0", "3 ms")
	p.add(p.section("Curve"), "50", "49.8")
	got, err := p.replaced("# Performance\n\ntext\n"+begin+"\nold\n| x |\n"+end+"\nmore\n", "two cores")
	want := "# Performance\n\ntext\n" + begin + `
two cores

| what | budget | measured | control | how |
|---|---|---|---|---|
| start | <= 0.1 s | 43ms | 5ms | a \| b |

### Curve

| offered | done |
|---|---|
| 20 | 19.9 |
| 50 | 49.8 |

### Other

| users | cost |
|---|---|
| 0 | 3 ms |
` + end + "\nmore\n"
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	for _, part := range []string{"43ms", "offered 50; done 49.8"} {
		if !strings.Contains(seen.String(), part) {
			t.Errorf("the terminal does not show %q:\n%s", part, &seen)
		}
	}
	for _, bad := range []string{"", begin, end + begin} {
		if _, err := p.replaced(bad, ""); err == nil {
			t.Errorf("%q passes for the page", bad)
		}
	}
}

func TestShortDurations(t *testing.T) {
	for want, d := range map[string]time.Duration{"1.23ms": 1234567, "43ms": 43210 * time.Microsecond, "1.23s": 1234 * time.Millisecond, "0s": 0} {
		if got := short(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}
