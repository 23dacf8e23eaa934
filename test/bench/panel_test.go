package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/secret"
	"gerai/internal/staff"
	"gerai/internal/store"
)

const (
	panelName     = "bench"
	panelPassword = "correct horse battery"
	// smallShop is how many orders the control has.
	smallShop = 200
)

// panelShop is the product, without simulators, on a past.
type panelShop struct {
	*testing.T
	base   string
	client *http.Client
	days   [2]string // the year that the past fills
}

// seedInto fills a database with a past and returns how long that took.
func seedInto(t testing.TB, database, key string, orders, vouchers int) time.Duration {
	t.Helper()
	build(t)
	began := time.Now()
	cmd := exec.Command(filepath.Join(binaries, "gerai-demo"), "seed", "--orders", fmt.Sprint(orders), "--vouchers", fmt.Sprint(vouchers), "--days", "365", "--database", database)
	cmd.Env = append(os.Environ(), "GERAI_SECRET_KEY="+key)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return time.Since(began)
}

// serveEnv is the environment of the product on a database; its gateway and its
// routers do not exist.
func serveEnv(database, key, addr, dir string) []string {
	return []string{"GERAI_ADDR=" + addr, "GERAI_BASE_URL=http://" + addr, "GERAI_DATABASE=" + database, "GERAI_SECRET_KEY=" + key, "GERAI_XENDIT_KEY=xnd_development_bench",
		"GERAI_XENDIT_CALLBACK_TOKEN=bench-callback-token", "GERAI_XENDIT_URL=http://127.0.0.1:9", "GERAI_LOG_LEVEL=error", "PATH=/usr/bin:/bin", "HOME=" + dir}
}

// serve starts the product and waits until it is ready; it returns how long that
// took.
func serve(t *testing.T, database, key, addr string) (*exec.Cmd, time.Duration) {
	t.Helper()
	build(t)
	dir := t.TempDir()
	cmd := exec.Command(filepath.Join(binaries, "gerai"), "serve")
	cmd.Env, cmd.Dir = serveEnv(database, key, addr, dir), dir
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // a measurement has nothing to lose
		_ = cmd.Wait()
	})
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < time.Minute {
		if res, err := http.Get("http://" + addr + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return cmd, time.Since(began)
			}
		}
		<-tick.C
	}
	t.Fatal("the product does not start")
	return nil, 0
}

// openPanel makes an admin, starts the product on a past and signs in.
func openPanel(t *testing.T, database, key string) *panelShop {
	t.Helper()
	admitBench(t, database, key)
	addr := free(t)
	serve(t, database, key, addr)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &panelShop{T: t, base: "http://" + addr, client: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
	doc := p.page("/admin/login")
	form := url.Values{"name": {panelName}, "password": {panelPassword}}
	doc.Find("main form input[type=hidden]").Each(func(_ int, s *goquery.Selection) { form.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	if _, status := p.post("/admin/login", form); status != http.StatusOK {
		t.Fatalf("sign in: %d", status)
	}
	today := time.Now()
	p.days = [2]string{today.AddDate(0, 0, -364).Format("2006-01-02"), today.Format("2006-01-02")}
	return p
}

// admitBench adds the account that measures, without a second factor.
func admitBench(t testing.TB, database, key string) {
	t.Helper()
	keys, err := secret.Parse(key)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	office := staff.New(s, nil, clock.System{})
	rules := staff.DefaultPolicy
	rules.SecondFactor = nil
	if err := office.SetPolicy(ctx, actor.Named("bench"), "", rules); err != nil {
		t.Fatal(err)
	}
	if _, err := s.StaffByName(ctx, panelName); err == nil {
		return
	}
	if _, err := office.Add(ctx, actor.Named("bench"), panelName, staff.Admin, panelPassword); err != nil {
		t.Fatal(err)
	}
}

func (p *panelShop) post(path string, form url.Values) (body []byte, status int) {
	p.Helper()
	req, err := http.NewRequest(http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.base)
	res, err := p.client.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		p.Fatal(err)
	}
	return body, res.StatusCode
}

func (p *panelShop) get(path string) (body string, took time.Duration) {
	p.Helper()
	began := time.Now()
	res, err := p.client.Get(p.base + path)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.Fatalf("%s: %s %v", path, res.Status, err)
	}
	return string(all), time.Since(began)
}

func (p *panelShop) page(path string) *goquery.Document {
	p.Helper()
	body, _ := p.get(path)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	return doc
}

// panelPage is one page to be measured; where finds its address in a shop.
type panelPage struct {
	name  string
	where func(p *panelShop) string
}

func at(path string) func(*panelShop) string { return func(*panelShop) string { return path } }

// link takes the first link of a page that a selector finds.
func link(page, selector string) func(*panelShop) string {
	return func(p *panelShop) string {
		href, found := p.page(page).Find(selector).First().Attr("href")
		if !found {
			p.Fatalf("%s has no %s", page, selector)
		}
		return href
	}
}

// yearly is a page asked about the whole year of the past.
func yearly(path, more string) func(*panelShop) string {
	return func(p *panelShop) string { return path + "?from=" + p.days[0] + "&to=" + p.days[1] + more }
}

func listed(more string) func(*panelShop) string {
	return func(p *panelShop) string { return "/admin/orders?from=" + p.days[0] + "&until=" + p.days[1] + more }
}

// searchFor looks for the newest order by its code.
func searchFor(p *panelShop) string {
	return "/admin/orders?q=" + url.QueryEscape(strings.TrimSpace(p.page("/admin/orders").Find("th a.mono").First().Text()))
}

// panelPages are every list, board, search, order page, report and voucher page
// of the panel.
var panelPages = []panelPage{
	{"board", at("/admin")},
	{"orders", at("/admin/orders")},
	{"orders, page 2", link("/admin/orders", "a[href*='before=']")},
	{"orders of a year, used up", listed("&redeem=spent")}, {"orders of a year, not used yet", listed("&redeem=unused")}, {"orders of a year, lapsed", listed("&redeem=lapsed")},
	{"orders of a year, valid 3 days", listed("&validity=4320")}, {"orders of a year, voucher sold", listed("&voucher=sold")},
	{"orders, attention", at("/admin/orders?view=attention")}, {"orders, paid late", at("/admin/orders?view=late")}, {"orders, refund due", at("/admin/orders?view=refund")},
	{"orders, expired", at("/admin/orders?view=expired")}, {"orders, one place and plan", at("/admin/orders?site=kos&plan=kos-bulanan")}, {"orders, transfer", at("/admin/orders?channel=transfer")},
	{"search by code", searchFor}, {"search that finds nothing", at("/admin/orders?q=tidakada")}, {"search by phone", at("/admin/orders?q=0123")},
	{"order page", link("/admin/orders", "th a.mono")},
	{"money to look after", at("/admin/money")}, {"counter", at("/admin/sell")}, {"shift", at("/admin/shift")},
	{"vouchers and batches", at("/admin/vouchers")}, {"batch", link("/admin/vouchers", "a[href*='/vouchers/batches/']")},
	{"batch, print form", func(p *panelShop) string {
		return link("/admin/vouchers", "a[href*='/vouchers/batches/']")(p) + "/print"
	}},
	{"voucher search, in stock", at("/admin/vouchers/find?state=stock")}, {"voucher search, disabled", at("/admin/vouchers/find?state=disabled")}, {"voucher search, one plan", at("/admin/vouchers/find?plan=kopi-1hari&state=active")},
	{"sell from stock", at("/admin/vouchers/sell")}, {"outlets", at("/admin/vouchers/outlets")},
	{"report, 60 days", at("/admin/reports")}, {"report, a year", yearly("/admin/reports", "")}, {"report, a year, used up, by week", yearly("/admin/reports", "&redeem=spent&period=week")},
	{"report, a year, valid 30 days", yearly("/admin/reports", "&validity=43200")},
	{"key figures, 60 days", at("/admin/reports/kpi")}, {"key figures, a year", yearly("/admin/reports/kpi", "")}, {"resale, a year", yearly("/admin/reports/resale", "")}, {"technical report, a year", yearly("/admin/reports/tech", "")},
	{"fees", at("/admin/reports/fees")}, {"routers", at("/admin/routers")}, {"router", link("/admin/routers", "main a[href^='/admin/routers/']:not([href$='/new'])")}, {"people", at("/admin/staff")}, {"audit trail", at("/admin/audit")}, {"rules", at("/admin/policy")},
}

// panelTimes measures every page on a large and on a small shop.
func panelTimes(t *testing.T, p *page, e engine, database, key string) {
	small := openPanel(t, e.fresh(t), key)
	large := openPanel(t, database, key)
	for _, x := range panelPages {
		control, measured := small.times(x), large.times(x)
		p.row("panel: "+x.name+", "+e.name, "<= 300 ms", fmt.Sprintf("median %s, slowest %s", short(measured.at(.5)), short(measured.at(1))),
			fmt.Sprintf("median %s, slowest %s", short(control.at(.5)), short(control.at(1))), "5 reads, warm; control: the same page of a shop with 200 orders")
	}
	for _, what := range []string{"orders", "plans"} {
		p.row("panel: export of "+what+" of 60 days begins, "+e.name, "<= 300 ms", "first byte after "+short(large.export(what)), "first byte after "+short(small.export(what)), "CSV; 5 times, the median")
	}
}

// times reads a page five times after once.
func (p *panelShop) times(x panelPage) times {
	p.Helper()
	path := x.where(p)
	p.get(path)
	var out times
	for range 5 {
		_, took := p.get(path)
		out = append(out, took)
	}
	return out
}

// export is how long a file takes to begin.
func (p *panelShop) export(what string) time.Duration {
	p.Helper()
	form := url.Values{"what": {what}, "format": {"csv"}}
	p.page("/admin/reports").Find("form.export input[type=hidden]").Each(func(_ int, s *goquery.Selection) { form.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	var out times
	for range 5 {
		req, err := http.NewRequest(http.MethodPost, p.base+"/admin/reports/export", strings.NewReader(form.Encode()))
		if err != nil {
			p.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", p.base)
		began := time.Now()
		res, err := p.client.Do(req)
		if err != nil {
			p.Fatal(err)
		}
		if _, err := io.ReadFull(res.Body, make([]byte, 1)); err != nil || res.StatusCode != http.StatusOK {
			p.Fatalf("export of %s: %s %v", what, res.Status, err)
		}
		out = append(out, time.Since(began))
		_, _ = io.Copy(io.Discard, res.Body) // the next one waits for its place
		res.Body.Close()
	}
	return out.at(.5)
}

// benchKey seals what the measured shops keep.
var benchKey = secret.Generate()

// TestBenchPanelOn measures the panel alone on a database that is there already:
// GERAI_BENCH_PANEL names it, GERAI_BENCH_KEY opens it.
func TestBenchPanelOn(t *testing.T) {
	database, key := os.Getenv("GERAI_BENCH_PANEL"), os.Getenv("GERAI_BENCH_KEY")
	if database == "" {
		t.Skip("left out: GERAI_BENCH_PANEL names no database")
	}
	benchKey = key
	e := engines(t)[0]
	if !strings.HasPrefix(database, "sqlite:") {
		e = engines(t)[1]
	}
	panelTimes(t, newPage(os.Stdout, effortOf(t)), e, database, key)
}
