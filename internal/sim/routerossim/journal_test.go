package routerossim

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// reopen builds a second router from a copy of the first one's file: what a
// process killed at this moment would find.
func reopen(t *testing.T, o Options, change func(raw []byte) []byte) (*Router, error) {
	t.Helper()
	raw, err := os.ReadFile(o.StateFile)
	if err != nil {
		t.Fatal(err)
	}
	o.StateFile = filepath.Join(t.TempDir(), "copy")
	if err = os.WriteFile(o.StateFile, change(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := New(o)
	if err == nil {
		t.Cleanup(func() { r.Close() })
	}
	return r, err
}

func same0(raw []byte) []byte { return raw }

func TestJournalSurvivesKill(t *testing.T) {
	clock := newClock()
	o := Options{StateFile: filepath.Join(t.TempDir(), "router"), TLSAddr: "127.0.0.1:0", Now: clock.Now, Password: "secret"}
	r := start(t, o)
	c := dial(t, r)
	if err := r.Join(Device{MAC: phone, IP: "10.5.50.9"}); err != nil {
		t.Fatal(err)
	}
	c.ok("/ip/hotspot/user/profile/add", "=name=gold", "=rate-limit=1M/2M")
	for _, n := range []string{"a", "b", "c"} {
		c.ok("/ip/hotspot/user/add", "=name="+n, "=profile=gold", "=limit-uptime=1h")
	}
	c.ok("/ip/hotspot/user/remove", "=.id=*4") // c, the newest id
	c.ok("/ip/hotspot/user/set", "=.id=b", "=name=bb", "=comment=\"quotes\" and\nlines of caf\xE9")
	c.ok(login9("a", "")...)
	r.Advance(10 * time.Minute)
	r.Traffic(phone, 5, 6)
	c.ok("/ip/hotspot/ip-binding/add", "=address=10.5.50.7", "=comment=1")
	c.ok("/ip/hotspot/ip-binding/add", "=address=10.5.50.8", "=comment=2")
	c.ok("/ip/hotspot/ip-binding/move", "=numbers=*2", "=destination=*1")
	c.ok("/ip/firewall/address-list/add", "=list=l", "=address=10.0.0.1", "=timeout=1h")
	for round, damage := range []func([]byte) []byte{same0, func(raw []byte) []byte { return append(raw, `{"ops":[{"m":"ip/hotspot/user","i":"*9","f":{"na`...) }} {
		again, err := reopen(t, o, damage)
		if err != nil {
			t.Fatal(round, err)
		}
		for _, path := range menuOrder {
			if path == "log" {
				continue
			}
			before, after := r.Rows(path), again.Rows(path)
			if len(before) != len(after) {
				t.Fatalf("round %d: %s: %v became %v", round, path, before, after)
			}
			for i := range before {
				for k, v := range before[i] {
					if after[i][k] != v {
						t.Fatalf("round %d: %s %s: %q became %q", round, path, k, v, after[i][k])
					}
				}
			}
		}
		want(t, again.Fingerprint(), r.Fingerprint())
		// What was running goes on: the session ends at its limit, the entry at its timeout.
		again.Advance(50*time.Minute + time.Second)
		want(t, len(again.Rows(activePath)), 0)
		want(t, again.find(userPath, "name", "a")["uptime"], "1h")
		again.Advance(10 * time.Minute)
		want(t, len(again.Rows("ip/firewall/address-list")), 0)
		if err = again.Start(); err != nil {
			t.Fatal(err)
		}
		// (Start listens only where Options said; the copy has TLS alone.)
		if again.TLSAddr() == "" {
			t.Fatal("not listening")
		}
	}
}

func TestIdsOutliveRestarts(t *testing.T) {
	o := Options{StateFile: filepath.Join(t.TempDir(), "router"), Password: "secret"}
	for want1 := range 3 {
		r := start(t, o)
		c := dial(t, r)
		id := c.ok("/ip/hotspot/user/add", "=name=u").ret()
		want(t, id, "*"+string(rune('2'+want1)))
		c.ok("/ip/hotspot/user/remove", "=.id="+id)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJournalDamage(t *testing.T) {
	o := Options{StateFile: filepath.Join(t.TempDir(), "router"), Password: "secret"}
	r := start(t, o)
	dial(t, r).ok("/ip/hotspot/user/add", "=name=u")
	if _, err := reopen(t, o, func(raw []byte) []byte { return append([]byte("{torn\n"), raw...) }); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Fatalf("damage in the middle went unnoticed: %v", err)
	}
	again, err := reopen(t, o, func([]byte) []byte { return nil })
	if err != nil || len(again.Rows(userPath)) != 1 {
		t.Fatal("an empty file is a new router", err)
	}
	if _, err = New(Options{StateFile: filepath.Join(t.TempDir(), "no", "such", "folder")}); err == nil {
		t.Fatal("nowhere to write")
	}
	if _, err = os.Stat(o.StateFile + ".new"); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("the new file was left beside the old one")
	}
}

func TestFullDiskIsNotHidden(t *testing.T) {
	o := Options{StateFile: filepath.Join(t.TempDir(), "router")}
	r := start(t, o)
	c := dial(t, r)
	r.mu.Lock()
	r.journal.file.Close() // every write fails from here
	r.mu.Unlock()
	a := c.do("/ip/hotspot/user/add", "=name=u")
	if !strings.HasPrefix(a.trap(), "failure: routerossim: journal") {
		t.Fatalf("%v", a)
	}
	r.mu.Lock()
	r.journal = journal{}
	r.mu.Unlock()
}

func TestPasswordFollowsOptions(t *testing.T) {
	o := Options{StateFile: filepath.Join(t.TempDir(), "router"), Password: "old"}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err = r.Close(); err != nil {
		t.Fatal(err)
	}
	o.Password = "secret"
	dial(t, start(t, o))
}
