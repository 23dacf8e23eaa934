package reconcile

import (
	"testing"
	"time"
)

// A difference that comes back is another row than the one that was corrected; it has no
// part in the sums, and it leads to its voucher.
func TestRowOfAVoucherOnARouter(t *testing.T) {
	a := Access{VoucherID: "v1", RouterID: "pojok", OrderID: "o1", Name: "budi-1", Kinds: "missing limits", Why: "router.refused: no", Since: noon}
	r := a.Row(wib)
	if r.Day != "2026-11-24" || r.Kind != AccessRow || r.State != AccessDiffers || !r.State.Open() || r.Act() != ToVoucher || r.Awaits() {
		t.Errorf("%+v", r)
	}
	if kinds, why := r.Access(); kinds != a.Kinds || why != a.Why {
		t.Errorf("%q %q", kinds, why)
	}
	over := r.Over()
	if over.State != Corrected || over.State.Open() || over.Subject != r.Subject || over.Day != r.Day {
		t.Errorf("%+v", over)
	}
	if got := Sum([]Row{r, over}); got != (Totals{Rows: 2, Open: 1}) {
		t.Errorf("%+v", got)
	}
	a.Since = a.Since.Add(13 * time.Hour)
	if again := a.Row(wib); again.Subject == r.Subject || again.Day != "2026-11-25" {
		t.Errorf("%+v", again)
	}
}
