package clients

import (
	"errors"
	"testing"
	"time"

	routeros "github.com/go-routeros/routeros/v3"

	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

func TestGoRouteros(t *testing.T) {
	for _, o := range []routerossim.Options{{Version: "6.49"}, {Version: "6.49", OldLogin: true}, {Version: "7.16"}, {Version: "7.22"}, {Version: "7.24"}} {
		name := o.Version
		if o.OldLogin {
			name += " old login"
		}
		t.Run(name, func(t *testing.T) { goRouteros(t, start(t, o)) })
	}
}

func goRouteros(t *testing.T, r *routerossim.Router) {
	var device *routeros.DeviceError
	if _, err := routeros.Dial(r.Addr(), "admin", "wrong"); !errors.As(err, &device) {
		t.Fatalf("wrong password: %v", err)
	}
	c, err := routeros.Dial(r.Addr(), "admin", password)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ok := func(words ...string) *routeros.Reply {
		t.Helper()
		reply, err := c.RunArgs(words)
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return reply
	}
	id := ok("/ip/hotspot/user/add", "=name=go1", "=comment=a=b").Done.Map["ret"]
	if _, err = c.Run("/ip/hotspot/user/add", "=name=go1"); !errors.As(err, &device) || device.Sentence.Map["message"] != duplicate {
		t.Fatalf("duplicate: %v", err)
	}
	rows := ok("/ip/hotspot/user/print", "?name=go1", "=.proplist=.id,comment").Re
	if len(rows) != 1 || rows[0].Map[".id"] != id || rows[0].Map["comment"] != "a=b" {
		t.Fatalf("%v", rows)
	}
	if n := len(ok("/ip/hotspot/active/print").Re); n != 0 { // !empty on new versions
		t.Fatal(n)
	}
	if err = r.Join(routerossim.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.9"}); err != nil {
		t.Fatal(err)
	}

	listener, err := routeros.Dial(r.Addr(), "admin", password)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	l, err := listener.ListenArgsQueue([]string{"/ip/hotspot/active/listen"}, 16)
	if err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, 10*time.Second, func() (bool, string) {
		return r.CommandLog().Counters["/ip/hotspot/active/listen"] > 0, "the listen never arrived"
	})
	ok("/ip/hotspot/active/login", "=user=go1", "=password=", "=ip=10.5.50.9")
	ok("/ip/hotspot/active/remove", "=.id=*932050A")
	var heard []map[string]string
	for len(heard) < 2 {
		select {
		case s := <-l.Chan():
			heard = append(heard, s.Map)
		case <-time.After(10 * time.Second):
			t.Fatalf("heard only %v", heard)
		}
	}
	if heard[0]["user"] != "go1" || heard[1][".dead"] == "" || heard[1][".id"] != heard[0][".id"] {
		t.Fatalf("%v", heard)
	}
	// The client registers a command's tag after sending it and may miss the
	// answer, so what counts is that the router heard the order. Close ends it.
	go func() { _, _ = l.Cancel() }()
	testenv.Eventually(t, 10*time.Second, func() (bool, string) {
		return r.CommandLog().Counters["/cancel"] > 0, "the cancel never arrived"
	})
	ok("/ip/hotspot/user/remove", "=.id="+id)
	if n := len(r.Rows("ip/hotspot/user")); n != 1 {
		t.Fatal(n)
	}
}
