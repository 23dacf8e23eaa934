package reconcile

import (
	"fmt"
	"strings"
	"time"

	"gerai/internal/order"
	"gerai/internal/report"
)

// Access is a voucher that its router does not hold as the books want, and that is left to
// a person. What is corrected without one never comes here.
type Access struct {
	VoucherID string
	RouterID  string
	SiteID    string
	OrderID   order.ID
	Name      string // what people call the voucher
	Kinds     string // how it differs, names separated by spaces
	Why       string // why it is left to a person, a name
	Since     time.Time
}

// Row is the row of a difference. One that comes back after it was corrected is another
// row: it stands on the day on which it came back.
func (a Access) Row(zone *time.Location) Row {
	return Row{Subject: fmt.Sprintf("access:%s:%d", a.VoucherID, a.Since.UnixMilli()), Kind: AccessRow, State: AccessDiffers, Day: report.DayOf(a.Since, zone), At: a.Since,
		VoucherID: a.VoucherID, RouterID: a.RouterID, SiteID: a.SiteID, OrderID: a.OrderID, Reference: a.Name, Note: a.Kinds + accessWhy + a.Why}
}

// accessWhy separates what differs from why it is left.
const accessWhy = ": "

// Access is what the row of a voucher says of it.
func (r Row) Access() (kinds, why string) {
	kinds, why, _ = strings.Cut(r.Note, accessWhy)
	return kinds, why
}

// Over is the row of a difference that is gone.
func (r Row) Over() Row {
	r.State = Corrected
	return r
}
