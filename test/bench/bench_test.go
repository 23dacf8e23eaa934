package bench

import (
	"bufio"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// TestBench measures everything in one run, because figures of different runs
// on a shared machine cannot be compared.
func TestBench(t *testing.T) {
	if os.Getenv("GERAI_BENCH") != "1" {
		t.Skip("left out: measurements run with make bench, never as tests")
	}
	p := &page{}
	bytesOnTheWire(t, p)
	pagesPerSecond(t, p)
	idleConnections(t, p)
	for _, engine := range engines(t) {
		webhooks(t, p, engine)
		vouchers(t, p, engine)
		tenThousand(t, p, engine)
		reports(t, p, engine)
	}
	for _, engine := range engines(t) {
		underAttack(t, p, engine)
	}
	lostWebhooks(t, p)
	kills(t, p)
	sizes(t, p)
	slowRouter(t, p)
	slow4G(t, p)
	p.write(t)
}

// engine is a database to measure on; args makes a fresh one each time.
type engine struct {
	name string
	args func() []string
}

func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

var anyPorts = []string{"--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0", "--routeros-addr", "127.0.0.1:0", "--log-level", "error"}

func engines(t *testing.T) []engine {
	out := []engine{{"SQLite", func() []string { return anyPorts }}}
	if pg, redis := os.Getenv("GERAI_TEST_POSTGRES"), os.Getenv("GERAI_TEST_REDIS"); pg != "" && redis != "" {
		out = append(out, engine{"PostgreSQL + Redis", func() []string {
			return append(slices.Clone(anyPorts), "--database", testenv.Postgres(t), "--redis", redis)
		}})
	}
	return out
}

// wire is what one page weighs: status line, headers and packed body.
func wire(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := client.Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	head, err := httputil.DumpResponse(res, false)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return len(head) + len(body)
}

// plainSize is how many bytes a page has unpacked.
func plainSize(t *testing.T, url string) int {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return len(body)
}

func bytesOnTheWire(t *testing.T, p *page) {
	d := start(t, anyPorts...)
	path, _, err := d.order()
	if err != nil {
		t.Fatal(err)
	}
	plan, pay, qr := wire(t, d.Shop+"/h/kopi-pojok"), wire(t, d.Shop+path), wire(t, d.Shop+path+"/qr.png?plain=1")
	p.row("plan page, bytes on the wire", "<= 14,000", fmt.Sprint(plan), "-", "headers and packed body; styles inlined, so one critical request")
	p.row("order page, bytes on the wire", "<= 14,000", fmt.Sprintf("%d + %d for the QR picture", pay, qr), "-", "the same")
}

const controlPage = `<!doctype html><html><head><title>{{.Title}}</title></head><body>{{range .Rows}}<form method="post"><h2>{{.Name}}</h2><p>{{.Note}}</p><b>{{.Price}}</b><button>Beli</button></form>{{end}}</body></html>`

// TestControlServer is not a test: in a process of its own, as the product is,
// it is the bare server that renders as many bytes as our page has.
func TestControlServer(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("GERAI_BENCH_CONTROL"))
	if err != nil {
		t.Skip("left out: the control of make bench")
	}
	tpl := template.Must(template.New("").Parse(controlPage))
	type row struct{ Name, Note, Price string }
	var rows []row
	for len(rows)*110 < size {
		rows = append(rows, row{"Satu hari", "Berlaku di hotspot ini saja", "Rp5.000"})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("control http://%s\n", l.Addr())
	_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // ends with its process
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = tpl.Execute(w, map[string]any{"Title": "Kontrol", "Rows": rows}) // a control has no one to tell
	}))
}

// control starts that process and returns its address.
func control(t *testing.T, size int) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestControlServer$")
	cmd.Env = append(os.Environ(), "GERAI_BENCH_CONTROL="+strconv.Itoa(size))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has nothing to lose
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, found := strings.CutPrefix(lines.Text(), "control "); found {
			return url
		}
	}
	t.Fatal("the control does not start")
	return ""
}

func pagesPerSecond(t *testing.T, p *page) {
	d := start(t, anyPorts...)
	path, code, err := d.order()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.pay(code); err != nil {
		t.Fatal(err)
	}
	if _, err := d.voucher(path, 10*time.Millisecond, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	const span = 3 * time.Second
	measure := func(what, budget, path, note string) {
		size := plainSize(t, d.Shop+path)
		bare := control(t, size)
		m, k := rounds(func() float64 { return throughput(d.Shop+path, span) }, func() float64 { return throughput(bare, span) })
		p.row(what, budget, fmt.Sprintf("%.0f", m), fmt.Sprintf("%.0f", k), fmt.Sprintf("%.1fx a bare net/http + html/template page of the same %d KB in a process of its own; %s", m/k, size>>10, note))
	}
	measure("plan page per second (cached)", ">= 2x control", "/h/kopi-pojok", "every answer carries a nonce of its own")
	measure("order page per second (rendered)", ">= 1x control", path, "the order page is rendered each time from what it read within the last second, the control reads nothing")
}

func webhooks(t *testing.T, p *page, e engine) {
	d := start(t, e.args()...)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer bare.Close()
	post := func(url string) func(int) (time.Duration, error) {
		return func(i int) (time.Duration, error) {
			body := fmt.Sprintf(`{"event":"payment_method.activated","business_id":"b","data":{"id":"pm-%d","reference_id":"BENCH-%d"}}`, i, i)
			req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
			if err != nil {
				return 0, err
			}
			req.Header.Set("x-callback-token", d.Token)
			req.Header.Set("webhook-id", fmt.Sprintf("%s-%d-%d", e.name, time.Now().UnixNano(), i))
			began := time.Now()
			res, err := client.Do(req)
			if err != nil {
				return 0, err
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				return 0, fmt.Errorf("%s", res.Status)
			}
			return time.Since(began), nil
		}
	}
	took, failed := paced(200, 10*time.Second, post(d.Shop+"/webhooks/xendit"))
	base, _ := paced(200, 3*time.Second, post(bare.URL))
	p.row("webhook answer at 200/s, "+e.name, "p50 <= 10 ms, p99 <= 150 ms", fmt.Sprintf("p50 %s, p99 %s", short(took.at(.5)), short(took.at(.99))),
		fmt.Sprintf("p50 %s, p99 %s", short(base.at(.5)), short(base.at(.99))), fmt.Sprintf("%d sent, %d failed; control: a bare handler that stores nothing", len(took)+failed, failed))
}

func vouchers(t *testing.T, p *page, e engine) {
	d := start(t, e.args()...)
	took, failed := paced(20, 15*time.Second, func(int) (time.Duration, error) {
		path, code, err := d.order()
		if err != nil {
			return 0, err
		}
		if err := d.pay(code); err != nil {
			return 0, err
		}
		return d.voucher(path, 10*time.Millisecond, 20*time.Second)
	})
	p.row("paid to voucher visible at 20 orders/s, "+e.name, "p50 <= 300 ms, p99 <= 1 s", fmt.Sprintf("p50 %s, p99 %s", short(took.at(.5)), short(took.at(.99))), "-",
		fmt.Sprintf("%d orders, %d failed; from the gateway's payment over webhook, read-back and router to the status JSON, asked every 10 ms", len(took)+failed, failed))
}

func lostWebhooks(t *testing.T, p *page) {
	d := start(t, anyPorts...)
	d.put("/_sim/faults", `{"drop_webhooks":true}`)
	measure := func(pace time.Duration) times {
		took, _ := paced(4, 3*time.Second, func(int) (time.Duration, error) {
			path, code, err := d.order()
			if err != nil {
				return 0, err
			}
			if err := d.pay(code); err != nil {
				return 0, err
			}
			return d.voucher(path, pace, 90*time.Second)
		})
		return took
	}
	open, closed := measure(500*time.Millisecond), measure(55*time.Second)
	p.row("webhook lost, page open", "<= 10 s", "slowest "+short(open.at(1)), "-", fmt.Sprintf("%d orders whose page is asked twice a second", len(open)))
	p.row("webhook lost, page closed", "<= 60 s", "slowest "+short(closed.at(1)), "-", fmt.Sprintf("%d orders nobody looks at; looked at once after 55 s", len(closed)))
}

func kills(t *testing.T, p *page) {
	dir := t.TempDir()
	d := start(t, "--addr", free(t), "--sim-addr", free(t), "--routeros-addr", "127.0.0.1:"+strconv.Itoa(19000+os.Getpid()%900), "--dir", dir, "--log-level", "error")
	var serving, resolved times
	for range 5 {
		var paths []string
		for range 30 {
			path, code, err := d.order()
			if err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
			if err := d.pay(code); err != nil {
				t.Fatal(err)
			}
		}
		d.kill()
		began := time.Now()
		d.launch()
		serving = append(serving, d.took)
		for _, path := range paths {
			if _, err := d.voucher(path, 10*time.Millisecond, 60*time.Second); err != nil {
				t.Fatal(err)
			}
		}
		resolved = append(resolved, time.Since(began))
	}
	p.row("serving again after kill -9", "<= 1 s", "slowest of 5: "+short(serving.at(1)), "-", "start of the process, both simulators included, to the first answer")
	p.row("every order in flight resolved after kill -9", "<= 15 s", "slowest of 5: "+short(resolved.at(1)), "-", "30 orders paid right before each kill, SQLite")
}

func sizes(t *testing.T, p *page) {
	build(t)
	info, err := os.Stat(filepath.Join(binaries, "gerai"))
	if err != nil {
		t.Fatal(err)
	}
	p.row("stripped binary", "<= 45 MB", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "-", "cmd/gerai, no cgo")
	var first times
	var rss string
	for range 5 {
		d := start(t, anyPorts...)
		first = append(first, d.took)
		rss = residentAfter(t, d.cmd.Process.Pid, 5*time.Second)
		d.kill()
	}
	hello := helloWorld(t)
	alone, memory := productAlone(t)
	p.row("start to first answer", "<= 300 ms", "median of 5: "+short(alone.at(.5)), short(hello), "gerai serve on a SQLite file that is there already; control: an empty net/http program")
	p.row("idle memory", "<= 64 MB", memory, "-", "resident set of gerai serve on SQLite after 5 s")
	p.row("start to first answer, the demo", "-", "median of 5: "+short(first.at(.5)), short(hello), "gerai-demo with a fresh database, migration, demo data and simulators; control: an empty net/http program")
	p.row("idle memory, the demo", "-", rss, "-", "resident set of gerai-demo, simulators included, after 5 s")
}

// productAlone starts the product five times on one small shop, without any
// simulator.
func productAlone(t *testing.T) (first times, memory string) {
	database := "sqlite:" + t.TempDir() + "/shop.db"
	seedInto(t, database, benchKey, smallShop, 0)
	for range 5 {
		cmd, took := serve(t, database, benchKey, free(t))
		first = append(first, took)
		memory = residentAfter(t, cmd.Process.Pid, 5*time.Second)
		_ = cmd.Process.Kill() // the next one wants the file
		_ = cmd.Wait()
	}
	return first, memory
}

func residentAfter(t *testing.T, pid int, wait time.Duration) string {
	t.Helper()
	<-time.After(wait)
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if value, found := strings.CutPrefix(line, "VmRSS:"); found {
			kb, err := strconv.Atoi(strings.Fields(value)[0])
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("%.1f MB", float64(kb)/1024)
		}
	}
	return "unknown"
}

// helloWorld builds and times the smallest server there is.
func helloWorld(t *testing.T) time.Duration {
	t.Helper()
	dir := t.TempDir()
	source := `package main

import (
	"fmt"
	"net"
	"net/http"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(l, nil)
	if _, err := http.Get("http://" + l.Addr().String()); err != nil {
		panic(err)
	}
	fmt.Println("ready")
}
`
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "hello")
	if out, err := exec.Command("go", "build", "-o", bin, filepath.Join(dir, "main.go")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	began := time.Now()
	if err := exec.Command(bin).Run(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// slowRouter measures activations onto a router that takes 20 ms per command.
func slowRouter(t *testing.T, p *page) {
	d := start(t, anyPorts...)
	const n = 500
	d.put("/_sim/routers/"+d.Routers[0].Name+"/faults", `{"down":true}`)
	var paths []string
	for range n {
		path, code, err := d.order()
		if err != nil {
			t.Fatal(err)
		}
		if err := d.pay(code); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	d.put("/_sim/routers/"+d.Routers[0].Name+"/faults", `{"delay_ms":20}`)
	began := time.Now()
	var first time.Duration
	for _, path := range paths {
		if _, err := d.voucher(path, 20*time.Millisecond, 3*time.Minute); err != nil {
			t.Fatal(err)
		}
		if first == 0 { // paid first, so delivered first
			first = time.Since(began)
		}
	}
	p.row("waiting orders activated once a slow router is back", "first <= 5 s, all of 500 <= 60 s", fmt.Sprintf("first after %s, %d in %s", short(first), n, short(time.Since(began))), "-",
		fmt.Sprintf("20 ms per command, two connections; includes noticing that it is back. %d cores", runtime.NumCPU()))
}

func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

// TestBenchAlone measures what needs no past, when there is no time for the rest.
func TestBenchAlone(t *testing.T) {
	if os.Getenv("GERAI_BENCH_ALONE") != "1" {
		t.Skip("left out: GERAI_BENCH_ALONE asks for it")
	}
	p := &page{}
	sizes(t, p)
	slowRouter(t, p)
}
