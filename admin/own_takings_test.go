package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/staff"
)

// A kasir sees what they took themselves, on no page what the shop or a colleague took.
func TestAKasirSeesTheirOwnTakings(t *testing.T) {
	p := open(t)
	boss, kasir := p.as(staff.Admin).onShift(), p.as(staff.Kasir).onShift()
	for range 4 {
		boss.sells("given", "10.000")
	}
	online := p.Buy("bulanan", "qris")
	p.Pay(online)
	mine := kasir.sells("plan", "sejam")
	p.RunAll()
	theirs := strings.TrimSuffix(boss.get("/admin/shift").page(http.StatusOK).Find("form[action$='/close']").AttrOr("action", ""), "/close")
	own := strings.TrimSuffix(kasir.get("/admin/shift").page(http.StatusOK).Find("form[action$='/close']").AttrOr("action", ""), "/close")
	// The shop's sum, the colleague's sum and till, and the sum of what others sold; the own till holds Rp102.000.
	foreign := []string{"Rp107.000", "Rp20.000", "Rp120.000", "Rp105.000"}
	looked := 0
	for _, r := range routes {
		path := "/admin" + r.Path
		switch {
		case r.Method != http.MethodGet || !staff.Allowed(staff.Kasir, r.Right):
			continue
		case strings.HasPrefix(r.Path, "/shift/:id"):
			kasir.get(strings.Replace(path, "/admin/shift/:id", theirs, 1)).page(http.StatusNotFound)
			path = strings.Replace(path, "/admin/shift/:id", own, 1)
		case strings.Contains(r.Path, ":code"):
			path = strings.Replace(path, ":code", string(mine.Code), 1)
		}
		if strings.Contains(path, ":") {
			continue
		}
		a := kasir.get(path)
		if a.StatusCode != http.StatusOK {
			continue
		}
		looked++
		said := text(a.page(http.StatusOK).Find("main"))
		for _, sum := range foreign {
			if strings.Contains(said, sum) {
				t.Errorf("%s says %s: %s", path, sum, said)
			}
		}
	}
	if looked < 15 {
		t.Error(looked)
	}
	for _, path := range []string{"/admin/reports", "/admin/reports/kpi", "/admin/money"} {
		kasir.get(path).page(http.StatusForbidden)
	}
	if said := text(kasir.get("/admin").page(http.StatusOK).Find("main")); !strings.Contains(said, "Rp102.000") {
		t.Error(said)
	}
	if said := text(boss.get("/admin").page(http.StatusOK).Find("main")); !strings.Contains(said, "Rp107.000") {
		t.Error("the shop's sum is another one: nothing is tested", said)
	}
}
