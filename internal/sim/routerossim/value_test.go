package routerossim

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for _, v := range []struct{ in, out string }{
		{"1h", "1h"}, {"90", "1m30s"}, {"0", "0s"}, {"0s", "0s"}, {"00:00:00", "0s"}, {"02:03:04", "2h3m4s"}, {"1d02:03:04", "1d2h3m4s"},
		{"1d 02:00:00", "1d2h"}, {"1w2d", "1w2d"}, {"1w2d3h4m5s", "1w2d3h4m5s"}, {"200ms", "200ms"}, {".200", "200ms"}, {"1.5s", "1s500ms"},
		{"86400", "1d"}, {"30m", "30m"}, {"01:22:53", "1h22m53s"},
	} {
		d, ok := parseDur(v.in)
		if !ok || formatDur(d) != v.out {
			t.Errorf("%q: %v %v %q, want %q", v.in, d, ok, formatDur(d), v.out)
		}
	}
	for _, bad := range []string{"", "x", "1y", "-5", "1:2:3:4", "1h-", "::", "99999999999999999999w", "1..5s", "3:x"} {
		if d, ok := parseDur(bad); ok {
			t.Errorf("%q: %v", bad, d)
		}
	}
	if s := formatDur(-time.Second); s != "0s" {
		t.Error(s)
	}
}

func TestMAC(t *testing.T) {
	for _, in := range []string{"aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabb.ccdd.ee0f", "aabbccddee0f"} {
		if got, ok := parseMAC(in); !ok || got != "AA:BB:CC:DD:EE:0F" {
			t.Errorf("%q: %q", in, got)
		}
	}
	for _, bad := range []string{"", "aa:bb:cc:dd:ee", "aa:bb:cc:dd:ee:gg", "aa:bb:cc:dd:ee:ff:00", "user1", "a:a:b:b:c:c:d:d:e:e:f:f"} {
		if got, ok := parseMAC(bad); ok {
			t.Errorf("%q: %q", bad, got)
		}
	}
}

func TestActiveID(t *testing.T) {
	want(t, activeID("10.10.8.211"), "*D3080A0A") // captured on 7.24.1
	want(t, activeID("::1"), "")
}

func TestSizes(t *testing.T) {
	for in, n := range map[string]int64{"0": 0, "1048576": 1 << 20, "5M": 5 << 20, "2G": 2 << 30, "3k": 3 << 10} {
		if got, ok := parseSize(in); !ok || got != n {
			t.Errorf("%q: %d", in, got)
		}
	}
	for _, bad := range []string{"", "-1", "x", "M", "9223372036854775807G"} {
		if got, ok := parseSize(bad); ok {
			t.Errorf("%q: %d", bad, got)
		}
	}
}

func TestVersions(t *testing.T) {
	at := time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)
	for _, v := range []struct {
		version, date string
		empty         bool
		dead          string
	}{
		{"6.49", "jan/02/2026 10:00:00", false, "yes"}, {"7.9", "jan/02/2026 10:00:00", false, "yes"},
		{"7.10", "2026-01-02 10:00:00", false, "yes"}, {"7.16", "2026-01-02 10:00:00", false, "yes"},
		{"7.17.2", "2026-01-02 10:00:00", false, "yes"}, {"7.18", "2026-01-02 10:00:00", true, "yes"},
		{"7.22", "2026-01-02 10:00:00", true, "yes"}, {"7.24", "2026-01-02 10:00:00", true, "true"},
	} {
		got, err := parseVersion(v.version)
		if err != nil || got.dateTime(at) != v.date || got.emptyReply() != v.empty || got.dead() != v.dead {
			t.Errorf("%s: %+v %v %s", v.version, got, err, got.dateTime(at))
		}
	}
	for _, bad := range []string{"5.26", "8.0", "7", "six", "6.30", "7.-1"} {
		if _, err := parseVersion(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}
