package routeros

import (
	"strings"
	"testing"
	"time"

	ros "github.com/go-routeros/routeros/v3"
	"go.uber.org/goleak"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/hotspottest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

func quick() Options {
	return Options{DialTimeout: time.Second, CallTimeout: 400 * time.Millisecond, OpTimeout: 3 * time.Second, BreakFor: time.Millisecond, LoginPause: time.Millisecond}
}

func start(t *testing.T, o routerossim.Options) *routerossim.Router {
	t.Helper()
	o.Name, o.User, o.Password, o.Addr = "r1", "gerai", "rahasia", "127.0.0.1:0"
	sim, err := routerossim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

var faults = map[hotspottest.Trouble]routerossim.Faults{
	hotspottest.Down:          {Down: true},
	hotspottest.LostBefore:    {DropBefore: true, Only: userMenu + "/add", Count: 1},
	hotspottest.LostAfter:     {DropAfter: true, Only: userMenu + "/add", Count: 1},
	hotspottest.HungAfter:     {HangAfter: true, Only: userMenu + "/add", Count: 1},
	hotspottest.Cut:           {CutMidSentence: true, Only: userMenu + "/add", Count: 1},
	hotspottest.Garbage:       {Garbage: true, Only: userMenu + "/add", Count: 1},
	hotspottest.Oversized:     {OversizedWord: true, Only: userMenu + "/add", Count: 1},
	hotspottest.WrongLogin:    {RejectLogin: true},
	hotspottest.NoPermission:  {Busy: "not enough permissions (9)", Only: "writes"},
	hotspottest.HangEverybody: {Hang: true},
	hotspottest.LostBinding:   {DropAfter: true, Only: "/ip/hotspot/ip-binding/add", Count: 1},
}

func fixture(t *testing.T, version string) hotspottest.Fixture {
	sim := start(t, routerossim.Options{Version: version})
	d := New(quick())
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	rows := func(menu, field, value string) []map[string]string {
		var out []map[string]string
		for _, r := range sim.Rows(menu) {
			if r[field] == value {
				out = append(out, r)
			}
		}
		return out
	}
	api := func(words ...string) {
		t.Helper()
		c, err := ros.DialTimeout(sim.Addr(), "gerai", "rahasia", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.RunArgs(words); err != nil {
			t.Fatal(err)
		}
	}
	first := func(found []map[string]string) map[string]string {
		if len(found) == 0 {
			return nil
		}
		return found[0]
	}
	return hotspottest.Fixture{Driver: d, Router: hotspot.Router{ID: "r1", Name: "r1", Address: sim.Addr(), User: "gerai", Password: "rahasia"},
		Set:   func(x hotspottest.Trouble) { sim.SetFaults(faults[x]) },
		Users: func(name string) int { return len(rows("ip/hotspot/user", "name", name)) },
		Row:   func(name string) map[string]string { return first(rows("ip/hotspot/user", "name", name)) },
		Foreign: func(name string) {
			api("/ip/hotspot/user/add", "=name="+name, "=password=lain", "=comment=vc-123-11.24.26-")
		},
		Change: func(name, field, value string) { api("/ip/hotspot/user/set", "=numbers="+name, "="+field+"="+value) },
		Join: func(mac, ip string) {
			if err := sim.Join(routerossim.Device{MAC: mac, IP: ip, Name: hotspottest.DeviceName(mac)}); err != nil {
				t.Fatal(err)
			}
		},
		OnlineAs: func(mac string) string { return first(rows("ip/hotspot/active", "mac-address", mac))["user"] },
		Reboot:   func() { sim.SetFaults(routerossim.Faults{Reboot: true, RebootMS: 50}) },
		Wait:     sim.Advance,
		Now: func() time.Time {
			h, err := d.Ping(t.Context(), hotspot.Router{ID: "clock", Address: sim.Addr(), User: "gerai", Password: "rahasia"})
			if err != nil {
				t.Fatal(err)
			}
			return h.Time
		},
		SetClock: func(ahead time.Duration) {
			sim.SetFaults(routerossim.Faults{WrongClockSeconds: int(ahead / time.Second)})
		},
		Scheduler: func() map[string]string { return first(rows("system/scheduler", "name", hotspot.EndsScheduler)) },
		Alter: func(field, value string) {
			if field == "" {
				api("/system/scheduler/remove", "=numbers="+hotspot.EndsScheduler)
				return
			}
			api("/system/scheduler/set", "=numbers="+hotspot.EndsScheduler, "="+field+"="+value)
		},
	}
}

func TestConformance(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, version := range []string{"6.49", "7.9", "7.16", "7.22", "7.24.1"} {
		t.Run(version, func(t *testing.T) {
			hotspottest.Run(t, func(t *testing.T) hotspottest.Fixture { return fixture(t, version) })
		})
	}
}

func TestPinnedCertificate(t *testing.T) {
	sim := start(t, routerossim.Options{TLSAddr: "127.0.0.1:0"})
	d := New(quick())
	defer d.Close()
	r := hotspot.Router{ID: "tls", Address: sim.TLSAddr(), User: "gerai", Password: "rahasia", TLS: true, Fingerprint: sim.Fingerprint()}
	if _, err := d.Ping(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", strings.Repeat("0", 64)} {
		r.Fingerprint = wrong
		if _, err := d.Ping(t.Context(), r); !fault.Is(err, fault.Config) || fault.CodeOf(err) != "router.certificate" {
			t.Errorf("pin %q: %v", wrong, err)
		}
	}
}

// A dead router opens its breaker: later calls fail at once. After it is back
// one probe closes it again.
func TestBreaker(t *testing.T) {
	sim := start(t, routerossim.Options{})
	o := quick()
	o.BreakFor = 200 * time.Millisecond
	d := New(o)
	defer d.Close()
	r := hotspot.Router{ID: "b", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
	sim.SetFaults(routerossim.Faults{Hang: true})
	for range 3 {
		if _, err := d.Ping(t.Context(), r); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if _, err := d.Ping(t.Context(), r); !fault.Is(err, fault.Unavailable) || time.Since(began) > 100*time.Millisecond {
		t.Fatalf("%v after %s", err, time.Since(began))
	}
	sim.SetFaults(routerossim.Faults{})
	testenv.Eventually(t, 5*time.Second, func() (bool, string) {
		_, err := d.Ping(t.Context(), r)
		return err == nil, "does not close again"
	})
}

// Changed credentials never meet an old connection.
func TestChangedCredentials(t *testing.T) {
	sim := start(t, routerossim.Options{})
	d := New(quick())
	defer d.Close()
	r := hotspot.Router{ID: "c", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
	if _, err := d.Ping(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Password = "salah"
	if _, err := d.Ping(t.Context(), r); fault.CodeOf(err) != "router.login_rejected" || strings.Contains(err.Error(), "salah") {
		t.Fatal(err)
	}
	r.Password = "rahasia"
	d.Forget("c")
	if _, err := d.Ping(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}
