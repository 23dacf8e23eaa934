package storefront

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
)

func TestStatusToTheLetter(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	a := v.get(path(o) + "/status")
	want := `{"order":"` + string(o.Code) + `","status":"pending","flags":["test"],"attention":"","amount":5000,"method":"qris","expires_at":"2026-11-24T03:30:00Z","voucher":null}`
	if string(a.body) != want || a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" || len(a.body) > 300 {
		t.Errorf("%s\n%v", a.body, a.Header)
	}
	v.Pay(o)
	v.RunAll()
	now := v.Order(o)
	a = v.get(path(o) + "/status")
	want = `{"order":"` + string(o.Code) + `","status":"activated","flags":["test"],"attention":"","amount":5000,"method":"qris","expires_at":"2026-11-24T03:30:00Z","voucher":{"username":"` +
		now.Username + `","password":"` + now.Password + `","valid_until":null}}`
	if string(a.body) != want {
		t.Errorf("%s", a.body)
	}
	hour := v.Buy("sejam", "qris")
	v.Pay(hour)
	v.RunAll()
	var got struct {
		Voucher struct {
			ValidUntil time.Time `json:"valid_until"`
		}
	}
	if err := json.Unmarshal(v.get(path(hour)+"/status").body, &got); err != nil || !got.Voucher.ValidUntil.Equal(v.Clock.Now().Add(time.Hour)) {
		t.Errorf("%v %v", got, err)
	}
}

func TestStatusIsConditional(t *testing.T) {
	v := open(t)
	o := v.Buy("bulanan", "va:BCA")
	tag := v.get(path(o) + "/status").Header.Get("ETag")
	for _, header := range []string{tag, "W/" + tag, `"x", ` + tag} {
		if a := v.get(path(o)+"/status", "If-None-Match", header); a.StatusCode != http.StatusNotModified || len(a.body) != 0 || a.Header.Get("ETag") != tag {
			t.Errorf("%s: %d %s", header, a.StatusCode, a.body)
		}
	}
	if got := v.get(path(o)).page(http.StatusOK).Find("#live").AttrOr("data-tag", ""); got != tag {
		t.Errorf("the page holds %q, the status says %q", got, tag)
	}
	v.PayAmount(o, 60000)
	v.RunAll()
	a := v.get(path(o)+"/status", "If-None-Match", tag)
	if a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), `"flags":["underpaid","test","attention"],"attention":"underpaid"`) || len(a.body) > 300 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestSecretsStayHidden: no order but an activated one shows its voucher.
func TestSecretsStayHidden(t *testing.T) {
	v := open(t)
	for _, road := range []func() order.Order{
		func() order.Order { return v.Buy("sehari", "qris") },
		func() order.Order { o := v.Buy("sehari", "qris"); cancel(v, o); v.Pay(o); v.RunAll(); return o },
		func() order.Order { o := v.Buy("sehari", "qris"); v.Advance(40 * time.Minute); return o },
	} {
		o := road()
		for _, p := range []string{"", "/status", "/qr.png"} {
			if body := string(v.get(path(o) + p).body); strings.Contains(body, o.Username) || regexp.MustCompile(`\b`+o.Password+`\b`).MatchString(body) {
				t.Errorf("%s%s shows the voucher", v.Order(o).Status, p)
			}
		}
	}
}
