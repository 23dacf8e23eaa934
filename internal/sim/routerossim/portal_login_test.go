package routerossim

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The sum was made by md5sum: \371, "rahasia", then the manual's challenge.
func TestChapVector(t *testing.T) {
	c := chap{id: 0o371, challenge: [16]byte{0o357, 0o015, 0o330, 0o013, 0o021, 0o234, 0o145, 0o245, 0o303, 0o253, 0o142, 0o246, 0o133, 0o175, 0o375, 0o316}}
	want(t, c.answer("rahasia"), "55b0fc4a943a5807200b8273b0886c6a")
	want(t, octal(c.id)+octal(c.challenge[:3]...), `\371\357\015\330`)
}

var asked = regexp.MustCompile(`hexMD5\("((?:\\\d{3})+)" \+ p\.value \+ "((?:\\\d{3})+)"\)`)

// answerTo reads a login page as a browser's script would.
func answerTo(t *testing.T, page, password string) string {
	t.Helper()
	m := asked.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no challenge in %s", page)
	}
	raw := func(s string) []byte {
		var b []byte
		for _, n := range strings.Split(s, `\`)[1:] {
			v, err := strconv.ParseUint(n, 8, 8)
			if err != nil {
				t.Fatal(err)
			}
			b = append(b, byte(v))
		}
		return b
	}
	h := md5.New()
	h.Write(raw(m[1]))
	h.Write([]byte(password))
	h.Write(raw(m[2]))
	return hex.EncodeToString(h.Sum(nil))
}

func TestChapLogin(t *testing.T) {
	r, c, _ := hotspot(t, Options{}) // cookie,http-chap is what a router comes with
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=rahasia")
	b := browse(t, r, phone, nil)
	fails := func(password, key string) {
		t.Helper()
		a := b.post(loginURL, "username", "u", "password", password)
		if !strings.Contains(a.body, refuse(key, "u").Error()) || len(r.Rows(activePath)) != 0 {
			t.Fatalf("%s: %s", password, a.body)
		}
	}
	fails("rahasia", "chap-missing") // the plain one is not for the air
	page := b.get(loginURL).body
	want(t, b.get(loginURL).body, page) // another tab asks the same
	wrong, right := answerTo(t, page, "salah"), answerTo(t, page, "rahasia")
	fails(wrong, "invalid-username")
	fails(right, "invalid-username") // spent; the page shown above drew another
	if fresh := b.get(loginURL).body; fresh == page {
		t.Fatal("the same challenge twice")
	}
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:02"}); err != nil {
		t.Fatal(err)
	}
	other := browse(t, r, "AA:BB:CC:00:00:02", nil)
	fails(answerTo(t, other.get(loginURL).body, "rahasia"), "invalid-username") // of another device
	old := answerTo(t, b.get(loginURL).body, "rahasia")
	r.Advance(time.Hour)
	fails(old, "chap-missing")
	page = b.get(loginURL).body
	r.Advance(59 * time.Minute)
	a := b.post(loginURL, "username", "u", "password", strings.ToUpper(answerTo(t, page, "rahasia")))
	want(t, r.Rows(activePath)[0]["login-by"], "http-chap")
	if !strings.Contains(a.body, "http://login.hotspot/status") {
		t.Fatal(a.body)
	}
	b.get("http://login.hotspot/logout")
	page = b.get(loginURL).body
	r.SetFaults(Faults{Reboot: true, RebootMS: 1})
	r.Advance(time.Minute)
	fails(answerTo(t, page, "rahasia"), "chap-missing")
}

func TestPapBesideChap(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=http-chap,http-pap")
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=rahasia")
	digest := strings.Repeat("0a", 16)
	c.ok("/ip/hotspot/user/add", "=name=hex", "=password="+digest)
	b := browse(t, r, phone, nil)
	for _, v := range []struct{ user, password, by string }{
		{"u", answerTo(t, b.get(loginURL).body, "rahasia"), "http-chap"}, {"u", "rahasia", "http-pap"}, {"hex", digest, "http-pap"}} {
		b.post(loginURL, "username", v.user, "password", v.password)
		want(t, r.Rows(activePath)[0]["login-by"], v.by)
		want(t, b.get("http://login.hotspot/logout").status, 200)
	}
	b.get(loginURL) // asks
	b.post(loginURL, "username", "u", "password", "salah")
	want(t, len(r.Rows(activePath)), 0)
}

func TestLoginErrors(t *testing.T) {
	r, c, _ := hotspot(t, Options{LicenseLevel: 3})
	pap(c)
	c.ok("/file/set", "=.id=hotspot/login.html", "=contents=$(error-orig)|$(error)|$(username)|$(popup)")
	c.ok("/file/set", "=.id=hotspot/error.html", "=contents=fatal $(error-orig)|$(error)")
	for _, add := range []string{"=name=off =disabled=yes", "=name=mac =mac-address=AA:BB:CC:00:00:02", "=name=AA:BB:CC:00:00:02", "=name=lost =profile=gone",
		"=name=full =limit-bytes-total=1", "=name=used =limit-uptime=1s", "=name=ok", "=name=two"} {
		c.do("/ip/hotspot/user/profile/add", "=name=gone")
		c.ok(append([]string{"/ip/hotspot/user/add"}, strings.Fields(add)...)...)
	}
	c.ok("/ip/hotspot/user/profile/remove", "=.id=gone")
	b := browse(t, r, phone, nil)
	for _, user := range []string{"full", "used"} {
		b.post(loginURL, "username", user)
		r.Traffic(phone, 1, 1)
		r.Advance(time.Second)
		b.get("http://login.hotspot/logout")
	}
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:03"}); err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct{ user, page string }{
		{"nobody", "invalid-username|invalid username or password|nobody|false"},
		{"off", "invalid-username|invalid username or password|off|false"},
		{"default-trial", "invalid-username|invalid username or password|default-trial|false"},
		{"mac", "invalid-mac|user mac is not allowed to log in from this MAC address|mac|false"},
		{"AA:BB:CC:00:00:02", "wrong-mac-username|invalid username (AA:BB:CC:00:00:02): this MAC address is not yours|AA:BB:CC:00:00:02|false"},
		{"full", "traffic-limit|user full has reached traffic limit|full|false"},
		{"used", "uptime-limit|user used has reached uptime limit|used|false"},
		{"lost", "fatal config-error|no valid profile found"},
		{"", "||" + "|false"},
	} {
		want(t, b.post(loginURL, "username", v.user).body, v.page)
		want(t, b.get(loginURL+"?username="+url.QueryEscape(v.user)).body, v.page)
	}
	other := browse(t, r, "AA:BB:CC:00:00:03", nil)
	other.post(loginURL, "username", "ok")
	want(t, b.post(loginURL, "username", "ok", "popup", "true").body, "user-session-limit|no more sessions are allowed for user ok|ok|true")
	want(t, b.post(loginURL, "username", "two").body, "license-session-limit|session limit reached (license)|two|false")
	// The directory's own words, with variables; what it leaves out stays as it was.
	c.ok("/file/set", "=.id=hotspot/errors.txt", "=contents=# kata\ninvalid-username=Salah, $(username) ($(ip))\nbroken line\n")
	want(t, b.post(loginURL, "username", "x").body, "invalid-username|Salah, x (10.5.50.9)|x|false")
	want(t, b.post(loginURL, "username", "used").body, "uptime-limit|user used has reached uptime limit|used|false")
	c.ok("/file/add", "=name=hotspot/flogin.html", "=contents=again: $(error)")
	want(t, b.post(loginURL, "username", "x").body, "again: Salah, x (10.5.50.9)")
	want(t, b.get(loginURL).body, "|||false")
}

func TestErrorSentence(t *testing.T) {
	r, c, _ := hotspot(t, Options{ErrorSentence: true})
	pap(c)
	c.ok("/file/set", "=.id=hotspot/login.html", "=contents=$(error-orig)|$(error)")
	c.ok("/file/set", "=.id=hotspot/errors.txt", "=contents=invalid-username = Salah: $(error-orig)")
	want(t, browse(t, r, phone, nil).post(loginURL, "username", "x").body, "invalid username or password|Salah: invalid username or password")
}

// A router makes nothing safe: what an attacker sends comes out as it went in,
// once. Pages that people see have to cope.
func TestHostileInput(t *testing.T) {
	const evil = `"><script>x</script>$(mac)$(if mac)y$(endif)`
	r, c, _ := hotspot(t, Options{})
	pap(c)
	b := browse(t, r, phone, nil)
	a := b.post(loginURL, "username", evil, "dst", "http://a.test/"+evil)
	for _, part := range []string{`value="` + evil + `"`, `value="http://a.test/` + evil + `"`} {
		if !strings.Contains(a.body, part) {
			t.Fatalf("%s is missing in %s", part, a.body)
		}
	}
	if strings.Contains(a.body, phone) {
		t.Fatal("what was typed was expanded")
	}
	c.ok("/file/set", "=.id=hotspot/errors.txt", "=contents=invalid-username = no $(username)")
	if a = b.post(loginURL, "username", evil); !strings.Contains(a.body, "no "+evil+"</p>") {
		t.Fatal(a.body)
	}
	c.ok("/file/set", "=.id=hotspot/login.html", "=contents=$(username-esc) $(link-login)")
	a = b.post(loginURL, "username", evil, "dst", evil)
	if strings.ContainsAny(a.body, `"<>`) || !strings.Contains(a.body, "%3Cscript%3E") {
		t.Fatal(a.body)
	}
	q, err := http.NewRequest(http.MethodGet, "http://login.hotspot/login?dst=a%0d%0aSet-Cookie:x=1", nil)
	c.ok("/file/set", "=.id=hotspot/login.html", `=contents=$(if http-header == "Location")$(link-orig)$(endif)$(if http-header == "Content-Length")1$(endif)ok`)
	a = b.do(q, err)
	want(t, a.header.Get("Set-Cookie")+a.body, "ok") // no header of its own
	want(t, b.post(loginURL, "username", strings.Repeat("x", 70_000)).status, 400)
}

func TestDestinations(t *testing.T) {
	for _, v := range []struct{ version, dst, to string }{
		{"7.19.2", "http://a.test/?b=c", "http://a.test/?b=c"},
		{"7.19.2", "HTTPS://a.test", "HTTPS://a.test"},
		{"7.19.2", "/status?x=a:b", "/status?x=a:b"},
		{"7.19.2", "javascript:alert(1)", ""},
		{"7.19.2", " \tJaVa\nScript:alert(1)", ""},
		{"7.19.2", "data:text/html,x", ""},
		{"7.19", "javascript:alert(1)", "javascript:alert(1)"},
		{"7.19.1", "javascript:alert(1)", "javascript:alert(1)"},
		{"7.20", "javascript:alert(1)", ""},
		{"7.22.3", "javascript:alert(1)", ""},
		{"6.49.18", "javascript:alert(1)", "javascript:alert(1)"},
	} {
		r, c, _ := hotspot(t, Options{Version: v.version})
		pap(c)
		c.ok("/ip/hotspot/user/add", "=name=u")
		b := browse(t, r, phone, nil)
		a := b.get(loginURL + "?username=u&dst=" + url.QueryEscape(v.dst))
		if !strings.Contains(a.body, fmt.Sprintf("url=%s\">", or(v.to, "http://login.hotspot/status"))) {
			t.Errorf("%s %q: %s", v.version, v.dst, a.body)
		}
	}
}
