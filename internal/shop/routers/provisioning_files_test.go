package routers_test

import (
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/store"
)

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
	if err := g.Store.InTx(t.Context(), actor.Named("test"), func(tx *store.Tx) error { return tx.SetRouterAccess(t.Context(), r.Router) }); err != nil {
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
		if !die(func() { _, _ = g.Shop.Routers.Provision(t.Context(), actor.Named("test"), p) }) {
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
		`"gerai-sejam"`, `"gerai-pass"`, "login.html", "html-directory-override", `name="gerai-ends"`} {
		if !strings.Contains(rsc, text) {
			t.Errorf("setup.rsc lacks %s", text)
		}
	}
	for _, banned := range []string{"disabled=yes", "/ip service set api ", "address=\"\"", "\r"} {
		if strings.Contains(strings.ReplaceAll(rsc, `user set \$i disabled=yes`, ""), banned) { // the scheduler ends users past their end
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

// The override folder is where the pages really come from.
func TestKitOverrideFolder(t *testing.T) {
	g := newRig(t, board{version: "7.22"})
	g.sim.PutFile("tema/login.html", "theme")
	g.api("/ip/hotspot/profile/set", "=.id=hsprof1", "=html-directory-override=tema")
	g.setUp()
	for _, row := range g.sim.Rows("file") {
		if row["name"] == "tema/login.html" && row["contents"] == "theme" || row["name"] == "hotspot/login.html" && !strings.Contains(row["contents"], "stock") {
			t.Error(row["name"], row["contents"])
		}
	}
	if findings := g.audit(routers.ProvisioningOptions{}); findings["override"].Severity != hotspot.Note {
		t.Error(findings)
	}
}
