package hotspottest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Trouble is what a fixture can do to the other side.
type Trouble string

// The troubles of the suite. Each strikes the next adding of a user unless its
// name says otherwise.
const (
	None          Trouble = "none"
	Down          Trouble = "down"            // unreachable
	LostBefore    Trouble = "lost before"     // not done, connection cut
	LostAfter     Trouble = "lost after"      // done, connection cut
	HungAfter     Trouble = "hung after"      // done, no answer
	Cut           Trouble = "cut"             // done, half an answer
	Garbage       Trouble = "garbage"         // done, nonsense as answer
	Oversized     Trouble = "oversized"       // done, an answer too large to be true
	WrongLogin    Trouble = "wrong login"     // every login is refused
	NoPermission  Trouble = "no permission"   // adding is not allowed
	HangEverybody Trouble = "hang everything" // nothing is answered
	LostBinding   Trouble = "lost binding"    // the adding of a binding is done, connection cut
)

// Fixture is one fresh router and a driver for it.
type Fixture struct {
	Driver hotspot.Driver
	Router hotspot.Router
	Set    func(Trouble)
	// Users counts users of a name; Row returns one user's row.
	Users func(name string) int
	Row   func(name string) map[string]string
	// Foreign adds a user that is not ours.
	Foreign func(name string)
	// Change edits a user behind the driver's back.
	Change func(name, field, value string)
	// Join lets a device appear in the hotspot, which tells the router DeviceName; OnlineAs is
	// who it is online as.
	Join     func(mac, ip string)
	OnlineAs func(mac string) string
	Reboot   func()
	// Wait lets time pass on the router; Now is its clock. SetClock sets that ahead by so much.
	Wait     func(time.Duration)
	Now      func() time.Time
	SetClock func(ahead time.Duration)
	// Scheduler is the scheduler of ends, nil where there is none; Alter edits it, or removes it
	// where no field is named.
	Scheduler func() map[string]string
	Alter     func(field, value string)
}

var ctx = context.Background()

// DeviceName is what the device with a MAC calls itself.
func DeviceName(mac string) string { return "hp-" + strings.ReplaceAll(mac, ":", "") }

// User is a usual voucher.
func User(name string) hotspot.User {
	return hotspot.User{Name: name, Password: "234567", Comment: "up-123-11.24.26-gerai.ABCD" + name, OrderMark: "gerai.ABCD" + name, LimitUptime: 90 * time.Minute,
		LimitBytes: 500_000_000, Profile: hotspot.Profile{Name: hotspot.OwnPrefix + "sehari", RateLimit: "2M/5M", SharedUsers: 2, Price: 5000, Validity: 24 * time.Hour}}
}

// Run runs the suite; make returns a fresh fixture each time.
func Run(t *testing.T, make func(t *testing.T) Fixture) {
	for name, test := range map[string]func(*testing.T, Fixture){
		"a user is made as described":                      made,
		"making it again changes nothing":                  again,
		"a foreign user is never touched":                  foreign,
		"what drifted is brought in step":                  drift,
		"fifty at once":                                    parallel,
		"wrong login, no permission":                       refused,
		"a router that hangs is bounded and hurts no one":  hanging,
		"ending a voucher ends its sessions":               disable,
		"a device goes online only if the router sees it":  connect,
		"hostile devices":                                  hostile,
		"health, names and sessions":                       reads,
		"who is online, and for how long":                  whoIsOnline,
		"banned devices are kept out, and others let in":   bans,
		"a reboot in between":                              reboot,
		"usage, and a device thrown out":                   usage,
		"a pass: given once, capped, taken back, swept":    pass,
		"no pass for strangers, and not too many":          passRefused,
		"many at once, some there already, some foreign":   many,
		"many ended at once":                               manyEnded,
		"many on a router that goes away":                  manyAway,
		"names that nobody may take":                       takenNames,
		"everything that a router holds":                   listing,
		"what differs is corrected and nothing else":       corrections,
		"corrections leave strangers alone":                correctionsOfStrangers,
		"ended users are kept out, then removed":           endings,
		"many are corrected at once":                       correctedMany,
		"the router ends users past their end":             ends,
		"the router notes a first login":                   firstLogin,
		"a bound is written with what differs alone":       bounds,
		"the scheduler of ends is held":                    scheduler,
		"a clock that is not right ends nobody early":      endsByClock,
		"who is switched off keeps an end that is to come": switchedOff,
	} {
		t.Run(name, func(t *testing.T) { test(t, make(t)) })
	}
	for _, trouble := range []Trouble{LostBefore, LostAfter, HungAfter, Cut, Garbage, Oversized} {
		t.Run("one user after trouble: "+string(trouble), func(t *testing.T) { oneUser(t, make(t), trouble) })
		t.Run("many after trouble: "+string(trouble), func(t *testing.T) { manyTroubled(t, make(t), trouble) })
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, k fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, k) || (code != "" && fault.CodeOf(err) != code) {
		t.Fatalf("got %v, want %s %s", err, k, code)
	}
}

func made(t *testing.T, f Fixture) {
	u := User("abcdefg")
	got, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	row := f.Row(u.Name)
	if got.Existed || row["password"] != u.Password || row["profile"] != u.Profile.Name || row["comment"] != u.Comment || row["limit-uptime"] != "1h30m" || row["limit-bytes-total"] != "500000000" {
		t.Fatalf("%v %v", got, row)
	}
	there, err := f.Driver.FindUser(ctx, f.Router, u.Name, u.OrderMark)
	must(t, err)
	other, err := f.Driver.FindUser(ctx, f.Router, "nobody", u.OrderMark)
	must(t, err)
	if !there || other {
		t.Fatal(there, other)
	}
}

func again(t *testing.T, f Fixture) {
	u := User("abcdefg")
	for i := range 3 {
		got, err := f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		if got.Existed != (i > 0) {
			t.Fatal(i, got)
		}
	}
	if n := f.Users(u.Name); n != 1 {
		t.Fatalf("%d users", n)
	}
}

func foreign(t *testing.T, f Fixture) {
	u := User("abcdefg")
	f.Foreign(u.Name)
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	want(t, err, fault.Conflict, "router.name_taken")
	if row := f.Row(u.Name); row["password"] == u.Password || row["profile"] == u.Profile.Name {
		t.Fatal("changed somebody else's user", row)
	}
	there, err := f.Driver.FindUser(ctx, f.Router, u.Name, u.OrderMark)
	must(t, err)
	if there {
		t.Fatal("took it for ours")
	}
}

func drift(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	for field, value := range map[string]string{"disabled": "yes", "limit-uptime": "1s", "profile": "default"} {
		f.Change(u.Name, field, value)
		_, err = f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		if row := f.Row(u.Name); row["disabled"] == "true" || row["limit-uptime"] != "1h30m" || row["profile"] != u.Profile.Name {
			t.Fatal(field, row)
		}
	}
}

func oneUser(t *testing.T, f Fixture, trouble Trouble) {
	u := User("abcdefg")
	f.Set(trouble)
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	f.Set(None)
	for tries := 0; err != nil && tries < 20; tries++ {
		if !fault.Is(err, fault.Unknown) && !fault.Is(err, fault.Unavailable) {
			t.Fatal("steers wrongly:", err)
		}
		_, err = f.Driver.EnsureUser(ctx, f.Router, u)
	}
	must(t, err)
	if n := f.Users(u.Name); n != 1 {
		t.Fatalf("%d users", n)
	}
}

func parallel(t *testing.T, f Fixture) {
	var all sync.WaitGroup
	for i := range 50 {
		all.Add(1)
		go func() {
			defer all.Done()
			if _, err := f.Driver.EnsureUser(ctx, f.Router, User(fmt.Sprintf("user%d", i%25))); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	for i := range 25 {
		if n := f.Users(fmt.Sprintf("user%d", i)); n != 1 {
			t.Errorf("user%d: %d", i, n)
		}
	}
}

func refused(t *testing.T, f Fixture) {
	f.Set(NoPermission)
	_, err := f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Config, "router.permission")
	f.Set(WrongLogin)
	f.Driver.Forget(f.Router.ID)
	_, err = f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Config, "router.login_rejected")
	f.Set(Down)
	f.Driver.Forget(f.Router.ID)
	_, err = f.Driver.EnsureUser(ctx, f.Router, User("abcdefg"))
	want(t, err, fault.Unavailable, "router.unreachable")
}

func hanging(t *testing.T, f Fixture) {
	f.Set(HangEverybody)
	done := make(chan error, 1)
	go func() { _, err := f.Driver.EnsureUser(ctx, f.Router, User("abcdefg")); done <- err }()
	select {
	case err := <-done:
		want(t, err, fault.Unavailable, "")
	case <-time.After(20 * time.Second):
		t.Fatal("not bounded")
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.Driver.Ping(short, f.Router); err == nil {
		t.Fatal("a cancelled call succeeded")
	}
}

func disable(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, u.Name, u.Password))
	for range 2 {
		must(t, f.Driver.DisableUser(ctx, f.Router, u.Name))
	}
	if who := f.OnlineAs("AA:BB:CC:00:00:01"); who != "" || f.Row(u.Name)["disabled"] != "true" {
		t.Fatal("still online as", who)
	}
	must(t, f.Driver.DisableUser(ctx, f.Router, "nobody"))
}

func connect(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	for _, dev := range []hotspot.Device{{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.3"}, {MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.2"}} {
		want(t, f.Driver.Connect(ctx, f.Router, dev, u.Name, u.Password), fault.NotFound, "device.not_seen")
	}
	dev := hotspot.Device{MAC: "aa-bb-cc-00-00-01", IP: "10.5.50.2"}
	for range 2 {
		must(t, f.Driver.Connect(ctx, f.Router, dev, u.Name, u.Password))
	}
	if who := f.OnlineAs("AA:BB:CC:00:00:01"); who != u.Name {
		t.Fatal(who)
	}
	other := User("hijklmn")
	_, err = f.Driver.EnsureUser(ctx, f.Router, other)
	must(t, err)
	want(t, f.Driver.Connect(ctx, f.Router, dev, other.Name, other.Password), fault.Conflict, "device.busy")
}

func hostile(t *testing.T, f Fixture) {
	for _, dev := range []hotspot.Device{{}, {MAC: "x", IP: "10.0.0.1"}, {MAC: "AA:BB:CC:00:00:01", IP: "::1"}, {MAC: "AA:BB:CC:00:00:01", IP: "10.0.0.1\n=disabled=yes"}, {MAC: "AA:BB:CC:00:00:01:02:03", IP: "10.0.0.1"}} {
		want(t, f.Driver.Connect(ctx, f.Router, dev, "a", "b"), fault.NotFound, "device.not_seen")
	}
}

func reads(t *testing.T, f Fixture) {
	h, err := f.Driver.Ping(ctx, f.Router)
	must(t, err)
	if h.Version == "" || h.Identity == "" || h.ClockSkew > 5*time.Second || h.ClockSkew < -5*time.Second || h.Latency <= 0 {
		t.Fatalf("%+v", h)
	}
	u := User("abcdefg")
	_, err = f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, u.Name, u.Password))
	used, err := f.Driver.Usage(ctx, f.Router, u.Name)
	must(t, err)
	if len(used.Sessions) != 1 || used.Sessions[0].User != u.Name || used.Sessions[0].MAC != "AA:BB:CC:00:00:01" {
		t.Fatalf("%+v", used.Sessions)
	}
}

// whoIsOnline asks for everybody, then for those who are new, then for how long.
func whoIsOnline(t *testing.T, f Fixture) {
	names := []string{"abcdefg", "hijklmn", "opqrstu"}
	for i, name := range names {
		u := User(name)
		u.Profile.SharedUsers = 3
		_, err := f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		for phone := range i { // the first one has none
			mac, ip := fmt.Sprintf("AA:BB:CC:00:0%d:0%d", i, phone), fmt.Sprintf("10.5.50.%d", 10*i+phone)
			f.Join(mac, ip)
			must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: mac, IP: ip}, u.Name, u.Password))
			f.Wait(time.Minute)
		}
	}
	online := func(known ...string) []string {
		t.Helper()
		out, err := f.Driver.Online(ctx, f.Router, func(user []byte) bool { return !slices.Contains(known, string(user)) })
		must(t, err)
		return out
	}
	if got := online(); !slices.Equal(got, names[1:]) {
		t.Fatal(got)
	}
	if got := online(names[1]); !slices.Equal(got, names[2:]) {
		t.Fatal(got)
	}
	many := slices.Clone(names)
	for i := range 100 {
		many = append(many, fmt.Sprintf("stranger%d", i))
	}
	for _, asked := range [][]string{{names[2]}, names, many} {
		got, err := f.Driver.OnlineFor(ctx, f.Router, asked)
		must(t, err)
		want := map[string]time.Duration{names[2]: 2 * time.Minute}
		if len(asked) > 1 {
			want[names[1]] = 3 * time.Minute
		}
		for name, d := range got {
			got[name] = d.Truncate(time.Minute)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("asked for %d: %v", len(asked), got)
		}
	}
	if got, err := f.Driver.OnlineFor(ctx, f.Router, nil); err != nil || len(got) > 0 {
		t.Fatal(got, err)
	}
	sessions, err := f.Driver.Sessions(ctx, f.Router)
	must(t, err)
	slices.SortFunc(sessions, func(a, b hotspot.Session) int { return cmp.Compare(a.MAC, b.MAC) })
	for i, x := range sessions {
		if x.Server == "" || x.Uptime < time.Minute || x.Bytes < 0 {
			t.Fatalf("%+v", x)
		}
		x.Uptime, x.Server, x.Bytes, x.Left = x.Uptime.Truncate(time.Minute), "", 0, 0
		sessions[i] = x
	}
	whole := []hotspot.Session{{User: names[1], MAC: "AA:BB:CC:00:01:00", IP: "10.5.50.10", Uptime: 3 * time.Minute, Name: DeviceName("AA:BB:CC:00:01:00")},
		{User: names[2], MAC: "AA:BB:CC:00:02:00", IP: "10.5.50.20", Uptime: 2 * time.Minute, Name: DeviceName("AA:BB:CC:00:02:00")},
		{User: names[2], MAC: "AA:BB:CC:00:02:01", IP: "10.5.50.21", Uptime: time.Minute, Name: DeviceName("AA:BB:CC:00:02:01")}}
	if !slices.Equal(sessions, whole) {
		t.Fatalf("%+v", sessions)
	}
	f.Set(Down)
	_, err = f.Driver.Online(ctx, f.Router, func([]byte) bool { return true })
	want(t, err, fault.Unavailable, "router.unreachable")
	_, err = f.Driver.Sessions(ctx, f.Router)
	want(t, err, fault.Unavailable, "router.unreachable")
	_, err = f.Driver.OnlineFor(ctx, f.Router, names)
	want(t, err, fault.Unavailable, "router.unreachable")
}

func reboot(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Reboot()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		<-tick.C
		if _, err = f.Driver.EnsureUser(ctx, f.Router, User("hijklmn")); err == nil {
			break
		}
		if !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Unknown) {
			t.Fatal(err)
		}
	}
	must(t, err)
	if f.Users("abcdefg") != 1 || f.Users("hijklmn") != 1 {
		t.Fatal("users lost")
	}
}
