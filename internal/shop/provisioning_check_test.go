package shop_test

import (
	"strings"
	"testing"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
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

// A pinned certificate that comes of age is replaced, and the shop moves with it.
func TestKitRenewsTheCertificate(t *testing.T) {
	g := newRig(t, board{version: "7.24.2"})
	g.api("/certificate/add", "=name=tua", "=common-name=tua", "=days-valid=5")
	g.api("/certificate/sign", "=.id=tua")
	g.api("/ip/service/set", "=.id=api-ssl", "=certificate=tua")
	if f := g.audit(routers.ProvisioningOptions{})["certificate_age"]; f.Values["name"] != "tua" {
		t.Errorf("%+v", f)
	}
	g.setUp()
	if r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || r.Fingerprint != g.sim.Fingerprint() || g.sim.Fingerprint() == "" {
		t.Error(r.Fingerprint, err)
	}
	if f, found := g.audit(routers.ProvisioningOptions{})["certificate_age"]; found {
		t.Errorf("%+v", f)
	}
}

// The shop comes over TLS already, and setup changes the certificate under
// itself: there, back, and back after a death at each step.
func TestKitOverTLS(t *testing.T) {
	t.Parallel()
	g := newRig(t, board{version: "7.24.2"})
	g.api("/certificate/add", "=name=tua", "=common-name=tua", "=days-valid=5")
	g.api("/certificate/sign", "=.id=tua")
	g.api("/ip/service/set", "=.id=api-ssl", "=certificate=tua")
	r, err := g.Shop.Routers.FindRouter(t.Context(), "pojok")
	if err != nil {
		t.Fatal(err)
	}
	r.TLS, r.Address, r.Fingerprint = true, g.sim.TLSAddr(), g.sim.Fingerprint()
	if err := g.Store.InTx(t.Context(), "test", func(tx *store.Tx) error { return tx.SetRouterAccess(t.Context(), r.Router) }); err != nil {
		t.Fatal(err)
	}
	before := g.photo()
	back := func() {
		t.Helper()
		g.driver.Forget("pojok:kit") // a new process has no old connections
		if result, err := g.rollBack(routers.ProvisioningOptions{}); err != nil || len(result.Left) > 0 {
			t.Fatalf("%+v %v", result.Left, err)
		}
		g.same(before)
		if now, err := g.Shop.Routers.FindRouter(t.Context(), "pojok"); err != nil || now != r {
			t.Fatalf("record %+v %v", now, err)
		}
	}
	steps := g.setUp().Steps
	back()
	for _, dieAt := range turns(steps[:len(steps)-1]) {
		p := g.plan(routers.ProvisioningOptions{})
		g.driver.after = func(i int, _ hotspot.Step) {
			g.driver.Forget("pojok:kit") // every step meets another certificate
			if i == dieAt {
				panic(errPower)
			}
		}
		if !die(func() { _, _ = g.Shop.Routers.Provision(t.Context(), "test", p) }) {
			t.Fatal("it did not die")
		}
		g.driver.after = nil
		back()
	}
}

// A shop that may not be opened before login is refused, whatever opens it.
func TestKitRefusesForbiddenHosts(t *testing.T) {
	for _, base := range []string{"https://captive.apple.com", "https://checkout.xendit.co", "https://d111.cloudfront.net"} {
		g := newRig(t, board{version: "7.24.2", base: base})
		if p := g.plan(routers.ProvisioningOptions{}); len(p.Blocked) != 1 || p.Blocked[0].ID != "forbidden_host" {
			t.Errorf("%s: %+v", base, p.Blocked)
		}
	}
	for base, want := range map[string]string{"http://10.9.8.7:8080": "10.9.8.7:8080", "https://[::1]:8443": "", "": "", "ftp://x": ""} {
		g := newRig(t, board{version: "7.24.2", base: or(base, "none")})
		p, err := g.Shop.Routers.PlanProvisioning(t.Context(), "pojok", routers.ProvisioningOptions{})
		if want == "" {
			if base != "https://[::1]:8443" && fault.CodeOf(err) != "router.kit_base_url" {
				t.Errorf("%q: %v", base, err)
			}
			continue
		}
		for _, st := range p.Steps {
			if st.Kind == hotspot.StepWalledGarden && (st.Item != want || st.After["dst-address"] != "10.9.8.7" || st.After["dst-port"] != "8080") {
				t.Errorf("%s: %+v", base, st)
			}
		}
	}
}

// The files are complete, and the script guards and quotes everything.
func TestKitFiles(t *testing.T) {
	g := newRig(t, board{version: "7.16", catalog: func(c *catalog.Catalogue) {
		c.Plans[0].Profile = "harian"
	}})
	before := g.sim.CommandLog()
	files, err := g.Shop.Routers.ProvisioningFiles(t.Context(), "pojok", routers.ProvisioningOptions{})
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]string{}
	for _, f := range files {
		body[f.Name] = f.Body
	}
	if len(body) != 10 || len(g.sim.CommandLog().Entries) != len(before.Entries) {
		t.Error(len(body), "files; the router is not asked")
	}
	for _, text := range []string{"pojok", "https://voucher.example.net/h/kopi-pojok", "/import file-name=setup.rsc", "flash", "reset-html"} {
		if !strings.Contains(body["README.txt"], text) {
			t.Errorf("README.txt does not say %s", text)
		}
	}
	rsc := body["setup.rsc"]
	for _, text := range []string{`name="gerai"`, "api,read,write,test,!", "!policy", "/certificate sign", "api-ssl", `dst-host="voucher.example.net"`, "dst-port=443", "http-pap",
		`"gerai-sejam"`, `"gerai-pass"`, "login.html", "html-directory-override"} {
		if !strings.Contains(rsc, text) {
			t.Errorf("setup.rsc lacks %s", text)
		}
	}
	for _, banned := range []string{"disabled=yes", "/ip service set api ", "address=\"\"", "\r"} {
		if strings.Contains(rsc, banned) {
			t.Errorf("setup.rsc has %q", banned)
		}
	}
	scriptIsSound(t, rsc)
}

// scriptIsSound checks that braces, brackets and quotes close, that nothing
// but the script's own variables is expanded, and that every add is guarded.
func scriptIsSound(t *testing.T, rsc string) {
	t.Helper()
	var open []byte
	guarded := ""
	for n, line := range strings.Split(rsc, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		quoted := false
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c > '~':
				t.Errorf("line %d is not ASCII", n+1)
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case quoted && c == '$':
				t.Errorf("line %d expands something in a text: %s", n+1, line)
			case quoted:
			case c == '{' || c == '[' || c == '(':
				open = append(open, c)
			case c == '}' || c == ']' || c == ')':
				if len(open) == 0 || open[len(open)-1] != map[byte]byte{'}': '{', ']': '[', ')': '('}[c] {
					t.Fatalf("line %d closes what is not open: %s", n+1, line)
				}
				open = open[:len(open)-1]
			}
		}
		if quoted {
			t.Errorf("line %d: a text does not end: %s", n+1, line)
		}
		if strings.Contains(line, ":len [") {
			guarded, _, _ = strings.Cut(strings.SplitN(line, ":len [", 2)[1], " find")
		}
		if menu, _, found := strings.Cut(strings.TrimSpace(line), " add "); found && menu != guarded {
			t.Errorf("line %d adds without looking: %s", n+1, line)
		}
	}
	if len(open) > 0 {
		t.Errorf("%q stays open", open)
	}
}
