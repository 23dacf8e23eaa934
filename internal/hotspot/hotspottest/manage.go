package hotspottest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// RunManager runs the suite of hotspot.Manager on drivers that have it.
func RunManager(t *testing.T, make func(t *testing.T) Fixture) {
	for name, test := range map[string]func(*testing.T, Fixture, hotspot.Manager){
		"what the dashboard shows":               dashboard,
		"users: listed, found, changed, removed": manageUsers,
		"a session that is ended stays ended":    manageSessions,
		"profiles keep Mikhmon's list":           manageProfiles,
		"every menu that can be added to":        manageRows,
		"a lost answer makes one row":            manageLost,
		"nonsense is refused":                    manageNonsense,
	} {
		t.Run(name, func(t *testing.T) {
			f := make(t)
			test(t, f, f.Driver.(hotspot.Manager))
		})
	}
}

func find(t *testing.T, m hotspot.Manager, r hotspot.Router, menu hotspot.Menu, name string) hotspot.Item {
	t.Helper()
	found, err := m.Find(ctx, r, menu, name)
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%s %q: %d rows", menu, name, len(found))
	}
	return found[0]
}

func dashboard(t *testing.T, f Fixture, m hotspot.Manager) {
	f.Foreign("member")
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	o, err := m.Overview(ctx, f.Router)
	must(t, err)
	if o.Identity == "" || o.Version == "" || o.CPUs == 0 || o.MemoryTotal <= o.MemoryFree || o.DiskTotal == 0 || o.Users < 1 || len(o.Interfaces) == 0 || o.Now.IsZero() || o.Model == "" || o.Latency <= 0 {
		t.Errorf("%+v", o)
	}
	s, err := m.Sample(ctx, f.Router)
	must(t, err)
	if s.Memory < 1 || s.Memory > 99 {
		t.Errorf("%+v", s)
	}
	if _, err := m.Traffic(ctx, f.Router, o.Interfaces[0].Name); err != nil {
		t.Error(err)
	}
	_, err = m.Traffic(ctx, f.Router, "no such interface")
	want(t, err, fault.Refused, "")
	f.Reboot()
	for err = fault.New(fault.Unavailable, "router.unreachable"); err != nil; {
		_, err = m.Sample(ctx, f.Router)
	}
	lines, err := m.Log(ctx, f.Router, "", 5)
	must(t, err)
	system, err := m.Log(ctx, f.Router, "system", 5)
	must(t, err)
	none, err := m.Log(ctx, f.Router, "no-such-topic", 5)
	must(t, err)
	if len(lines) == 0 || len(system) == 0 || len(none) != 0 || lines[0].Message == "" || !strings.Contains(system[0].Topics, "system") {
		t.Errorf("%v %v %v", lines, system, none)
	}
}

func manageUsers(t *testing.T, f Fixture, m hotspot.Manager) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	spec, _ := hotspot.SpecOf(hotspot.MenuUsers)
	all, err := m.List(ctx, f.Router, hotspot.MenuUsers)
	must(t, err)
	x := find(t, m, f.Router, hotspot.MenuUsers, u.Name)
	if !slices.ContainsFunc(all, func(i hotspot.Item) bool { return i.ID == x.ID }) || spec.Of(x, "comment") != u.Comment || spec.Of(x, "profile") != u.Profile.Name {
		t.Fatalf("%+v in %+v", x, all)
	}
	must(t, m.Set(ctx, f.Router, hotspot.MenuUsers, x.ID, map[string]string{"limit-uptime": "2h", "limit-bytes-total": "", "mac-address": "AA:BB:CC:00:00:09", "comment": "a=b, c"}))
	d, err := m.Detail(ctx, f.Router, hotspot.MenuUsers, x.ID)
	must(t, err)
	if d["limit-uptime"] != "2h" || d["mac-address"] != "AA:BB:CC:00:00:09" || d["comment"] != "a=b, c" || d["profile"] != u.Profile.Name {
		t.Errorf("%v", d)
	}
	must(t, m.Set(ctx, f.Router, hotspot.MenuUsers, x.ID, map[string]string{"mac-address": ""}))
	used, err := m.Counters(ctx, f.Router, []string{u.Name, "default-trial", "nobody"})
	must(t, err)
	if len(used) != 2 || used[u.Name].LimitUptime.Hours() != 2 || used[u.Name].LimitBytes != 0 {
		t.Errorf("%+v", used)
	}
	must(t, m.ResetCounters(ctx, f.Router, x.ID))
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	dev := hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}
	must(t, f.Driver.Connect(ctx, f.Router, dev, u.Name, u.Password))
	must(t, m.Set(ctx, f.Router, hotspot.MenuUsers, x.ID, map[string]string{"disabled": "yes"}))
	if f.OnlineAs(dev.MAC) != "" || f.Row(u.Name)["disabled"] != "true" {
		t.Error("a disabled user stays online")
	}
	for range 2 {
		must(t, m.Remove(ctx, f.Router, hotspot.MenuUsers, x.ID))
	}
	if f.Users(u.Name) != 0 {
		t.Error("still there")
	}
	_, err = m.Detail(ctx, f.Router, hotspot.MenuUsers, x.ID)
	want(t, err, fault.NotFound, "router.no_item")
}

func manageSessions(t *testing.T, f Fixture, m hotspot.Manager) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	for mac, ip := range map[string]string{"AA:BB:CC:00:00:01": "10.5.50.2", "AA:BB:CC:00:00:02": "10.5.50.3"} {
		f.Join(mac, ip)
		must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: mac, IP: ip}, u.Name, u.Password))
	}
	spec, _ := hotspot.SpecOf(hotspot.MenuActive)
	online, err := m.List(ctx, f.Router, hotspot.MenuActive)
	must(t, err)
	for _, x := range online {
		if spec.Of(x, "mac-address") == "AA:BB:CC:00:00:01" {
			must(t, m.Remove(ctx, f.Router, hotspot.MenuActive, x.ID))
		}
	}
	if len(online) != 2 || f.OnlineAs("AA:BB:CC:00:00:01") != "" || f.OnlineAs("AA:BB:CC:00:00:02") != u.Name {
		t.Errorf("%+v", online)
	}
	hosts, err := m.List(ctx, f.Router, hotspot.MenuHosts)
	must(t, err)
	if len(hosts) != 2 {
		t.Errorf("%d hosts", len(hosts))
	}
}

func manageProfiles(t *testing.T, f Fixture, m hotspot.Manager) {
	values := map[string]string{"name": "harian", "rate-limit": "2M/5M", "shared-users": "2", "address-pool": "", "expiry-mode": "0", "price": "3000", "validity": "", "selling-price": "5000", "lock-user": "Disable"}
	id, err := m.Add(ctx, f.Router, hotspot.MenuProfiles, values)
	must(t, err)
	_, err = m.Add(ctx, f.Router, hotspot.MenuProfiles, values)
	want(t, err, fault.Conflict, "router.exists")
	for field, v := range map[string]string{"expiry-mode": "remc", "lock-user": "Enable", "validity": "1d"} { // labels without a script behind them
		_, err = m.Add(ctx, f.Router, hotspot.MenuProfiles, map[string]string{"name": "lain", "shared-users": "1", field: v})
		want(t, err, fault.Invalid, "router.profile_script")
		want(t, m.Set(ctx, f.Router, hotspot.MenuProfiles, id, map[string]string{field: v}), fault.Invalid, "router.profile_script")
	}
	d, err := m.Detail(ctx, f.Router, hotspot.MenuProfiles, id)
	must(t, err)
	for name, v := range values {
		if d[name] != v && name != "address-pool" {
			t.Errorf("%s is %q, want %q", name, d[name], v)
		}
	}
	must(t, m.Set(ctx, f.Router, hotspot.MenuProfiles, id, map[string]string{"expiry-mode": "0", "price": "4000"}))
	must(t, m.Set(ctx, f.Router, hotspot.MenuProfiles, id, map[string]string{"rate-limit": ""}))
	d, err = m.Detail(ctx, f.Router, hotspot.MenuProfiles, id)
	must(t, err)
	if d["expiry-mode"] != "0" || d["price"] != "4000" || d["selling-price"] != "5000" || d["rate-limit"] != "" {
		t.Errorf("%v", d)
	}
	must(t, m.Remove(ctx, f.Router, hotspot.MenuProfiles, id))
}

var rows = map[hotspot.Menu]map[string]string{
	hotspot.MenuBindings:       {"mac-address": "AA:BB:CC:00:00:07", "type": "bypassed", "server": "", "comment": "printer"},
	hotspot.MenuWalledGarden:   {"dst-host": "*.example.net", "path": "/a", "action": "allow", "comment": "toko"},
	hotspot.MenuWalledGardenIP: {"dst-host": "toko.example.net", "protocol": "tcp", "dst-port": "443", "action": "accept", "comment": "toko"},
}

func manageRows(t *testing.T, f Fixture, m hotspot.Manager) {
	for menu, values := range rows {
		spec, _ := hotspot.SpecOf(menu)
		clean, err := spec.Check(values)
		must(t, err)
		id, err := m.Add(ctx, f.Router, menu, clean)
		must(t, err)
		_, err = m.Add(ctx, f.Router, menu, clean)
		want(t, err, fault.Conflict, "router.exists")
		less := maps.Clone(clean)
		delete(less, "comment")
		second, err := m.Add(ctx, f.Router, menu, less)
		must(t, err)
		must(t, m.Set(ctx, f.Router, menu, id, map[string]string{"disabled": "yes", "comment": ""}))
		d, err := m.Detail(ctx, f.Router, menu, id)
		must(t, err)
		if d["disabled"] != "true" || d["comment"] != "" {
			t.Errorf("%s: %v", menu, d)
		}
		for _, x := range []string{id, second} {
			must(t, m.Remove(ctx, f.Router, menu, x))
		}
		left, err := m.List(ctx, f.Router, menu)
		must(t, err)
		if len(left) != 0 {
			t.Errorf("%s: %+v", menu, left)
		}
	}
	servers, err := m.List(ctx, f.Router, hotspot.MenuServers)
	must(t, err)
	must(t, m.Set(ctx, f.Router, hotspot.MenuServers, servers[0].ID, map[string]string{"disabled": "yes"}))
	c, err := m.Choices(ctx, f.Router)
	must(t, err)
	if len(c.Profiles) == 0 || len(c.Servers) == 0 || len(c.Pools) == 0 {
		t.Errorf("%+v", c)
	}
}

func manageLost(t *testing.T, f Fixture, m hotspot.Manager) {
	f.Set(LostBinding)
	id, err := m.Add(ctx, f.Router, hotspot.MenuBindings, rows[hotspot.MenuBindings])
	must(t, err)
	f.Set(None)
	all, err := m.List(ctx, f.Router, hotspot.MenuBindings)
	must(t, err)
	if len(all) != 1 || all[0].ID != id {
		t.Errorf("%q in %+v", id, all)
	}
	f.Set(Down)
	_, err = m.Overview(ctx, f.Router)
	want(t, err, fault.Unavailable, "router.unreachable")
}

func manageNonsense(t *testing.T, f Fixture, m hotspot.Manager) {
	_, err := m.List(ctx, f.Router, "nothing")
	want(t, err, fault.NotFound, "router.no_menu")
	for _, id := range []string{"", "*1", "1,2", "zz", "1\n=x=y"} {
		_, err := m.Detail(ctx, f.Router, hotspot.MenuUsers, id)
		want(t, err, fault.NotFound, "router.no_item")
		want(t, m.Set(ctx, f.Router, hotspot.MenuUsers, id, map[string]string{"disabled": "yes"}), fault.NotFound, "router.no_item")
		must(t, m.Remove(ctx, f.Router, hotspot.MenuUsers, id))
	}
	_, err = m.Add(ctx, f.Router, hotspot.MenuUsers, map[string]string{"name": "x"})
	want(t, err, fault.Refused, "")
	want(t, m.Remove(ctx, f.Router, hotspot.MenuServers, "1"), fault.Refused, "")
}
