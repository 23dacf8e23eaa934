package admin

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/testenv"
)

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
	if strings.Contains(p.auditRows("pojok"), "router.reboot") {
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
	testenv.Eventually(t, 10*time.Second, func() (bool, string) {
		a = b.get(to)
		return a.Header.Get("Refresh") == "", "never back"
	})
	if doc := a.page(http.StatusOK); doc.Find(".note.good").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	if trail := p.auditRows("pojok"); strings.Count(trail, "router.reboot ") != 1 || !strings.Contains(trail, `"reason":"macet"`) {
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
	// The certificate is shown and asked about before a login is sent.
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
	if doc := b.submit("/admin/routers/kedai-baru/secret", "form[action$='/secret']", "typed", "Kedai Baru", "reason", "pindah alat").page(http.StatusOK); !strings.Contains(text(doc.Find("dl")), "rahasia-baru") {
		t.Error("not told")
	}
	b.submit("/admin/routers/kedai-baru/remove", "form[action$='/remove']", "typed", "Kedai Baru", "reason", "pindah").moved()
	if a := b.get("/admin/routers/kedai-baru"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a removed router: %d", a.StatusCode)
	}
	b.submit("/admin/routers", "form[action$='/restore']").moved()
	b.get("/admin/routers/kedai-baru").page(http.StatusOK)
	b.submit("/admin/routers", "form[action$='/failover']").moved()
	trail := p.auditRows("kedai-baru")
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
	if !strings.Contains(p.auditRows("pojok"), "kit.download") {
		t.Error(p.auditRows("pojok"))
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
	if n := p.Shop.Routers.TrafficSamplers(); n != 1 {
		t.Errorf("%d readers for one interface", n)
	}
	leaveOne()
	leaveTwo()
	_, _ = io.Copy(io.Discard, one.Body)
	_, _ = io.Copy(io.Discard, two.Body)
	testenv.Eventually(t, time.Minute, func() (bool, string) { return p.Shop.Routers.TrafficSamplers() == 0, "goes on reading for nobody" })
}

// A shop without a hotspot says what comes before a router, instead of a form
// that cannot be sent.
func TestRouterBeforeAnyHotspot(t *testing.T) {
	p := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites, c.Routers, c.Plans = nil, nil, nil }))
	doc := p.as(staff.Admin).get("/admin/routers/new").page(http.StatusOK)
	if doc.Find("main form[action$='/routers/new']").Length() > 0 || doc.Find("main .card a[href='/admin/setup']").Length() != 1 || !strings.Contains(doc.Find("main").Text(), "hotspot") {
		t.Error(doc.Find("main").Text())
	}
}
