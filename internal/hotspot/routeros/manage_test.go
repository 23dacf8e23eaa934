package routeros

import (
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

// Mikhmon reads the list by place from the whole script; what stands behind it
// is somebody's and stays.
func TestMeta(t *testing.T) {
	for script, want := range map[string]string{
		`:put (",rem,3000,1d,5000,,Enable,"); :local a "x"`: `:put (",rem,4000,1d,5000,,Enable,"); :local a "x"`,
		`:put (",,0,,,noexp,Disable,")`:                     `:put (",,4000,,0,noexp,Disable,")`,
		`:log info "hello"`:                                 `:put (",,4000,,0,noexp,Disable,");:log info "hello"`,
		``:                                                  `:put (",,4000,,0,noexp,Disable,")`,
	} {
		if got := readMeta(script).with(map[string]string{hotspot.FieldCost: "4000"}); got != want {
			t.Errorf("%s: %s", script, got)
		}
	}
	if m := readMeta(`:put (",bogus,1,2,3`); m.there || m.of(hotspot.FieldExpiry) != "" {
		t.Error("half a list was read")
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
