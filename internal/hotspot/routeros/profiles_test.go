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

// sent counts the commands that a router was sent during fn, logins not counted.
func sent(t *testing.T, sim *routerossim.Router, fn func()) (n int64) {
	t.Helper()
	count := func() (n int64) {
		for command, times := range sim.CommandLog().Counters {
			if command != "/login" {
				n += times
			}
		}
		return n
	}
	before := count()
	fn()
	return count() - before
}

// sale makes a user that must not have been there.
func sale(t *testing.T, d *Driver, r hotspot.Router, name string) {
	t.Helper()
	if got, err := d.EnsureUser(t.Context(), r, hotspottest.User(name)); err != nil || got.Existed {
		t.Fatalf("%s: %+v %v", name, got, err)
	}
}

func profileOf(sim *routerossim.Router, name string) map[string]string {
	for _, row := range sim.Rows("ip/hotspot/user/profile") {
		if row["name"] == name {
			return row
		}
	}
	return nil
}

// A sale is a look whether the user is there and its adding; what the router's profiles are is
// known from the sale before.
func TestCommandsOfASale(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.22"} {
		t.Run(version, func(t *testing.T) {
			sim, d, r := simulated(t, version, "gerai")
			for i, want := range []int64{4, 3, 2, 2, 2} {
				if n := sent(t, sim, func() { sale(t, d, r, fmt.Sprint("user", i)) }); n != want {
					t.Errorf("sale %d took %d commands, want %d", i, n, want)
				}
			}
			if n := sent(t, sim, func() {
				if got, err := d.EnsureUser(t.Context(), r, hotspottest.User("user3")); err != nil || !got.Existed {
					t.Fatal(got, err)
				}
			}); n != 1 {
				t.Errorf("a sale that was made already took %d commands", n)
			}
			// Only of an unknown outcome a second look is taken.
			sim.SetFaults(routerossim.Faults{DropAfter: true, Only: userMenu + "/add", Count: 1})
			if n := sent(t, sim, func() {
				if _, err := d.EnsureUser(t.Context(), r, hotspottest.User("lost")); err != nil {
					t.Fatal(err)
				}
			}); n != 3 {
				t.Errorf("a sale whose answer was lost took %d commands", n)
			}
			if n := len(userRows(sim, "lost")); n != 1 {
				t.Errorf("%d users", n)
			}
		})
	}
}

func userRows(sim *routerossim.Router, name string) (out []map[string]string) {
	for _, row := range sim.Rows("ip/hotspot/user") {
		if row["name"] == name {
			out = append(out, row)
		}
	}
	return out
}

// What is known of profiles is forgotten where it may be wrong.
func TestKnownProfiles(t *testing.T) {
	own := hotspottest.User("x").Profile.Name
	for _, version := range []string{"6.49", "7.16"} {
		for name, test := range map[string]func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router){
			"the profile was removed": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				must(t, sim.Command("/ip/hotspot/user/profile/remove", "=numbers="+own))
				sale(t, d, r, "again")
				if rows := userRows(sim, "again"); profileOf(sim, own) == nil || len(rows) != 1 || rows[0]["profile"] != own {
					t.Fatal(rows)
				}
			},
			"the profile of a user that is there was removed": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				must(t, sim.Command("/ip/hotspot/user/set", "=numbers=second", "=profile=default"))
				must(t, sim.Command("/ip/hotspot/user/set", "=numbers=first", "=profile=default"))
				must(t, sim.Command("/ip/hotspot/user/profile/remove", "=numbers="+own))
				if _, err := d.EnsureUser(t.Context(), r, hotspottest.User("second")); err != nil {
					t.Fatal(err)
				}
				if rows := userRows(sim, "second"); rows[0]["profile"] != own {
					t.Fatal(rows)
				}
			},
			"the profile was changed, then a review corrects a user": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				must(t, sim.Command("/ip/hotspot/user/profile/set", "=numbers="+own, "=rate-limit=9M/9M"))
				if got := d.CorrectUsers(t.Context(), r, []hotspot.Correction{{User: hotspottest.User("second")}})[0]; got.Err != nil {
					t.Fatal(got)
				}
				if p := profileOf(sim, own); p["rate-limit"] != "2M/5M" {
					t.Fatal(p)
				}
			},
			"the panel changes a profile": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				if err := d.Set(t.Context(), r, hotspot.MenuProfiles, itemID(profileOf(sim, own)), map[string]string{"rate-limit": "9M/9M"}); err != nil {
					t.Fatal(err)
				}
				sale(t, d, r, "again")
				if p := profileOf(sim, own); p["rate-limit"] != "2M/5M" {
					t.Fatal(p)
				}
			},
			"the router restarts": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				must(t, sim.Command("/ip/hotspot/user/profile/set", "=numbers="+own, "=rate-limit=9M/9M"))
				x, err := d.device(r)
				if err != nil {
					t.Fatal(err)
				}
				x.profiles.running(time.Hour)
				if rows, _, _ := x.profiles.known(); rows == nil {
					t.Fatal("forgotten although the router has run on")
				}
				x.profiles.running(0)
				sale(t, d, r, "again")
				if p := profileOf(sim, own); p["rate-limit"] != "2M/5M" {
					t.Fatal(p)
				}
			},
			"a profile has the user's name": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				must(t, sim.Command("/ip/hotspot/user/profile/add", "=name=abcdefg"))
				d.Forget(r.ID)
				for range 2 { // read, then known
					if _, err := d.EnsureUser(t.Context(), r, hotspottest.User("abcdefg")); fault.CodeOf(err) != "router.name_taken" || len(userRows(sim, "abcdefg")) > 0 {
						t.Fatal(err)
					}
				}
			},
			"more profiles than are kept": func(t *testing.T, sim *routerossim.Router, d *Driver, r hotspot.Router) {
				for i := range mostProfiles {
					must(t, sim.Command("/ip/hotspot/user/profile/add", fmt.Sprint("=name=p", i)))
				}
				d.Forget(r.ID)
				for i, want := range []int64{3, 3, 3} {
					if n := sent(t, sim, func() { sale(t, d, r, fmt.Sprint("user", i)) }); n != want {
						t.Errorf("sale %d took %d commands, want %d", i, n, want)
					}
				}
				if _, err := d.EnsureUser(t.Context(), r, hotspottest.User("p7")); fault.CodeOf(err) != "router.name_taken" {
					t.Fatal(err)
				}
			},
		} {
			t.Run(name+" on "+version, func(t *testing.T) {
				sim, _, r := simulated(t, version, "gerai")
				d := New(Options{CallTimeout: 4 * time.Second})
				defer d.Close()
				sale(t, d, r, "first")
				sale(t, d, r, "second")
				test(t, sim, d, r)
			})
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A list that was read before profiles changed is not kept after it.
func TestProfilesThatChangeWhileTheyAreRead(t *testing.T) {
	var p profiles
	_, changes, _ := p.known()
	p.forget()
	if p.keep(map[string]row{"default": {}}, changes); p.rows != nil {
		t.Fatal("kept")
	}
	_, changes, _ = p.known()
	p.keep(map[string]row{"1hari": {"name": "1hari", "on-login": strings.Repeat("x", 3000)}}, changes)
	if rows, _, _ := p.known(); rows == nil || rows["1hari"] == nil || rows["1hari"]["on-login"] != "" {
		t.Fatalf("%v", rows)
	}
}
