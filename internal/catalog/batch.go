package catalog

import (
	"regexp"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
)

// Ways a voucher is typed in.
const (
	ModeSame = "same" // one code is user name and password
	ModePair = "pair" // user name and a password of digits
)

// MaxBatch is the most vouchers of one batch.
const MaxBatch = 10_000

// guessing is how many codes there must be for each voucher, so that one guess
// in a hundred hits nothing more often than that.
const guessing = 100

// Codes says what the vouchers of a batch look like.
type Codes struct {
	Mode    string
	Charset order.Charset
	Length  int // of what is drawn, 4 to 12; the prefix comes on top
	Prefix  string
}

var prefixForm = regexp.MustCompile(`^[a-z0-9]{0,6}$|^[A-Z0-9]{0,6}$`)

// Validate checks codes for count vouchers. Errors: Invalid at "mode",
// "charset", "length" or "prefix"; "batch.too_short" when the codes would run
// out or could be guessed.
func (c Codes) Validate(count int) error {
	switch {
	case c.Mode != ModeSame && c.Mode != ModePair:
		return fault.AtField("mode", "batch.mode")
	case !c.Charset.Valid():
		return fault.AtField("charset", "batch.charset")
	case c.Length < 4 || c.Length > 12:
		return fault.AtField("length", "batch.length")
	case !prefixForm.MatchString(c.Prefix):
		return fault.AtField("prefix", "batch.prefix")
	case c.Charset.Digits() && order.LosesZero(c.Prefix+"1"):
		return fault.AtField("prefix", "batch.prefix_zero")
	case c.Charset.Space(c.Length) < guessing*float64(count):
		return fault.AtField("length", "batch.too_short")
	}
	return nil
}

var (
	noteForm   = regexp.MustCompile(`^[A-Za-z0-9.]{0,20}$`)
	serverForm = regexp.MustCompile(`^[A-Za-z0-9._ -]{0,40}$`)
)

// longest limits a plan's own may be overridden with.
const (
	longestUptime = 366 * 24 * time.Hour
	largestData   = int64(100_000_000_000_000)
)

// Batch is an order for vouchers, as a person fills it in.
type Batch struct {
	Codes
	Count  int
	Server string // hotspot server on the router, "" for the router's own setting
	Note   string // ends up in the comment on the router
	// UptimeLimit and DataLimit replace the plan's where they are not negative;
	// zero is unlimited.
	UptimeLimit time.Duration
	DataLimit   int64
}

// Validate checks everything that needs no other data. Errors: Invalid at the
// field.
func (b Batch) Validate() error {
	switch {
	case b.Count < 1 || b.Count > MaxBatch:
		return fault.AtField("count", "batch.count")
	case !noteForm.MatchString(b.Note):
		return fault.AtField("note", "batch.note")
	case !serverForm.MatchString(b.Server):
		return fault.AtField("server", "batch.server")
	case b.UptimeLimit > longestUptime:
		return fault.AtField("uptime", "batch.uptime")
	case b.DataLimit > largestData:
		return fault.AtField("data", "batch.data")
	}
	return b.Codes.Validate(b.Count)
}

// Item is the plan as this batch sells it.
func (b Batch) Item(p Plan, s Site) order.Item {
	item := p.Item(s)
	if b.UptimeLimit >= 0 {
		item.UptimeLimit = b.UptimeLimit.Truncate(time.Second)
	}
	if b.DataLimit >= 0 {
		item.DataLimit = b.DataLimit
	}
	return item
}
