package admin

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/store"
)

var ctx = context.Background()

// trail is every act on a router, as one text.
func (p *panel) trail(router string) string {
	p.Helper()
	rows, err := p.Store.Trail(ctx, "router:"+router)
	if err != nil {
		p.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, r.Actor+" "+r.Action+" "+r.Detail)
	}
	return strings.Join(out, "\n")
}

func (p *panel) api(router string, words ...string) {
	p.Helper()
	if err := p.Routers[router].Command(words...); err != nil {
		p.Fatal(words, err)
	}
}

func (p *panel) count(router, menu, field, value string) (n int) {
	for _, r := range p.Routers[router].Rows(menu) {
		if r[field] == value {
			n++
		}
	}
	return n
}

func TestRouterPages(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	if err := p.Shop.CheckRouters(ctx); err != nil {
		t.Fatal(err)
	}
	doc := b.get("/admin/routers/pojok").page(http.StatusOK)
	if text(doc.Find("h1")) != "pojok" || doc.Find(".tiles .card").Length() != 6 || doc.Find("figure[data-live][data-chart]").Length() != 1 || doc.Find("#interface option").Length() < 3 {
		t.Errorf("%s", text(doc.Find("main")))
	}
	for _, path := range []string{"", "/users", "/active", "/profiles", "/hosts", "/cookies", "/bindings", "/garden", "/garden-ip", "/servers", "/log", "/health?days=60", "/kit"} {
		doc := b.get("/admin/routers/pojok" + path).page(http.StatusOK)
		if doc.Find(".tabs [aria-current]").Length() != 1 || doc.Find("[role=alert]").Length() != 0 {
			t.Errorf("%s: %s", path, text(doc.Find("main")))
		}
	}
	for _, path := range []string{"/admin/routers/POJOK", "/admin/routers/pojok/nothing", "/admin/routers/pojok/users/zz", "/admin/routers/pojok/users/FFFF", "/admin/routers/pojok/users/%2A1", "/admin/routers/%00/users", "/admin/routers/pojok/traffic"} {
		if a := b.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	if doc := b.get("/admin/routers/pojok/users?q=" + url.QueryEscape(`"><script>`)).page(http.StatusOK); doc.Find("main script").Length() != 0 {
		t.Error("a search became markup")
	}
}

// The person of one site sees the routers of the others nowhere.
func TestRoutersOfOtherSites(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	s, err := p.Store.StaffByName(ctx, "uji-teknisi")
	if err != nil {
		t.Fatal(err)
	}
	s.Sites = []string{"kopi"}
	if err := p.Store.InTx(ctx, "test", func(tx *store.Tx) error { return tx.SaveStaff(ctx, s) }); err != nil {
		t.Fatal(err)
	}
	if text := text(b.get("/admin/routers").page(http.StatusOK).Find("main")); strings.Contains(text, "melati") || !strings.Contains(text, "pojok") {
		t.Error(text)
	}
	for _, path := range []string{"", "/users", "/active", "/log", "/kit", "/back", "/traffic?interface=ether1"} {
		if a := b.get("/admin/routers/melati-a" + path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	if to := b.get("/admin/online").moved(); to != "/admin/routers/pojok/active" {
		t.Error(to)
	}
}

// A router that is away, hangs or is slow does not take the page with it.
func TestPagesOfARouterInTrouble(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for name, f := range map[string]routerossim.Faults{"down": {Down: true}, "hangs": {Hang: true}, "no login": {RejectLogin: true}, "slow": {DelayMS: 1500}} {
		t.Run(name, func(t *testing.T) {
			p.Routers["pojok"].SetFaults(f)
			p.Hotspot.Forget("pojok:panel")
			for _, path := range []string{"", "/active?fresh=1", "/log", "/reboot"} {
				began := time.Now()
				doc := b.get("/admin/routers/pojok" + path).page(http.StatusOK)
				if took := time.Since(began); took > 2*routerWait || !strings.Contains(text(doc.Find("main")), "Router tidak mengerjakannya") {
					t.Errorf("%s after %s: %s", path, took, text(doc.Find("main")))
				}
			}
		})
	}
}

func TestUsersAreFoundChangedAndProtected(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.Settle()
	p.api("pojok", "/ip/hotspot/user/add", "=name=member1", "=password=x", "=comment=pak budi 081234567890")
	for i := range 60 {
		p.api("pojok", "/ip/hotspot/user/add", fmt.Sprintf("=name=vc%03d", i), "=password=x")
	}
	users := "/admin/routers/pojok/users"
	first := b.get(users).page(http.StatusOK)
	if first.Find("tbody tr").Length() != 50 {
		t.Fatal(first.Find("tbody tr").Length())
	}
	next := b.get(first.Find("a[rel=next]").AttrOr("href", "")).page(http.StatusOK)
	if n := next.Find("tbody tr").Length(); n != 13 || strings.Contains(text(next.Find("tbody")), "default-trial") {
		t.Error(n, "on the second page")
	}
	for q, want := range map[string]int{"?by=prefix&q=vc05": 10, "?by=name&q=member1": 1, "?by=name&q=member": 0, "?by=comment&q=BUDI": 1, "?by=profile&q=gerai-sehari": 1} {
		if n := b.get(users + q).page(http.StatusOK).Find("tbody tr").Length(); n != want {
			t.Errorf("%s: %d", q, n)
		}
	}
	sold := b.get(users + "?by=name&q=" + o.Username).page(http.StatusOK).Find("tbody tr")
	if sold.Find("a[href='/admin/orders/"+string(o.Code)+"']").Length() != 1 {
		t.Error("no way to the order")
	}
	page := sold.Find("th a").AttrOr("href", "")

	form := "form[action='" + page + "']"
	for _, bad := range [][2]string{{"limit-uptime", "soon"}, {"mac-address", "AA"}, {"limit-bytes-total", "-1"}, {"comment", "a\nb"}, {"comment", "no mark"}} {
		doc := b.submit(page, form, bad[0], bad[1]).page(http.StatusUnprocessableEntity)
		if doc.Find("[aria-invalid]").AttrOr("name", "") != bad[0] || doc.Find("#wrong").Length() != 1 {
			t.Errorf("%v: %s", bad, text(doc.Find("main")))
		}
	}
	b.submit(page, form, "limit-uptime", "3h", "limit-bytes-total", "2G").moved()
	if p.count("pojok", "ip/hotspot/user", "limit-bytes-total", "2147483648") != 1 {
		t.Error("not changed")
	}
	b.submit(page, "form[action$='/toggle']").moved()
	if p.count("pojok", "ip/hotspot/user", "disabled", "true") != 1 {
		t.Error("not switched off")
	}
	b.submit(page, "form[action$='/reset']").moved()

	// Somebody else has this id's row changed: nothing is done to it.
	if to := b.submit(page, "form[action$='/toggle']", "was", "somebody").moved(); !strings.Contains(to, "row_changed") {
		t.Error(to)
	}
	// What an order needs goes only when forced.
	remove := page + "/remove"
	for _, missing := range [][]string{{"typed", "x", "reason", "r", "force", "yes"}, {"typed", o.Username, "reason", "", "force", "yes"}, {"typed", o.Username, "reason", "r"}, {"typed", o.Username, "reason", "r", "force", "yes", "token", "x"}} {
		if a := b.submit(remove, "form[action$='/remove']", missing...); a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusConflict {
			t.Errorf("%v: %d", missing, a.StatusCode)
		}
	}
	if len(p.Users("pojok")) != 1 {
		t.Fatal("removed without consent")
	}
	b.submit(remove, "form[action$='/remove']", "typed", o.Username, "reason", "rusak", "force", "yes").moved()
	if len(p.Users("pojok")) != 0 {
		t.Error("still there")
	}
	trail := p.trail("pojok")
	for _, want := range []string{"staff:uji-admin router.item_set", "router.item_toggle", "router.user_reset", "router.item_remove", `"reason":"rusak"`, `"forced":true`, `"limit-uptime":"3h"`} {
		if !strings.Contains(trail, want) {
			t.Errorf("the trail lacks %s:\n%s", want, trail)
		}
	}
	if strings.Contains(trail, "081234567890") {
		t.Error("a phone number is in the trail")
	}
}

func TestKasirEndsSessions(t *testing.T) {
	p := open(t)
	p.api("pojok", "/ip/hotspot/user/add", "=name=tamu", "=password=x")
	if err := p.Routers["pojok"].Join(routerossim.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}); err != nil {
		t.Fatal(err)
	}
	p.api("pojok", "/ip/hotspot/active/login", "=user=tamu", "=password=x", "=ip=10.5.50.2", "=mac-address=AA:BB:CC:00:00:01")
	b := p.as(staff.Kasir)
	if doc := b.get("/admin/online").page(http.StatusOK); doc.Find("a[href$='/active']").Length() != 3 {
		t.Error(text(doc.Find("main")))
	}
	active := "/admin/routers/pojok/active"
	if doc := b.get(active).page(http.StatusOK); doc.Find("tbody tr").Length() != 1 || doc.Find(".tabs a").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	b.submit(active, "form[action$='/kick']").moved()
	if len(p.Routers["pojok"].Rows("ip/hotspot/active")) != 0 || b.get(active).page(http.StatusOK).Find("tbody tr").Length() != 0 {
		t.Error("still online")
	}
	if !strings.Contains(p.trail("pojok"), "staff:uji-kasir router.kick") {
		t.Error(p.trail("pojok"))
	}
}

func TestRowsOfMenus(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	for menu, fields := range map[string][]string{
		"bindings":  {"mac-address", "aa-bb-cc-00-00-09", "type", "bypassed", "comment", "printer"},
		"garden":    {"dst-host", "Toko.example", "action", "allow", "comment", "toko"},
		"garden-ip": {"dst-host", "toko.example", "protocol", "tcp", "dst-port", "443", "action", "accept"},
		"profiles":  {"name", "harian", "rate-limit", "2M/5M", "shared-users", "1", "expiry-mode", "ntf", "price", "3000", "validity", "1d"},
	} {
		list := "/admin/routers/melati-b/" + menu
		form := "form[action$='/new']"
		b.submit(list+"/new", form, fields...).moved()
		if a := b.submit(list+"/new", form, fields...); a.StatusCode != http.StatusConflict {
			t.Errorf("%s: a second one: %d", menu, a.StatusCode)
		}
		links := b.get(list + "?fresh=1").page(http.StatusOK).Find("tbody th a")
		row := links.Last().AttrOr("href", "")
		b.submit(row, "form[action='"+row+"']").moved()
		doc := b.get(row + "/remove").page(http.StatusOK)
		want := doc.Find("input[name=was]").AttrOr("value", "")
		b.submit(row+"/remove", "form[action$='/remove']", "typed", want, "reason", "uji").moved()
		if left := b.get(list + "?fresh=1").page(http.StatusOK).Find("tbody th a"); left.Length() != links.Length()-1 {
			t.Errorf("%s: %d rows left of %d", menu, left.Length(), links.Length())
		}
	}
	// Phones check for internet with this name.
	garden := "/admin/routers/melati-b/garden/new"
	doc := b.submit(garden, "form[action$='/new']", "dst-host", "*.apple.com", "action", "allow").page(http.StatusUnprocessableEntity)
	if doc.Find("input[name=sure]").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	b.submit(garden, "form[action$='/new']", "dst-host", "*.apple.com", "action", "allow", "sure", "yes").moved()
	if warned := b.get("/admin/routers/melati-b/garden?fresh=1").page(http.StatusOK).Find("tbody .tag.bad"); warned.Length() != 1 {
		t.Error("no warning in the list")
	}
	// The shop's own profiles are kept by their plans.
	p.api("melati-b", "/ip/hotspot/user/profile/add", "=name=gerai-bulanan")
	own := b.get("/admin/routers/melati-b/profiles?fresh=1&q=gerai-bulanan").page(http.StatusOK).Find("tbody th a").AttrOr("href", "")
	if doc := b.get(own).page(http.StatusOK); doc.Find("main form").Length() != 0 {
		t.Error("an own profile has a form")
	}
	b.submit("/admin/routers/melati-b/servers", "form[action$='/toggle']").moved()
	if p.count("melati-b", "ip/hotspot", "disabled", "true") != 1 {
		t.Error("the server is not switched off")
	}
}

func TestReboot(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	page, form := "/admin/routers/pojok/reboot", "form[action$='/reboot']"
	for _, missing := range [][]string{{"typed", "pojo", "reason", "macet"}, {"typed", "pojok"}, {"typed", "pojok", "reason", "macet", "token", ""}} {
		if a := b.submit(page, form, missing...); a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusConflict {
			t.Errorf("%v: %d", missing, a.StatusCode)
		}
	}
	// A page that lay open for too long.
	doc := b.get(page).page(http.StatusOK).Find(form)
	values := url.Values{"csrf": {doc.Find("input[name=csrf]").AttrOr("value", "")}, "token": {doc.Find("input[name=token]").AttrOr("value", "")}, "typed": {"pojok"}, "reason": {"macet"}}
	p.Clock.Add(3 * time.Minute)
	if a := b.do(http.MethodPost, page, values); a.StatusCode != http.StatusConflict {
		t.Errorf("old consent: %d", a.StatusCode)
	}
	if strings.Contains(p.trail("pojok"), "router.reboot") {
		t.Fatal("restarted without consent")
	}
	// A password that was given long ago.
	p.Clock.Add(3 * time.Minute)
	if to := b.do(http.MethodPost, page, values).moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Error(to)
	}
	b.submit("/admin/prove?next="+page, "main form", "password", password).moved()
	to := b.submit(page, form, "typed", "pojok", "reason", "macet").moved()
	a := b.get(to)
	if doc := a.page(http.StatusOK); a.Header.Get("Refresh") == "" || !strings.Contains(text(doc.Find("[role=status]")), "Menunggu") {
		t.Error(text(doc.Find("main")))
	}
	if a := b.submit(page, form, "typed", "pojok", "reason", "macet"); a.StatusCode != http.StatusConflict {
		t.Errorf("a second order: %d", a.StatusCode)
	}
	p.Clock.Add(30 * time.Second) // longer than the router takes
	for deadline := time.Now().Add(10 * time.Second); ; {
		if a = b.get(to); a.Header.Get("Refresh") == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("never back")
		}
	}
	if doc := a.page(http.StatusOK); doc.Find(".note.good").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	if trail := p.trail("pojok"); strings.Count(trail, "router.reboot ") != 1 || !strings.Contains(trail, `"reason":"macet"`) {
		t.Error(trail)
	}
}

func TestRouterInventory(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	sim, err := routerossim.New(routerossim.Options{Name: "baru", User: "gerai", Password: "rahasia-baru", Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	form := "form[action='/admin/routers']"
	good := []string{"name", "Kedai Baru", "site", "kopi", "address", sim.TLSAddr(), "user", "gerai", "password", "rahasia-baru", "tls", "yes", "act", "save"}
	with := func(pairs ...string) []string { return append(append([]string{}, good...), pairs...) }
	for field, bad := range map[string]string{"address": "10.0.0.1", "name": "", "site": "nowhere", "user": "", "password": "", "priority": "many"} {
		doc := b.submit("/admin/routers/new", form, with(field, bad)...).page(http.StatusUnprocessableEntity)
		if doc.Find("[aria-invalid]").AttrOr("name", "") != field || doc.Find("#password").AttrOr("value", "") != "" {
			t.Errorf("%s: %s", field, text(doc.Find("main")))
		}
	}
	// The certificate is shown and asked about before anybody logs in.
	doc := b.submit("/admin/routers/new", form, good...).page(http.StatusUnprocessableEntity)
	if doc.Find("input[name=fingerprint]").AttrOr("value", "") != sim.Fingerprint() || doc.Find("#name").AttrOr("value", "") != "Kedai Baru" {
		t.Fatal(text(doc.Find("main")))
	}
	doc = b.submit("/admin/routers/new", form, with("fingerprint", sim.Fingerprint(), "password", "salah")...).page(http.StatusUnprocessableEntity)
	if !strings.Contains(text(doc.Find("[role=alert]")), "ditolak") || doc.Find("input[name=untested]").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	doc = b.submit("/admin/routers/new", form, with("fingerprint", sim.Fingerprint(), "act", "test")...).page(http.StatusOK)
	if !strings.Contains(text(doc.Find(".note.good")), "RouterOS") {
		t.Error(text(doc.Find("main")))
	}
	to := b.submit("/admin/routers/new", form, with("fingerprint", sim.Fingerprint())...).moved()
	if !strings.HasPrefix(to, "/admin/routers/kedai-baru") {
		t.Fatal(to)
	}
	if a := b.submit("/admin/routers/new", form, with("fingerprint", sim.Fingerprint())...); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the same form twice: %d", a.StatusCode)
	}
	edit := "/admin/routers/kedai-baru/edit"
	own := "form[action='" + edit + "']"
	if strings.Contains(string(b.get(edit).body), "rahasia-baru") {
		t.Fatal("the password is on the page")
	}
	// Who changes where the password goes has to know it.
	if doc := b.submit(edit, own, "address", p.Routers["pojok"].Addr(), "act", "test").page(http.StatusUnprocessableEntity); doc.Find("[aria-invalid]").AttrOr("name", "") != "password" {
		t.Error(text(doc.Find("main")))
	}
	b.submit(edit, own, "priority", "7", "act", "save").moved()
	if r, err := p.Store.Router(ctx, "kedai-baru"); err != nil || r.Priority != 7 || r.Password != "rahasia-baru" || r.Fingerprint != sim.Fingerprint() {
		t.Errorf("%+v %v", r.Priority, err)
	}
	if doc := b.submit(edit, "form[action$='/secret']").page(http.StatusOK); !strings.Contains(text(doc.Find("dl")), "rahasia-baru") {
		t.Error("not told")
	}
	b.submit("/admin/routers/kedai-baru/remove", "form[action$='/remove']", "typed", "Kedai Baru", "reason", "pindah").moved()
	if a := b.get("/admin/routers/kedai-baru"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a removed router: %d", a.StatusCode)
	}
	b.submit("/admin/routers", "form[action$='/restore']").moved()
	b.get("/admin/routers/kedai-baru").page(http.StatusOK)
	b.submit("/admin/routers", "form[action$='/failover']").moved()
	trail := p.trail("kedai-baru")
	for _, want := range []string{"router.add", "router.edit", "router.secret", "router.remove", "router.restore"} {
		if !strings.Contains(trail, want) {
			t.Errorf("the trail lacks %s", want)
		}
	}
	if strings.Contains(trail, "rahasia-baru") {
		t.Error("the password is in the trail")
	}
}

func TestKitPages(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	kit := "/admin/routers/pojok/kit"
	if doc := b.submit(kit, "form[action$='/kit/check']").page(http.StatusOK); doc.Find(".list li").Length() == 0 {
		t.Error(text(doc.Find("main")))
	}
	a := b.submit(kit, "form[action$='/kit/plan']", "bare", "yes")
	if doc := a.page(http.StatusOK); doc.Find("ol li").Length() == 0 && doc.Find("[role=alert]").Length() == 0 {
		t.Error(text(doc.Find("main")))
	}
	z := b.get("/admin/routers/pojok/kit.zip")
	r, err := zip.NewReader(bytes.NewReader(z.body), int64(len(z.body)))
	if err != nil || len(r.File) < 5 {
		t.Fatal(err)
	}
	if rsc := b.get("/admin/routers/pojok/kit.rsc"); rsc.StatusCode != http.StatusOK || !bytes.Contains(rsc.body, []byte("/ip/hotspot")) && !bytes.Contains(rsc.body, []byte("/ip hotspot")) {
		t.Errorf("%d %.200s", rsc.StatusCode, rsc.body)
	}
	if !strings.Contains(p.trail("pojok"), "kit.download") {
		t.Error(p.trail("pojok"))
	}
}

// The stream brings readings, is shared, and the router is left alone when the
// last viewer goes.
func TestTrafficStream(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.app.Listener(listener) }()
	t.Cleanup(func() { _ = p.app.Shutdown() })
	look := func() (*http.Response, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/admin/routers/pojok/traffic?interface=ether1", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range b.cookies {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res, err)
		}
		return res, cancel
	}
	reading := func(res *http.Response) {
		t.Helper()
		for in := bufio.NewScanner(res.Body); in.Scan(); {
			if strings.HasPrefix(in.Text(), `data: {"at":`) {
				return
			}
		}
		t.Fatal("the stream ended without a reading")
	}
	one, leaveOne := look()
	two, leaveTwo := look()
	reading(one)
	reading(two)
	if n := p.Shop.Meters(); n != 1 {
		t.Errorf("%d readers for one interface", n)
	}
	leaveOne()
	leaveTwo()
	_, _ = io.Copy(io.Discard, one.Body)
	_, _ = io.Copy(io.Discard, two.Body)
	for deadline := time.Now().Add(60 * time.Second); p.Shop.Meters() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("goes on reading for nobody")
		}
	}
}

func TestMenusAreRouted(t *testing.T) {
	for _, m := range hotspot.Menus {
		found := false
		for _, r := range routes {
			found = found || r.method == "GET" && r.path == "/routers/:id/"+string(m)
		}
		if !found {
			t.Errorf("%s has no page", m)
		}
	}
}
