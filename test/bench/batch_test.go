package bench

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/test/proc"
)

// tenThousand measures a full batch onto a router that takes 20 ms for each
// command, with a sale in the middle of it.
func tenThousand(t *testing.T, p *page, e engine) {
	d := start(t, e.args(t)...)
	const n = 10_000
	d.put("/_sim/routers/"+d.Routers[0].Name+"/faults", `{"delay_ms":20}`)
	panel, err := proc.SignIn(t, d.Shop, d.User, d.Password)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	made, err := panel.Submit("/admin/vouchers/new", "form.card", "count", fmt.Sprint(n))
	if err != nil {
		t.Fatal(err)
	}
	path, code, err := d.order()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.pay(code); err != nil {
		t.Fatal(err)
	}
	sale, err := d.voucher(path, 10*time.Millisecond, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for state := ""; state != "selesai"; <-tick.C {
		doc, err := panel.Get(made.Url.Path)
		if err != nil {
			t.Fatal(err)
		}
		if state = strings.TrimSpace(doc.Find("#progress .tag").Text()); time.Since(began) > 10*time.Minute {
			t.Fatal("the batch is still ", state)
		}
	}
	took := time.Since(began)
	names := map[string]bool{}
	for _, row := range d.rows("ip/hotspot/user") {
		if strings.Contains(row["comment"], "-gb.") {
			names[row["name"]] = true
		}
	}
	p.row("10,000 vouchers onto a slow router, "+e.name, "<= 60 s, no duplicate", fmt.Sprintf("%s, %d names on the router", short(took), len(names)), fmt.Sprintf("%s one after the other", short(n*20*time.Millisecond)),
		fmt.Sprintf("20 ms per command, from the form to the last one; a sale paid meanwhile was visible after %s", short(sale)))
}

// rows reads a menu of the first router.
func (d *demo) rows(menu string) (out []map[string]string) {
	d.Helper()
	res, err := client.Get(d.Sim + "/_sim/routers/" + d.Routers[0].Name + "/" + menu)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		d.Fatal(err)
	}
	return out
}
