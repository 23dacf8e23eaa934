package templates

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gerai/internal/catalog"
)

var samplePortal = Portal{Brand: catalog.Brand{Name: "Warnet Jaya", Color: "#0b6e4f", Phone: "0812-3456-7890", WhatsApp: "6281234567890", Licence: "Dijual kembali atas nama PT Contoh Net"},
	Site: catalog.Site{Slug: "warnet-jaya", Name: "Warnet Jaya Pusat"}, BaseURL: "https://voucher.example.net"}

func portalFile(t *testing.T, p Portal, name string) string {
	t.Helper()
	body, err := p.File(name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

var word = regexp.MustCompile(`\$\((\w[^)]*)\)`)

// expand does what a router's login server does with a file: variables and
// nested conditions, without any HTML escaping; -esc is URL escaping.
func expand(t *testing.T, body string, vars map[string]string) string {
	t.Helper()
	var out strings.Builder
	type level struct{ show, taken bool }
	stack := []level{}
	shown := func() bool { return !slices.ContainsFunc(stack, func(l level) bool { return !l.show }) }
	last := 0
	for _, m := range word.FindAllStringSubmatchIndex(body, -1) {
		if shown() {
			out.WriteString(body[last:m[0]])
		}
		last = m[1]
		expr := body[m[2]:m[3]]
		verb, cond, _ := strings.Cut(expr, " ")
		top := len(stack) - 1
		switch verb {
		case "if":
			yes := holds(cond, vars)
			stack = append(stack, level{yes, yes})
		case "elif":
			stack[top] = level{!stack[top].taken && holds(cond, vars), stack[top].taken || holds(cond, vars)}
		case "else":
			stack[top].show = !stack[top].taken
		case "endif":
			stack = stack[:top]
		default:
			if value, esc := strings.CutSuffix(expr, "-esc"); shown() && esc {
				out.WriteString(strings.ReplaceAll(url.QueryEscape(vars[value]), "+", "%20"))
			} else if shown() {
				out.WriteString(vars[expr])
			}
		}
	}
	if len(stack) != 0 {
		t.Fatal("a condition is not closed")
	}
	return out.String() + body[last:]
}

func holds(cond string, vars map[string]string) bool {
	name, value, compared := strings.Cut(cond, " == ")
	if compared {
		return vars[name] == strings.Trim(value, `'"`)
	}
	return vars[name] != ""
}

// What a browser can never have put there: the router's own words and numbers.
var safeVariables = []string{"link-login-only", "link-status", "link-logout", "chap-id", "chap-challenge", "session-time-left", "session-time-left-secs",
	"remain-bytes-total", "remain-bytes-total-nice", "uptime", "bytes-in-nice", "bytes-out-nice"}

func TestPortalPrintsNothingHostile(t *testing.T) {
	const evil = `"'><script>evil()</script>javascript:evil()`
	vars := map[string]string{"link-login-only": "http://wifi.example/login", "link-status": "http://wifi.example/status", "link-logout": "http://wifi.example/logout", "chap-id": `\123`,
		"chap-challenge": `\001\002`, "logged-in": "yes", "session-time-left": "1h", "session-time-left-secs": "3600", "remain-bytes-total": "1024", "remain-bytes-total-nice": "1 KiB", "uptime": "2m"}
	for _, name := range []string{"error", "error-orig", "username", "dst", "link-orig", "link-redirect", "link-login", "user-agent", "domain", "hostname", "identity", "mac", "ip", "server-name"} {
		vars[name] = evil
	}
	for _, name := range PortalNames {
		body := portalFile(t, samplePortal, name)
		for _, m := range word.FindAllStringSubmatch(body, -1) {
			verb, _, _ := strings.Cut(m[1], " ")
			if !slices.Contains([]string{"if", "elif", "else", "endif"}, verb) && !strings.HasSuffix(m[1], "-esc") && !slices.Contains(safeVariables, m[1]) {
				t.Errorf("%s prints %s", name, m[1])
			}
		}
		if got := expand(t, body, vars); strings.Contains(got, "evil()") {
			t.Errorf("%s: it breaks out:\n%s", name, got)
		}
	}
	if !strings.Contains(expand(t, `<p title="$(error)">`, vars), "evil()") {
		t.Error("the expander hides what a router would print")
	}
}

func TestPortalErrorsAreFixedSentences(t *testing.T) {
	login := portalFile(t, samplePortal, "login.html")
	keys := 0
	for line := range strings.Lines(portalFile(t, samplePortal, "errors.txt")) {
		key, value, found := strings.Cut(strings.TrimSpace(line), " = ")
		if !found {
			continue
		}
		keys++
		if strings.Contains(value, "$") {
			t.Errorf("%s carries a variable", key)
		}
		got := expand(t, login, map[string]string{"error": value})
		want := map[string]string{"salah": "portal.error.wrong", "waktu": "portal.error.time", "kuota": "portal.error.data", "perangkat": "portal.error.device", "penuh": "portal.error.full"}[value]
		if want == "" {
			want = "portal.error.other"
		}
		if !strings.Contains(got, Text(Indonesian, want)) || strings.Count(got, "portal.error") > 0 || strings.Count(got, `role="alert"`) != 1 {
			t.Errorf("%s: %s", key, got)
		}
	}
	if keys != 17 {
		t.Errorf("%d keys, the servlet knows 17", keys)
	}
	if strings.Contains(expand(t, login, nil), "alert") {
		t.Error("it complains about nothing")
	}
}

// Old routers take 4,095 bytes over the API.
func TestPortalSizesAndWords(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)target=|window\.open|alert\(|confirm\(|prompt\(|localstorage|sessionstorage|indexeddb|serviceworker|cookie|@import|url\([^$]`)
	remote := regexp.MustCompile(`(?:src|href|action)="?https?://`)
	long := samplePortal
	long.Brand.Name, long.Site.Name = strings.Repeat("Warung & Wi-Fi ", 4), strings.Repeat("Jalan <Melati> ", 5)
	long.Brand.Licence, long.BaseURL = strings.Repeat("Dijual kembali atas nama PT Contoh. ", 8), "https://"+strings.Repeat("voucher.", 12)+"example.net"
	for _, name := range PortalNames {
		body := portalFile(t, samplePortal, name)
		if len(body) > 4000 {
			t.Errorf("%s has %d bytes", name, len(body))
		}
		if n := len(portalFile(t, long, name)); n > 10_000 {
			t.Errorf("%s has %d bytes with long names", name, n)
		}
		if found := forbidden.FindString(body); found != "" {
			t.Errorf("%s: %s", name, found)
		}
		for _, link := range remote.FindAllString(body, -1) {
			if strings.HasPrefix(link, "src") {
				t.Errorf("%s fetches from elsewhere: %s", name, link)
			}
		}
		if strings.Contains(portalFile(t, long, name), "<Melati>") {
			t.Errorf("%s does not escape names", name)
		}
	}
}

func TestPortalLinks(t *testing.T) {
	vars := map[string]string{"mac": "AA:BB:CC:DD:EE:FF", "ip": "10.5.50.9", "link-login-only": "http://wifi.example/login", "link-orig": "http://a.example/?x=1&y=2", "server-name": "hotspot1"}
	page := expand(t, portalFile(t, samplePortal, "login.html"), vars)
	for _, start := range []string{"https://voucher.example.net/h/warnet-jaya?", "https://voucher.example.net/klaim?"} {
		_, rest, found := strings.Cut(page, start)
		if !found {
			t.Fatal(start)
		}
		rest, _, _ = strings.Cut(rest, `"`)
		q, err := url.ParseQuery(strings.ReplaceAll(rest, "&amp;", "&"))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range vars {
			if got := q.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	redirect := expand(t, portalFile(t, samplePortal, "rlogin.html"), map[string]string{"http-header": "Location", "link-login-only": "http://w/login", "link-orig": "http://a/?b"})
	if !strings.HasPrefix(strings.TrimSpace(redirect), "http://w/login?dst=http%3A%2F%2Fa%2F%3Fb") {
		t.Error(redirect)
	}
	if chap := expand(t, portalFile(t, samplePortal, "login.html"), map[string]string{"chap-id": `\1`, "plain-passwd": "no"}); !strings.Contains(chap, "hexMD5('\\1'") || !strings.Contains(chap, "/md5.js") || !strings.Contains(chap, Text(Indonesian, "portal.script")) {
		t.Error("CHAP without its script or its notice")
	}
	if pap := expand(t, portalFile(t, samplePortal, "login.html"), map[string]string{"plain-passwd": "yes"}); strings.Contains(pap, "md5") || !strings.Contains(pap, Text(Indonesian, "portal.twice")) || strings.Contains(pap, Text(Indonesian, "portal.script")) {
		t.Error("PAP needs no digest, and works without its script")
	}
}

func TestPortalAPIIsJSON(t *testing.T) {
	body := portalFile(t, samplePortal, "api.json")
	for name, c := range map[string]struct {
		vars map[string]string
		want map[string]any
	}{
		"out":     {map[string]string{"logged-in": "no"}, map[string]any{"captive": true}},
		"in":      {map[string]string{"logged-in": "yes", "session-time-left-secs": "90", "remain-bytes-total": "7"}, map[string]any{"captive": false, "seconds-remaining": 90.0, "bytes-remaining": 7.0}},
		"endless": {map[string]string{"logged-in": "yes", "remain-bytes-total": "---"}, map[string]any{"captive": false}},
	} {
		c.vars["link-login-only"] = "https://wifi.example/login"
		c.want["user-portal-url"], c.want["venue-info-url"] = "https://wifi.example/login", "https://voucher.example.net/h/warnet-jaya"
		c.want["can-extend-session"], c.want["x-android-use-custom-tabs"] = true, 361335020.0
		var got map[string]any
		if err := json.Unmarshal([]byte(expand(t, body, c.vars)), &got); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, expand(t, body, c.vars))
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		for key, want := range c.want {
			if got[key] != want {
				t.Errorf("%s: %s is %v, want %v", name, key, got[key], want)
			}
		}
	}
}

// After a mistake the name stays, and what was typed in other letters is tried
// as it was typed; a voucher that is used up was the right one.
func TestPortalKeepsTheName(t *testing.T) {
	login := portalFile(t, samplePortal, "login.html")
	wrong := expand(t, login, map[string]string{"username": "kode7", "var": "1KODE7", "error": "salah"})
	if !strings.Contains(wrong, `value="kode7"`) || !strings.Contains(wrong, `name=var value="1KODE7"`) {
		t.Error(wrong)
	}
	if used := expand(t, login, map[string]string{"username": "kode7", "var": "1KODE7", "error": "waktu"}); !strings.Contains(used, `value="kode7"`) || strings.Contains(used, "KODE7") {
		t.Error(used)
	}
	if !strings.Contains(login, Text(Indonesian, "portal.one")) || !strings.Contains(login, "toLowerCase") || !strings.Contains(login, "trim()") {
		t.Error("one code, trimmed, in lower case")
	}
}
