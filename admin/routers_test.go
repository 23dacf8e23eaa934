package admin

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/admin/routers"
	"gerai/internal/actor"
	"gerai/internal/hotspot"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// auditRows is every act on a router, as one text.
func (p *panel) auditRows(router string) string {
	p.Helper()
	rows, err := p.Store.AuditOf(ctx, "router:"+router)
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
	if err := p.Shop.Routers.CheckRouters(ctx); err != nil {
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
	if err := p.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveStaff(ctx, s) }); err != nil {
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
	if doc := b.get("/admin/online").page(http.StatusOK); doc.Find("main a[href='/admin/routers/pojok/active']").Length() != 1 || strings.Contains(text(doc.Find("main")), "melati") {
		t.Error(text(doc.Find("main")))
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
				if took := time.Since(began); took > 2*routers.RouterWait || !strings.Contains(text(doc.Find("main")), "Router tidak mengerjakannya") {
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
	p.RunAll()
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

	// The row of this id was changed in between: nothing is done to it.
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
	trail := p.auditRows("pojok")
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
	if !strings.Contains(p.auditRows("pojok"), "staff:uji-kasir router.kick") {
		t.Error(p.auditRows("pojok"))
	}
}

func TestRowsOfMenus(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	for menu, fields := range map[string][]string{
		"bindings":  {"mac-address", "aa-bb-cc-00-00-09", "type", "bypassed", "comment", "printer"},
		"garden":    {"dst-host", "Toko.example", "action", "allow", "comment", "toko"},
		"garden-ip": {"dst-host", "toko.example", "protocol", "tcp", "dst-port", "443", "action", "accept"},
		"profiles":  {"name", "harian", "rate-limit", "2M/5M", "shared-users", "1", "price", "3000"},
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
		want := text(links.Last())
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

func TestMenusAreRouted(t *testing.T) {
	for _, m := range hotspot.Menus {
		found := false
		for _, r := range routes {
			found = found || r.Method == "GET" && r.Path == "/routers/:id/"+string(m)
		}
		if !found {
			t.Errorf("%s has no page", m)
		}
	}
}

// Trying out a router sends the router's protocol to any address, and no other one: lines
// are what Redis and mail servers obey.
func TestARoutersAccountHoldsNoLines(t *testing.T) {
	p := open(t)
	b := p.as(staff.Teknisi)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	knocked := make(chan struct{}, 4)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			knocked <- struct{}{}
			c.Close()
		}
	}()
	for _, account := range [][2]string{{"x\r\nFLUSHALL\r\ny", "rahasia"}, {"gerai", "x\nSET a b\ny"}, {"gerai", "x\x00y"}} {
		a := b.submit("/admin/routers/new", "main form", "name", "baru", "site", "kopi", "address", l.Addr().String(), "user", account[0], "password", account[1], "tls", "no", "act", "test")
		if a.page(http.StatusUnprocessableEntity).Find("[aria-invalid]").Length() != 1 {
			t.Errorf("%q was tried", account)
		}
	}
	if len(knocked) > 0 {
		t.Error("somebody else's service heard them")
	}
}
