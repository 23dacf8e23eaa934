package hotspot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bound is the end of a user that its router enforces, so that validity holds while the shop
// is down. It stands in the user's comment before the mark, as "-until" and Unix
// seconds, or before the first login as "-after" and the seconds that count from it: no date
// style of any version, no time zone, and only letters that Mikhmon takes in a comment.
type Bound struct {
	EndsAt int64         // Unix seconds, 0 while it is not known
	After  time.Duration // validity from the first login, which the router notes as EndsAt
}

// Zero reports whether there is no end to keep.
func (b Bound) Zero() bool { return b == Bound{} }

// longestAfter is what eight digits hold: three years.
const longestAfter = 99_999_999

func (b Bound) words() string {
	switch after := int64(b.After / time.Second); {
	case b.EndsAt > 0:
		return fmt.Sprintf("-until%010d", b.EndsAt)
	case after > 0 && after <= longestAfter:
		return fmt.Sprintf("-after%08d", after)
	}
	return ""
}

// Comment is a comment with the bound before its mark, or behind it where the mark is gone.
// After an expiry of Mikhmon's there is a space between: its monitor reads the letters before.
func (b Bound) Comment(base, mark string) string {
	words := b.words()
	if i := strings.Index(base, "-"+mark); i >= 0 && mark != "" {
		return base[:i] + words + base[i:]
	}
	if words != "" && Stamped(base) {
		words = " " + words
	}
	return base + words
}

var boundForm = regexp.MustCompile(` ?-(?:until(\d{10})|after(\d{8}))`)

// SplitBound takes the bound out of a comment.
func SplitBound(comment string) (base string, b Bound) {
	if !strings.Contains(comment, "-until") && !strings.Contains(comment, "-after") {
		return comment, b
	}
	m := boundForm.FindStringSubmatchIndex(comment)
	if m == nil {
		return comment, b
	}
	if m[2] >= 0 {
		b.EndsAt, _ = strconv.ParseInt(comment[m[2]:m[3]], 10, 64) // ten digits
	} else {
		n, _ := strconv.ParseInt(comment[m[4]:m[5]], 10, 64) // eight digits
		b.After = time.Duration(n) * time.Second
	}
	return comment[:m[0]] + comment[m[1]:], b
}

// boundSlack is by how much an end on the router may be earlier than the books': the books
// note a sale a moment after its router was told. The router itself waits longer than that.
const boundSlack = 60

// Covers reports whether what a router keeps is this bound.
func (b Bound) Covers(have Bound) bool {
	if b.EndsAt > 0 && have.EndsAt > 0 {
		return have.EndsAt <= b.EndsAt && have.EndsAt >= b.EndsAt-boundSlack
	}
	return b.words() == have.words()
}

// EndsScheduler names the one scheduler by which a router ends users past their bound.
const EndsScheduler = OwnPrefix + "ends"

// EndsSkew is how far a router's clock may be from the shop's before its scheduler is
// switched off, and how long after an end the scheduler waits: a clock that is that much
// ahead ends nothing early.
const EndsSkew = 120 * time.Second

// SchedulerState says how a router's scheduler of ends is.
type SchedulerState string

// The states of the scheduler. "" where the router did not say.
const (
	SchedulerMissing  SchedulerState = "missing"
	SchedulerAltered  SchedulerState = "altered"  // it says something else than it should
	SchedulerOutdated SchedulerState = "outdated" // of another version of the shop, or another account's
	SchedulerOff      SchedulerState = "off"
	SchedulerOn       SchedulerState = "on"
)
