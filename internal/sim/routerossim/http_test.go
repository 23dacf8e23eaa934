package routerossim

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

func TestControls(t *testing.T) {
	r := start(t, Options{Name: "hap1", TLSAddr: "127.0.0.1:0"})
	other := start(t, Options{Name: "hap2"})
	srv := httptest.NewServer(Handler(r, other))
	defer srv.Close()
	ask := func(method, path, body string, status int, into any) {
		t.Helper()
		q, err := http.NewRequest(method, srv.URL+"/_sim/routers"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		want(t, a.StatusCode, status)
		want(t, a.Header.Get("Content-Type"), "application/json")
		if into != nil {
			if err = json.NewDecoder(a.Body).Decode(into); err != nil {
				t.Fatal(err)
			}
		}
	}
	var list []status
	ask("GET", "", "", 200, &list)
	want(t, list[0].Name+list[0].Addr+list[0].Fingerprint+list[1].Name, "hap1"+r.Addr()+r.Fingerprint()+"hap2")

	var row map[string]string
	ask("POST", "/hap1/devices", `{"mac":"aa:bb:cc:00:00:01","ip":"10.5.50.9"}`, 200, &row)
	want(t, row["mac-address"]+row["server"], phone+"hotspot1")
	ask("POST", "/hap1/devices", `{"mac":"nonsense"}`, 400, &row)
	ask("POST", "/hap1/devices", `not json`, 400, nil)
	c := dial(t, r)
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=hush", "=limit-uptime=1h")
	c.ok(login9("u", "hush")...)
	ask("POST", "/hap1/traffic", `{"mac":"AA:BB:CC:00:00:01","up":10,"down":20}`, 200, nil)
	ask("POST", "/hap1/traffic", `{"mac":"AA:BB:CC:00:00:01","up":-1}`, 400, nil)
	ask("POST", "/hap1/advance", `{"seconds":60}`, 200, nil)
	ask("POST", "/hap1/advance", `{"duration":"4m"}`, 200, nil)
	ask("POST", "/hap1/advance", `{"duration":"soon"}`, 400, nil)
	ask("POST", "/hap1/advance", `{"seconds":-5}`, 400, nil)
	var rows []map[string]string
	ask("GET", "/hap1/ip/hotspot/active", "", 200, &rows)
	want(t, rows[0]["user"]+rows[0]["uptime"]+rows[0]["bytes-out"], "u5m20")
	ask("GET", "/hap1/ip/hotspot/cookie", "", 200, &rows)
	ask("GET", "/hap1/ppp/active", "", 200, &rows)
	want(t, len(rows), 0)
	ask("GET", "/hap1/no/such", "", 404, nil)
	ask("GET", "/hap9/ip/hotspot/user", "", 404, nil)
	ask("DELETE", "/hap1/devices/aa-bb-cc-00-00-01", "", 200, nil)
	ask("DELETE", "/hap1/devices/xyz", "", 404, nil)
	ask("GET", "/hap1/devices", "", 200, &rows)
	want(t, len(rows), 0)

	var f Faults
	ask("PUT", "/hap1/faults", `{"down":true,"delay_ms":5}`, 200, &f)
	want(t, f, Faults{Down: true, DelayMS: 5})
	r.turnsAway(t)
	ask("PUT", "/hap1/faults", `{"delay_ms":1}`, 200, &f) // what is left out is off
	ask("GET", "/hap1/faults", "", 200, &f)
	want(t, f.Down, false)
	ask("PUT", "/hap1/faults", `{"explode":true}`, 400, nil)
	ask("PUT", "/hap1/faults", ``, 200, nil)
	want(t, r.Faults(), Faults{})

	dial(t, r).ok("/ip/hotspot/user/print", "?password=hush", "?name=u")
	var l CommandLog
	ask("GET", "/hap1/log", "", 200, &l)
	want(t, l.Counters["/ip/hotspot/user/add"], 1)
	want(t, l.Counters["/login"], l.Logins)
	raw, err := json.Marshal(l)
	if err != nil || strings.Contains(string(raw), "hush") || strings.Contains(string(raw), "=password=secret") {
		t.Fatal("a password in the log")
	}
}

func TestLogIsBounded(t *testing.T) {
	r := start(t, Options{})
	c := dial(t, r)
	for range logEntries + 10 {
		c.ok("/system/identity/print")
	}
	l := r.CommandLog()
	want(t, l.Counters["/system/identity/print"], logEntries+10)
	if len(l.Entries) > logEntries || len(l.Entries) < logEntries/2 {
		t.Fatal(len(l.Entries))
	}
	for i := range logCommands {
		c.do("/x" + strconv.Itoa(i))
	}
	if n := len(r.CommandLog().Counters); n > logCommands+1 {
		t.Fatal(n)
	}
}

func TestPhoneControls(t *testing.T) {
	r := start(t, Options{Name: "hap1"})
	srv := httptest.NewServer(Handler(r))
	defer srv.Close()
	ask := func(method, path, body string, status int) string {
		t.Helper()
		q, err := http.NewRequest(method, srv.URL+"/_sim/routers/hap1/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		raw, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != status {
			t.Fatal(method, path, a.StatusCode, string(raw), err)
		}
		return strings.TrimSpace(string(raw))
	}
	open := func(body string) (p phoneStatus) {
		t.Helper()
		if err := json.Unmarshal([]byte(ask("POST", "phones", body, 200)), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	want(t, ask("GET", "phones", "", 200), "[]")
	ask("POST", "phones", `{"mac":"nonsense"}`, 400)
	if got := ask("POST", "phones", `{"mac":"aa:bb:cc:00:00:01","hosts":{"shop.test":"192.0.2.1:80"}}`, 400); !strings.Contains(got, "shop.test") {
		t.Fatal(got)
	}
	want(t, len(r.Rows(hostPath)), 0)
	p := open(`{"mac":"aa:bb:cc:00:00:01","ip":"10.5.50.9","name":"hp","hosts":{"Shop.test":"` + site(t, "shop") + `"},"ips":{"Shop.test":"203.0.113.7"}}`)
	want(t, p.MAC+p.IP, phone+"10.5.50.9")
	want(t, r.Rows("ip/dhcp-server/lease")[0]["host-name"], "hp")
	b := browserAt(t, p.Proxy)
	want(t, b.get("http://shop.test/").status, 302)
	c := dial(t, r)
	c.ok("/ip/hotspot/walled-garden/ip/add", "=dst-address=203.0.113.7")
	want(t, b.get("http://shop.test/").body, "shop GET shop.test/ ")
	again := open(`{"mac":"AA-BB-CC-00-00-01","hosts":{"shop.test":"` + site(t, "moved") + `"},"ips":{"shop.test":"203.0.113.7"}}`)
	want(t, again, p) // the same port, another world
	want(t, b.get("http://shop.test/").body, "moved GET shop.test/ ")
	other := open(`{"mac":"AA:BB:CC:00:00:02"}`)
	var list []phoneStatus
	if err := json.Unmarshal([]byte(ask("GET", "phones", "", 200)), &list); err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	want(t, list[0], p)
	want(t, list[1], other)
	ask("DELETE", "devices/AA:BB:CC:00:00:01", "", 200) // out of range, the phone itself is still there
	want(t, b.get("http://shop.test/").status, 502)
	ask("POST", "devices", `{"mac":"AA:BB:CC:00:00:01"}`, 200)
	want(t, b.get("http://shop.test/").status, 200)
	ask("DELETE", "phones/AA:BB:CC:00:00:09", "", 404)
	ask("DELETE", "phones/aa-bb-cc-00-00-01", "", 200)
	ask("DELETE", "phones/AA:BB:CC:00:00:01", "", 404)
	want(t, len(r.Rows(hostPath)), 1)
	gone := func(proxy string) {
		t.Helper()
		if a, err := http.Get(proxy); err == nil {
			a.Body.Close()
			t.Fatal("still open")
		}
	}
	gone(p.Proxy)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	gone(other.Proxy)
	ask("POST", "phones", `{"mac":"AA:BB:CC:00:00:03"}`, 400)
}

// Closing a phone or its router cuts what runs through it.
func TestClosingCutsTunnels(t *testing.T) {
	for i, closing := range []func(r *Router) error{(*Router).Close, func(r *Router) error { r.ClosePhone(phone); return nil }, (*Router).Close} {
		r, c, _ := hotspot(t, Options{})
		c.ok("/ip/hotspot/ip-binding/add", "=mac-address="+phone, "=type=bypassed")
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		outside := Internet{"bank.test": {Addr: l.Addr().String()}}
		proxy, err := r.OpenPhone(Device{MAC: phone}, outside)
		if err != nil {
			t.Fatal(err)
		}
		b := browserAt(t, proxy)
		if i == 2 {
			b = browse(t, r, phone, outside) // a phone without a port of the router's
		}
		status, _, in := b.connect("bank.test:443")
		want(t, status, 200)
		if err = closing(r); err != nil {
			t.Fatal(err)
		}
		var late net.Error
		if _, err = io.Copy(io.Discard, in); errors.As(err, &late) && late.Timeout() {
			t.Fatal("the tunnel is still open")
		}
	}
}
