package ledger

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
)

func TestCleanHints(t *testing.T) {
	got := CleanHints(order.Hints{MAC: "aa-bb-cc-dd-ee-ff", IP: "10.5.50.7", LoginURL: "http://10.5.50.1/login", OrigURL: "https://example.com/a?b=c", ServerName: "hotspot1"})
	want := order.Hints{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.5.50.7", LoginURL: "http://10.5.50.1/login", OrigURL: "https://example.com/a?b=c", ServerName: "hotspot1"}
	if got != want {
		t.Fatalf("%+v", got)
	}
	hostile := CleanHints(order.Hints{MAC: "'; DROP TABLE", IP: "::1", LoginURL: "javascript:alert(1)", OrigURL: "http://u:p@evil.example/", ServerName: "<b>"})
	if hostile != (order.Hints{}) {
		t.Fatalf("%+v", hostile)
	}
	if long := CleanHints(order.Hints{OrigURL: "http://x.example/" + strings.Repeat("a", 600), ServerName: strings.Repeat("a", 65)}); long != (order.Hints{}) {
		t.Fatal("too long and kept")
	}
}

func TestLoginURLOnlyToListedHosts(t *testing.T) {
	hosts := []string{"wifi.kopi.example", "10.5.50.1:8080"}
	for claimed, want := range map[string]string{
		"http://wifi.kopi.example/login?x=1#y":   "http://wifi.kopi.example/login",
		"https://WIFI.kopi.example:8443/login":   "https://WIFI.kopi.example:8443/login",
		"http://10.5.50.1:8080/login":            "http://10.5.50.1:8080/login",
		"http://10.5.50.1/login":                 "",
		"http://evil.example/login":              "",
		"http://wifi.kopi.example.evil.net/":     "",
		"http://evil.example/?wifi.kopi.example": "",
		"":                                       "",
	} {
		if got := LoginURL(order.Hints{LoginURL: claimed}, hosts); got != want {
			t.Errorf("%q: %q, want %q", claimed, got, want)
		}
	}
}

func TestBackoffGrowsAndStops(t *testing.T) {
	for n, low := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 8 * time.Second} {
		if got := Backoff(n, time.Second, 8*time.Second); got < low || got > low+low/5+1 {
			t.Errorf("try %d waits %s", n, got)
		}
	}
	if got := Backoff(1<<40, time.Second, time.Minute); got > 72*time.Second {
		t.Errorf("%s", got)
	}
}

func TestNonce(t *testing.T) {
	for s, want := range map[string]bool{"": false, "short": false, strings.Repeat("a", 16): true, strings.Repeat("Z9_-", 16): true, strings.Repeat("a", 65): false, "aaaaaaaaaaaaaaa'": false, "aaaaaaaaaaaaaaa\x00": false} {
		if ValidNonce(s) != want {
			t.Errorf("%q", s)
		}
	}
}
