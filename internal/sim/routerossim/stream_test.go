package routerossim

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestListenAndCancel(t *testing.T) {
	for version, dead := range map[string]string{"7.16": "yes", "7.24": "true"} {
		r := start(t, Options{Version: version})
		c, other := dial(t, r), dial(t, r)
		c.send("/ip/hotspot/user/listen", ".tag=L", "=.proplist=.id,name")
		c.ok("/system/identity/print", ".tag=sync") // answered in order: the listen is on
		id := other.ok("/ip/hotspot/user/add", "=name=a").ret()
		wantList(t, c.next(), "!re", ".tag=L", "=.id="+id, "=name=a")
		want(t, c.ok("/ip/hotspot/user/print", "=count-only=", ".tag=M").ret(), "2") // both on one connection
		other.ok("/ip/hotspot/user/remove", "=.id="+id)
		wantList(t, c.next(), "!re", ".tag=L", "=.id="+id, "=.dead="+dead)
		c.send("/cancel", "=tag=L", ".tag=C")
		wantList(t, c.next(), "!trap", ".tag=L", "=category=2", "=message=interrupted")
		wantList(t, c.next(), "!done", ".tag=C")
		wantList(t, c.next(), "!done", ".tag=L")
		other.ok("/ip/hotspot/user/add", "=name=b")
		wantList(t, c.ok("/ip/hotspot/user/print", "?name=b", "=.proplist=name", ".tag=N")[0], "!re", ".tag=N", "=name=b")
	}
}

func TestCancelAll(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.send("/ip/hotspot/active/listen", ".tag=1")
	c.send("/ip/hotspot/user/print", "=follow-only=", ".tag=2")
	c.send("/cancel", ".tag=3")
	var got []string
	for range 5 {
		s := c.next()
		got = append(got, s[0]+s[1])
	}
	slices.Sort(got)
	wantList(t, got, "!done.tag=1", "!done.tag=2", "!done.tag=3", "!trap.tag=1", "!trap.tag=2")
	c.ok("/cancel", "=tag=nothing") // nothing to interrupt is no error
	r.mu.Lock()
	defer r.mu.Unlock()
	want(t, len(r.watchers), 0)
}

func TestInterval(t *testing.T) {
	c := dial(t, start(t, Options{Seed: 7}))
	for tag, cmd := range map[string][]string{
		"p": {"/system/identity/print", "=interval=20ms", "=.proplist=name"},
		"m": {"/interface/monitor-traffic", "=interface=ether1,aggregate", "=interval=.02"},
	} {
		c.send(append(cmd, ".tag="+tag)...)
		for range 6 {
			if s := c.next(); s[0] != "!re" || s[1] != ".tag="+tag {
				t.Fatalf("%v", s)
			}
		}
		c.send("/cancel", "=tag="+tag, ".tag=x")
		for done := 0; done < 2; {
			if c.next()[0] == "!done" {
				done++
			}
		}
	}
	c.refused("invalid value for argument interval", "/system/identity/print", "=interval=now")
	c.refused("input does not match any value of interface", "/interface/monitor-traffic", "=interface=ether9", "=once=")
	rows := c.ok("/interface/monitor-traffic", "=interface=ether1", "=once=").rows()
	want(t, len(rows), 1)
	want(t, rows[0]["name"], "ether1")
	if _, err := strconv.Atoi(rows[0]["rx-bits-per-second"]); err != nil {
		t.Fatal(err)
	}
}

func TestClosingEndsStreams(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	c.send("/ip/hotspot/active/listen", ".tag=1")
	c.ok("/system/identity/print")
	c.conn.Close()
	eventually(t, "the listener is forgotten", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.watchers) == 0 && len(r.sessions) == 0
	})
}

// Many clients add with many tags each; every command gets its own answer,
// every row exists once.
func TestConcurrentClients(t *testing.T) {
	r := start(t, Options{Latency: time.Millisecond})
	const clients, each = 8, 100
	var wg sync.WaitGroup
	for n := range clients {
		c := dial(t, r)
		wg.Go(func() {
			var send sync.WaitGroup
			send.Go(func() {
				for i := range each {
					c.send("/ip/hotspot/user/add", fmt.Sprintf("=name=u%d-%d", n, i), fmt.Sprintf(".tag=%d", i))
				}
			})
			seen := map[string]bool{}
			for range each {
				s, err := c.read()
				if err != nil || s[0] != "!done" || seen[s[1]] || attrOf(s, "ret") == "" {
					t.Errorf("%v %v", s, err)
					return
				}
				seen[s[1]] = true
			}
			send.Wait()
		})
	}
	wg.Wait()
	ids := map[string]bool{}
	for _, m := range r.Rows(userPath) {
		ids[m[".id"]] = true
	}
	want(t, len(ids), clients*each+1)
	l := r.CommandLog()
	want(t, l.Counters["/ip/hotspot/user/add"], clients*each)
	want(t, l.Logins, clients)
}

// Commands sent together share their latency instead of queueing for it.
func TestLatencyIsPerCommand(t *testing.T) {
	c := dial(t, start(t, Options{Latency: 100 * time.Millisecond}))
	began := time.Now()
	for i := range 50 {
		c.send("/ip/hotspot/user/add", "=name=u"+strconv.Itoa(i), ".tag="+strconv.Itoa(i))
	}
	for range 50 {
		want(t, c.next()[0], "!done")
	}
	if took := time.Since(began); took < 100*time.Millisecond || took > 4*time.Second {
		t.Fatalf("took %v", took)
	}
}
