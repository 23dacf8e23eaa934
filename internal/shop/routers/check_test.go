package routers_test

import (
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/sim/routerossim"
)

// A router that is set up and up to date has no findings.
func TestCheckIsQuiet(t *testing.T) {
	g := newRig(t, board{version: "7.24.2"})
	if before := g.audit(routers.ProvisioningOptions{}); before["kit.group"].Values["state"] != "missing" || before["kit.page"].Severity != hotspot.Wrong || before["account_plain"].ID == "" {
		t.Errorf("before setup: %+v", before)
	}
	g.setUp()
	photo := g.photo()
	for id, f := range g.audit(routers.ProvisioningOptions{}) {
		if f.Severity != hotspot.Note {
			t.Errorf("%s: %+v", id, f)
		}
	}
	g.same(photo)
}

// Everything that an operator can get wrong is found, under its own id.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	set := func(menu, row string, fields ...string) func(*rig) {
		return func(g *rig) {
			words := []string{"/" + menu + "/set", "=.id=" + row}
			for _, f := range fields {
				words = append(words, "="+f)
			}
			g.api(words...)
		}
	}
	add := func(menu string, fields ...string) func(*rig) {
		return func(g *rig) {
			words := []string{"/" + menu + "/add"}
			for _, f := range fields {
				words = append(words, "="+f)
			}
			g.api(words...)
		}
	}
	faults := func(f routerossim.Faults) func(*rig) { return func(g *rig) { g.sim.SetFaults(f) } }
	cert := func(days string, ca bool) func(*rig) {
		return func(g *rig) {
			g.api("/certificate/add", "=name=wifi", "=common-name=login.hotspot", "=days-valid="+days)
			if ca {
				g.api("/certificate/add", "=name=root", "=common-name=root")
				g.api("/certificate/sign", "=.id=root")
				g.api("/certificate/sign", "=.id=wifi", "=ca=root")
			} else {
				g.api("/certificate/sign", "=.id=wifi")
			}
			g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=ssl-certificate=wifi", "=login-by=https,http-pap")
		}
	}
	garden, ipGarden := "ip/hotspot/walled-garden", "ip/hotspot/walled-garden/ip"
	for name, c := range map[string]struct {
		spoil func(*rig)
		id    string
		want  hotspot.Severity
	}{
		"shop row gone":       {func(g *rig) { g.api("/"+ipGarden+"/remove", "=.id="+g.sim.Rows(ipGarden)[0][".id"]) }, "kit.garden", hotspot.Wrong},
		"shop row off":        {func(g *rig) { g.api("/"+ipGarden+"/disable", "=.id="+g.sim.Rows(ipGarden)[0][".id"]) }, "kit.garden", hotspot.Wrong},
		"profile gone":        {func(g *rig) { g.api("/ip/hotspot/user/profile/remove", "=.id=gerai-sehari") }, "kit.profile", hotspot.Wrong},
		"pass remembers":      {set("ip/hotspot/user/profile", "gerai-pass", "add-mac-cookie=yes"), "kit.pass", hotspot.Wrong},
		"page changed":        {set("file", "hotspot/login.html", "contents=other"), "kit.page", hotspot.Wrong},
		"rights grown":        {set("user/group", "gerai", "policy=api,read,write,test,ftp,policy"), "account_rights", hotspot.Warning},
		"apple probe":         {add(garden, "dst-host=captive.apple.com"), "probe_host", hotspot.Wrong},
		"google wildcard":     {add(garden, "dst-host=*.gstatic.com"), "probe_host", hotspot.Wrong},
		"microsoft pattern":   {add(ipGarden, "dst-host=www.msftconnect????.com"), "probe_host", hotspot.Wrong},
		"firefox expression":  {add(garden, `dst-host=:^detectportal\.firefox\.com$`), "probe_host", hotspot.Wrong},
		"star":                {add(garden, "dst-host=*"), "garden_wide", hotspot.Wrong},
		"everything":          {add(ipGarden, "dst-address=0.0.0.0/0"), "garden_wide", hotspot.Wrong},
		"no condition":        {add(ipGarden, "action=accept"), "garden_wide", hotspot.Wrong},
		"half the world":      {add(ipGarden, "dst-address=128.0.0.0/1"), "garden_wide", hotspot.Wrong},
		"gateway":             {add(ipGarden, "dst-host=api.xendit.co"), "garden_shared", hotspot.Warning},
		"cdn":                 {add(garden, "dst-host=*.cloudfront.net"), "garden_shared", hotspot.Warning},
		"no name":             {set("ip/hotspot/profile", "hsprof1", "dns-name="), "dns_name_missing", hotspot.Warning},
		"local name":          {set("ip/hotspot/profile", "hsprof1", "dns-name=wifi.local"), "dns_name_local", hotspot.Wrong},
		"chap alone":          {set("ip/hotspot/profile", "hsprof1", "login-by=http-chap,cookie"), "login_chap_only", hotspot.Warning},
		"trial":               {set("ip/hotspot/profile", "hsprof1", "login-by=http-pap,trial"), "login_trial", hotspot.Warning},
		"radius":              {set("ip/hotspot/profile", "hsprof1", "use-radius=yes"), "use_radius", hotspot.Warning},
		"no md5":              {func(g *rig) { g.api("/file/remove", "=.id=hotspot/md5.js") }, "md5_missing", hotspot.Warning},
		"server off":          {func(g *rig) { g.api("/ip/hotspot/disable", "=.id=hotspot1") }, "server_missing", hotspot.Wrong},
		"home mode":           {faults(routerossim.Faults{NoDeviceMode: true}), "device_mode", hotspot.Wrong},
		"flagged":             {faults(routerossim.Faults{Flagged: true}), "flagged", hotspot.Wrong},
		"clock":               {faults(routerossim.Faults{WrongClockSeconds: 600}), "clock", hotspot.Wrong},
		"lost override":       {set("ip/hotspot/profile", "hsprof1", "html-directory-override=tema"), "override_missing", hotspot.Warning},
		"in memory":           {func(g *rig) { g.sim.PutFile("flash/x/y", "") }, "outside_flash", hotspot.Wrong},
		"endless session":     {set("ip/hotspot/user/profile", "gerai-sehari", "session-timeout=2h"), "session_timeout", hotspot.Warning},
		"idle scheduler":      {add("system/scheduler", "name=malam", "start-time=03:00:00", "interval=1d"), "scheduler_start", hotspot.Wrong},
		"end without script":  {add("ip/hotspot/user/profile", "name=harian", `on-login=:put (",remc,3000,1d,5000,,Disable,")`), "profile_script", hotspot.Warning},
		"end without monitor": {add("ip/hotspot/user/profile", "name=harian", `on-login=:put (",rem,3000,1d,5000,,Disable,"); /sys sch add name="$user" start-date=$date interval="1d"`), "profile_monitor", hotspot.Warning},
		"self-signed":         {cert("300", false), "hotspot_certificate", hotspot.Warning},
		"own authority":       {cert("300", true), "hotspot_certificate", hotspot.Warning},
		"old certificate":     {cert("9", true), "certificate_age", hotspot.Wrong},
		"option 114":          {add("ip/dhcp-server/option", "name=x", "code=114", "value=s'https://elsewhere.example/'"), "option_114_other", hotspot.Warning},
		"service open":        {func(*rig) {}, "service_open", hotspot.Note},
		"no option 114":       {func(*rig) {}, "option_114_off", hotspot.Note},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, board{version: "7.24.2"})
			g.setUp()
			was := g.audit(routers.ProvisioningOptions{})
			c.spoil(g)
			got := g.audit(routers.ProvisioningOptions{})[c.id]
			if got.Severity != c.want {
				t.Errorf("%+v", g.audit(routers.ProvisioningOptions{}))
			}
			if had, found := was[c.id]; found && c.want != hotspot.Note {
				t.Errorf("it was there before: %+v", had)
			}
		})
	}
}

func TestCheckVersionsAndLicences(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"7.16": "version_cve", "7.19.1": "version_cve", "7.19.2": "version_advisory", "7.22": "version_advisory", "7.23.3": "version_advisory",
		"7.23.4": "", "7.24.1": "version_advisory", "7.24.2": "", "6.49.10": "version_advisory", "6.49.21": ""} {
		g := newRig(t, board{version: version})
		got := g.audit(routers.ProvisioningOptions{})
		for _, id := range []string{"version_cve", "version_advisory"} {
			if _, found := got[id]; found != (id == want) {
				t.Errorf("%s: %s %v", version, id, found)
			}
		}
	}
	for _, c := range []struct {
		o    routerossim.Options
		want string
	}{{routerossim.Options{LicenseLevel: 3}, "licence"}, {routerossim.Options{Board: "CHR"}, "chr_free"}} {
		g := newRig(t, board{version: "7.24.2", options: c.o})
		if _, found := g.audit(routers.ProvisioningOptions{})[c.want]; !found {
			t.Error(c.want)
		}
	}
}

// A router that cannot be asked is the usual fault, and an unknown one is none.
func TestCheckFaults(t *testing.T) {
	g := newRig(t, board{version: "7.24.2"})
	g.sim.SetFaults(routerossim.Faults{Down: true})
	if _, err := g.Shop.Routers.CheckProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{}); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	g.sim.SetFaults(routerossim.Faults{})
	if _, err := g.Shop.Routers.CheckProvisioning(t.Context(), "nobody", routers.ProvisioningOptions{}); fault.CodeOf(err) != "router.not_found" {
		t.Error(err)
	}
	if _, err := g.Shop.Routers.CheckProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{User: "admin", Password: "wrong"}); fault.CodeOf(err) != "router.login_rejected" {
		t.Error(err)
	}
}
