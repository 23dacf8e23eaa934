package e2e

import "testing"

// compare has the days of this month compared, and looks into rows that are open: two about
// money, and one about a voucher that its router does not hold as the books want.
func (f *floor) compare(t *testing.T) {
	t.Helper()
	b := f.boss
	const rows = "tbody a[href^='/admin/reconciliation/']"
	f.record("/admin/reconciliation")
	b.waits(f.voucher("taken"), "a[href$='/restore']")
	b.does("/admin/reconciliation", "form[action$='/run']")
	list := b.waits("/admin/reconciliation?kind=payment", "tr:nth-child(2) "+rows[len("tbody "):])
	first, second := list.Find(rows).Eq(0).AttrOr("href", ""), list.Find(rows).Eq(1).AttrOr("href", "")
	b.does(first, "form[action$='/note']", "note", "ditanyakan ke bank")
	b.does(second, "form[action$='/explain']", "reason", "sudah dibicarakan dengan pelanggan")
	qris := b.waits("/admin/reconciliation?view=all&state=matched", rows).Find(rows).First().AttrOr("href", "")
	access := b.waits("/admin/reconciliation?kind=access", rows).Find(rows).First().AttrOr("href", "")
	f.record("/admin/reconciliation", "/admin/reconciliation?state=settled", "/admin/reconciliation?view=all&from=2020-01-01&to=2020-01-02")
	f.pages["reconciliation"] = []string{"/admin/reconciliation?view=all", first, second, qris, access}
}
