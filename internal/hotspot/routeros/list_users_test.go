package routeros

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	ros "github.com/go-routeros/routeros/v3"
	"pgregory.net/rapid"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/hotspottest"
	"gerai/internal/sim/routerossim"
)

func all(hotspot.Brief) bool { return true }

// sentences are bytes of a router's mouth: words, with an empty one at each end.
func sentences(words ...string) []byte {
	var out []byte
	for _, w := range words {
		switch n := len(w); {
		case n < 0x80:
			out = append(out, byte(n))
		case n < 0x4000:
			out = append(out, byte(n>>8)|0x80, byte(n))
		default:
			out = append(out, byte(n>>16)|0xC0, byte(n>>8), byte(n))
		}
		out = append(out, w...)
	}
	return out
}

func readReply(in []byte, size int, one bool) (rows []string, trap string, err error) {
	r := &wordReader{in: bufio.NewReaderSize(bytes.NewReader(in), size), more: func() error { return nil }}
	if one {
		r.in = bufio.NewReaderSize(iotest.OneByteReader(bytes.NewReader(in)), size)
	}
	var now []string
	trap, err = r.reply(func(w []byte, end bool) error {
		if end {
			rows = append(rows, strings.Join(now, " "))
			now = nil
			return nil
		}
		now = append(now, string(w))
		return nil
	})
	return rows, trap, err
}

func TestReplies(t *testing.T) {
	long := "=comment=" + strings.Repeat("x", 20_000)
	for _, c := range []struct {
		name  string
		words []string
		rows  []string
		trap  string
		bad   bool
	}{
		{"rows", []string{"!re", "=name=a", "", "!re", ".tag=1", "=name=b", "=x=", "", "!done", ""}, []string{"=name=a", ".tag=1 =name=b =x="}, "", false},
		{"none", []string{"!done", ""}, nil, "", false},
		{"none since 7.18", []string{"!empty", "", "!done", ""}, nil, "", false},
		{"an empty sentence", []string{"", "!re", "=name=a", "", "", "!done", ""}, []string{"=name=a"}, "", false},
		{"a word longer than what is kept", []string{"!re", long, "=name=a", "", "!done", ""}, []string{long + " =name=a"}, "", false},
		{"the last trap", []string{"!trap", "=category=0", "=message=one", "", "!trap", "=message=two", "", "!done", ""}, nil, "two", false},
		{"a trap that says nothing", []string{"!trap", "", "!done", ""}, nil, "trap without message", false},
		{"a trap between rows", []string{"!re", "=name=a", "", "!trap", "=message=interrupted", "", "!done", ""}, []string{"=name=a"}, "interrupted", false},
		{"fatal", []string{"!re", "=name=a", "", "!fatal", "not logged in", ""}, []string{"=name=a"}, "", true},
		{"nonsense", []string{"hello", ""}, nil, "", true},
		{"cut", []string{"!re", "=name=a", "", "!re", "=na"}, []string{"=name=a"}, "", true},
	} {
		for _, size := range []int{16, 64, 1 << 16} {
			for _, one := range []bool{false, true} {
				rows, trap, err := readReply(sentences(c.words...), size, one)
				if !slices.Equal(rows, c.rows) || trap != c.trap || (err != nil) != c.bad {
					t.Errorf("%s, buffer %d: %.80q %q %v", c.name, size, rows, trap, err)
				}
			}
		}
	}
	for _, bad := range [][]byte{{0xF8}, {0xF0, 0x10, 0, 0, 0}, {0xE0, 0x20, 0, 0}} {
		if _, _, err := readReply(append(sentences("!re"), bad...), 64, false); !errors.Is(err, errLength) {
			t.Errorf("%x: %v", bad, err)
		}
	}
}

// Whatever a router says: no panic, no end without its last word.
func FuzzReplies(f *testing.F) {
	f.Add(sentences("!re", "=name=a", "", "!done", ""), 16)
	f.Add(sentences("!trap", "=message=x", "", "!done", ""), 20)
	f.Fuzz(func(t *testing.T, in []byte, size int) {
		if size < 1 || size > 1<<12 {
			return
		}
		rows, trap, err := readReply(in, size, false)
		again, sameTrap, sameErr := readReply(in, size, true)
		if !slices.Equal(rows, again) || trap != sameTrap || (err == nil) != (sameErr == nil) {
			t.Fatal("depends on how the bytes arrive")
		}
		if err == nil && !bytes.Contains(in, []byte("!done")) {
			t.Fatal("an end that was not said")
		}
	})
}

func TestQuickDurations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.Custom(func(t *rapid.T) string {
			return duration(time.Duration(rapid.Int64Range(0, 1<<28).Draw(t, "s")) * time.Second)
		}),
			rapid.SampledFrom([]string{"", "none", "0s", "3s200ms", "200ms", "01:02:03", "1d02:03:04", "1d 02:03:04", "90", "5", "-5s", "1w2d3h4m5s", "x"})).Draw(t, "text")
		if got, want := quickDuration([]byte(s)), parseDuration(s); got != want {
			t.Fatalf("%q: %s, want %s", s, got, want)
		}
		n := rapid.SampledFrom([]string{"", "0", "12", "9223372036854775807", "99999999999999999999", "-4", "x1"}).Draw(t, "number")
		if got, want := quickNumber([]byte(n)), number(n); got != want {
			t.Fatalf("%q: %d, want %d", n, got, want)
		}
	})
}

func simulated(t *testing.T, version string, account string) (*routerossim.Router, *Driver, hotspot.Router) {
	t.Helper()
	sim := start(t, routerossim.Options{Version: version})
	if err := sim.Command("/user/group/add", "=name=kit", "=policy=api,read,write,test"); err != nil {
		t.Fatal(err)
	}
	sim.AddUser("kit", "rahasia", "kit")
	d := New(quick())
	t.Cleanup(func() { d.Close() })
	return sim, d, hotspot.Router{ID: "r1", Address: sim.Addr(), User: account, Password: "rahasia"}
}

// The account of the router kit may not read passwords: the router leaves them out or masks
// them, and neither is taken for a password.
func TestHiddenPasswords(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.22"} {
		t.Run(version, func(t *testing.T) {
			sim, d, r := simulated(t, version, "kit")
			u := hotspottest.User("abcdefg")
			u.Recorded = true
			if _, err := d.EnsureUser(t.Context(), r, u); err != nil {
				t.Fatal(err)
			}
			roll, err := d.ListUsers(t.Context(), r, all)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(roll.Users, func(x hotspot.Listed) bool { return x.Name == u.Name })
			if x := roll.Users[i]; !x.Hidden || x.Password != "" || u.Differs(x.Found) != 0 || !u.Owns(x.Found) {
				t.Fatalf("%+v", x)
			}
			password := func() string {
				for _, row := range sim.Rows("ip/hotspot/user") {
					if row["name"] == u.Name {
						return row["password"]
					}
				}
				return "gone"
			}
			for _, c := range []struct {
				change  string
				rewrite bool
				want    string
			}{{"=password=x", false, "x"}, {"=password=x", true, u.Password}, {"=disabled=yes", false, u.Password}} {
				if err := sim.Command("/ip/hotspot/user/set", "=numbers="+u.Name, "=password=x"); err != nil {
					t.Fatal(err)
				}
				if err := sim.Command("/ip/hotspot/user/set", "=numbers="+u.Name, c.change); err != nil {
					t.Fatal(err)
				}
				got := d.CorrectUsers(t.Context(), r, []hotspot.Correction{{User: u, Rewrite: c.rewrite}})[0]
				if got.Err != nil || got.Changed.Has(hotspot.PartPassword) || password() != c.want {
					t.Fatalf("%+v: %+v, password %s", c, got, password())
				}
			}
		})
	}
}

// Counters say nothing about how a user is: they are reported beside the digest.
func TestCountersAreNoDifference(t *testing.T) {
	for _, version := range []string{"6.49", "7.22"} {
		sim, d, r := simulated(t, version, "gerai")
		u := hotspottest.User("abcdefg")
		if _, err := d.EnsureUser(t.Context(), r, u); err != nil {
			t.Fatal(err)
		}
		brief := func() (out hotspot.Brief) {
			roll, err := d.ListUsers(t.Context(), r, func(b hotspot.Brief) bool { out = b; return b.Name == u.Name })
			if err != nil || len(roll.Users) != 1 {
				t.Fatal(roll, err)
			}
			out = hotspot.Brief{Name: u.Name, Digest: roll.Users[0].Digest, Uptime: roll.Users[0].Uptime, Bytes: roll.Users[0].Bytes}
			return out
		}
		before := brief()
		dev := hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}
		if err := sim.Join(routerossim.Device{MAC: dev.MAC, IP: dev.IP}); err != nil {
			t.Fatal(err)
		}
		if err := d.Connect(t.Context(), r, dev, u.Name, u.Password); err != nil {
			t.Fatal(err)
		}
		sim.Traffic(dev.MAC, 300, 4000)
		sim.Advance(time.Hour)
		after := brief()
		if after.Digest != before.Digest || before.Uptime != 0 || after.Uptime != time.Hour || after.Bytes != 4300 {
			t.Errorf("%s: %+v, then %+v", version, before, after)
		}
		if err := sim.Command("/ip/hotspot/user/set", "=numbers="+u.Name, "=disabled=yes"); err != nil {
			t.Fatal(err)
		}
		if got := d.CorrectUsers(t.Context(), r, []hotspot.Correction{{User: u}})[0]; got.Err != nil || brief().Uptime != time.Hour || brief().Bytes != 4300 {
			t.Errorf("%s: a correction changed counters: %+v", version, brief())
		}
	}
}

// A write that was done although its answer was lost is seen, not repeated.
func TestALostCorrectionIsVerified(t *testing.T) {
	sim, d, r := simulated(t, "7.16", "gerai")
	u := hotspottest.User("abcdefg")
	if _, err := d.EnsureUser(t.Context(), r, u); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]routerossim.Faults{"done": {DropAfter: true}, "not done": {DropBefore: true}, "hung": {HangAfter: true}} {
		if err := sim.Command("/ip/hotspot/user/set", "=numbers="+u.Name, "=limit-uptime=0s"); err != nil {
			t.Fatal(err)
		}
		f.Only, f.Count = userMenu+"/set", 1
		sim.SetFaults(f)
		if got := d.CorrectUsers(t.Context(), r, []hotspot.Correction{{User: u}})[0]; !fault.Is(got.Err, fault.Unknown) {
			t.Fatalf("%s: %+v", name, got)
		}
		got := d.CorrectUsers(t.Context(), r, []hotspot.Correction{{User: u}})[0]
		if want := f.DropBefore; got.Err != nil || (got.Changed == hotspot.PartLimits) != want {
			t.Fatalf("%s: written again or not at all: %+v", name, got)
		}
	}
}

// A pooled connection that died unnoticed is replaced, and the listing leaves one behind
// that serves the next command.
func TestListingsShareConnections(t *testing.T) {
	sim, d, r := simulated(t, "7.16", "gerai")
	for i := range 3 {
		if _, err := d.ListUsers(t.Context(), r, all); err != nil {
			t.Fatal(i, err)
		}
	}
	if n := sim.CommandLog().Logins; n != 1 {
		t.Errorf("%d logins for three listings", n)
	}
	for _, f := range []routerossim.Faults{{Garbage: true}, {CutMidSentence: true}, {OversizedWord: true}, {Fatal: true}, {Hang: true}, {DropAfter: true}} {
		f.Only, f.Count = userMenu+"/print", 2
		sim.SetFaults(f)
		if _, err := d.ListUsers(t.Context(), r, all); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%+v: %v", f, err)
		}
		sim.SetFaults(routerossim.Faults{})
		if _, err := d.ListUsers(t.Context(), r, all); err != nil {
			t.Fatalf("after %+v: %v", f, err)
		}
	}
	for _, f := range []routerossim.Faults{{ByteWrites: true}, {EmptySentence: true}} {
		sim.SetFaults(f)
		if roll, err := d.ListUsers(t.Context(), r, all); err != nil || len(roll.Users) == 0 {
			t.Fatalf("%+v: %v", f, err)
		}
	}
	sim.SetFaults(routerossim.Faults{Busy: "not enough permissions (9)", Only: userMenu + "/print"})
	if _, err := d.ListUsers(t.Context(), r, all); !fault.Is(err, fault.Config) {
		t.Fatal(err)
	}
}

// What one round costs the shop, of which the budget for fifty routers with two thousand
// users each is a part: docs/performance.md.
func BenchmarkListUsers(b *testing.B) {
	sim, err := routerossim.New(routerossim.Options{User: "gerai", Password: "rahasia", Addr: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		b.Fatal(err)
	}
	defer sim.Close()
	for i := range 2000 {
		u := hotspottest.User(fmt.Sprintf("user%04d", i))
		if err := sim.Command("/ip/hotspot/user/add", "=name="+u.Name, "=password="+u.Password, "=comment="+hotspot.Bound{EndsAt: 1795665600}.Comment(u.Comment, u.OrderMark), "=limit-uptime=1h30m", "=limit-bytes-total=500000000"); err != nil {
			b.Fatal(err)
		}
	}
	c, err := ros.Dial(sim.Addr(), "gerai", "rahasia")
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	// The simulator's own work is the same for both: it is in both figures.
	b.Run("stream", func(b *testing.B) {
		d := New(Options{})
		defer d.Close()
		r := hotspot.Router{ID: "r1", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := d.ListUsers(b.Context(), r, func(hotspot.Brief) bool { return false }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Run(userMenu+"/print", "=.proplist="+foundColumns); err != nil {
				b.Fatal(err)
			}
		}
	})
}
