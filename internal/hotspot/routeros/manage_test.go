package routeros

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/hotspottest"
	"gerai/internal/sim/routerossim"
)

func TestManager(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.22"} {
		t.Run(version, func(t *testing.T) {
			hotspottest.RunManager(t, func(t *testing.T) hotspottest.Fixture { return fixture(t, version) })
		})
	}
}

// CHR has no board: the dashboard shows the rest.
func TestOverviewWithoutBoard(t *testing.T) {
	for _, version := range []string{"6.49", "7.22"} {
		sim := start(t, routerossim.Options{Version: version, Board: "CHR"})
		d := New(quick())
		o, err := d.Overview(t.Context(), hotspot.Router{ID: "chr", Address: sim.Addr(), User: "gerai", Password: "rahasia"})
		if err != nil || o.Model != "" || o.CPUs == 0 || len(o.Interfaces) == 0 {
			t.Errorf("%s: %+v %v", version, o, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestReboot(t *testing.T) {
	sim := start(t, routerossim.Options{})
	d := New(quick())
	defer d.Close()
	r := hotspot.Router{ID: "r", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
	if err := d.Reboot(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, line := range sim.Rows("log") {
		if strings.Contains(line["message"], "rebooted") {
			return
		}
	}
	t.Error("nothing restarted")
}

func TestRebootOfADeadRouterFails(t *testing.T) {
	sim := start(t, routerossim.Options{})
	d := New(quick())
	defer d.Close()
	r := hotspot.Router{ID: "r", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
	if _, err := d.Ping(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	sim.SetFaults(routerossim.Faults{Down: true})
	if err := d.Reboot(t.Context(), r); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
}

func TestCertificateIsSeenBeforeAnybodyLogsIn(t *testing.T) {
	sim := start(t, routerossim.Options{TLSAddr: "127.0.0.1:0"})
	d := New(quick())
	defer d.Close()
	got, err := d.Certificate(t.Context(), hotspot.Router{ID: "new", Address: sim.TLSAddr()})
	if err != nil || got != sim.Fingerprint() {
		t.Error(got, err)
	}
	if _, err := d.Certificate(t.Context(), hotspot.Router{ID: "plain", Address: sim.Addr()}); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
}

// Mikhmon reads the list by place from the whole script; what stands behind it is foreign
// and stays.
func TestMeta(t *testing.T) {
	for script, want := range map[string]string{
		`:put (",rem,3000,1d,5000,,Enable,"); { /sys sch add name="$user" disable=no start-date=$date interval="1d"; :delay 5s}`: `:put (",rem,4000,1d,5000,,Enable,"); { /sys sch add name="$user" disable=no start-date=$date interval="1d"; :delay 5s}`,
		`:put (",,0,,,noexp,Disable,")`: `:put (",,4000,,0,noexp,Disable,")`,
		`:log info "hello"`:             `:put (",,4000,,0,noexp,Disable,");:log info "hello"`,
		``:                              `:put (",,4000,,0,noexp,Disable,")`,
	} {
		if got, err := readMeta(script).with(map[string]string{hotspot.FieldCost: "4000"}); got != want || err != nil {
			t.Errorf("%s: %s %v", script, got, err)
		}
	}
	if m := readMeta(`:put (",bogus,1,2,3`); m.there || m.of(hotspot.FieldExpiry) != "" {
		t.Error("half a list was read")
	}
}

// recording is a script of the shape that Mikhmon gives a profile with a sale
// record; later versions have more places in the list.
const recording = `:put (",remc,3000,1d,5000,,Disable,all,"); {:local date [/system clock get date]; /sys sch add name="$user" disable=no start-date=$date interval="1d"; :delay 5s; /system script add name="$date-|-$time-|-$user-|-3000-|-$address-|-$mac-|-1d-|-harian-|-$comment" owner="$month$year" comment="mikhmon"}`

// Price and validity are changed where the router acts on them, or not at all.
func TestScriptFollowsTheList(t *testing.T) {
	for _, c := range []struct {
		script      string
		values      map[string]string
		want, field string
	}{
		{recording, map[string]string{"price": "4500", "validity": "2d"}, strings.NewReplacer(",3000,1d,", ",4500,2d,", `interval="1d"`, `interval="2d"`, "-|-3000-|-", "-|-4500-|-", "-|-1d-|-", "-|-2d-|-").Replace(recording), ""},
		{recording, map[string]string{"selling-price": "6000"}, strings.Replace(recording, ",5000,", ",6000,", 1), ""},
		{recording, map[string]string{"price": ""}, strings.NewReplacer(",3000,1d,", ",0,1d,", "-|-3000-|-", "-|-0-|-").Replace(recording), ""},
		{recording, map[string]string{"validity": ""}, "", "validity"},
		{recording, map[string]string{"expiry-mode": "0"}, "", "expiry-mode"},
		{recording, map[string]string{"expiry-mode": "ntf"}, "", "expiry-mode"},
		{recording, map[string]string{"lock-user": "Enable"}, "", "lock-user"},
		// Edited by hand, or a label that an older version changed alone.
		{strings.Replace(recording, `interval="1d"`, `interval="3d"`, 1), map[string]string{"price": "1"}, "", "price"},
		{strings.Replace(recording, "-|-3000-|-", "-|-2000-|-", 1), map[string]string{"validity": "2d"}, "", "validity"},
		{strings.Replace(recording, "-|-$user-|-", "-|-", 1), map[string]string{"price": "1"}, "", "price"},
		{`:put (",remc,3000,1d,5000,,Disable,")`, map[string]string{"price": "1"}, "", "price"},
		{`:put (",remc,3000,1d,5000,,Disable,")`, map[string]string{"selling-price": "1"}, `:put (",remc,3000,1d,1,,Disable,")`, ""},
	} {
		got, err := readMeta(c.script).with(c.values)
		var f *fault.Error
		if got != c.want || (err == nil) != (c.field == "") || err != nil && (!errors.As(err, &f) || f.Field != c.field || f.Code != "router.profile_script") {
			t.Errorf("%v in %s:\n%s\n%v", c.values, c.script, got, err)
		}
	}
}

// As many users as a router may have: one read, bounded, and a search that the router does.
func TestManyUsers(t *testing.T) {
	sim := start(t, routerossim.Options{})
	fillUp(t, sim)
	o := quick()
	o.CallTimeout, o.OpTimeout = 10*time.Second, 20*time.Second
	d := New(o)
	defer d.Close()
	r := hotspot.Router{ID: "r", Address: sim.Addr(), User: "gerai", Password: "rahasia"}
	all, err := d.List(t.Context(), r, hotspot.MenuUsers)
	if err != nil || len(all) != many+1 {
		t.Fatal(len(all), err)
	}
	found, err := d.Find(t.Context(), r, hotspot.MenuUsers, "u05999")
	if err != nil || len(found) != 1 {
		t.Error(found, err)
	}
}

func fillUp(t *testing.T, sim *routerossim.Router) {
	t.Helper()
	for i := range many {
		if err := sim.Command("/ip/hotspot/user/add", "=name=u"+padded(i), "=password=x", "=comment=vc-123-11.24.26-"); err != nil {
			t.Fatal(err)
		}
	}
}

func padded(i int) string { return fmt.Sprintf("%05d", i) }
