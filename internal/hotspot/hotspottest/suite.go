package hotspottest

import (
	"context"
	"strings"
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
