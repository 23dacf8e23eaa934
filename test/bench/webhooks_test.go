package bench

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func webhooks(t *testing.T, p *page, e engine) {
	d := start(t, e.args(t)...)
	var bare served
	accompany(t, "empty", struct{}{}, &bare)
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
	took, failed := paced(200, p.webhooks, post(d.Shop+"/webhooks/xendit"))
	base, _ := paced(200, p.webhooks/2, post(bare.URL))
	p.row("webhook answer at 200/s, "+e.name, "p50 <= 3 ms, p99 <= 20 ms", fmt.Sprintf("p50 %s, p99 %s", short(took.at(.5)), short(took.at(.99))),
		fmt.Sprintf("p50 %s, p99 %s", short(base.at(.5)), short(base.at(.99))), fmt.Sprintf("%d sent, %d failed; control: a bare handler that stores nothing", len(took)+failed, failed))
}

func lostWebhooks(t *testing.T, p *page, _ engine) {
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
