package routerossim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// version is a RouterOS release; the third number matters to the login page
// alone (safeDst).
type version struct {
	major, minor int
	text         string
}

func parseVersion(s string) (version, error) {
	if s == "" {
		s = "7.16"
	}
	parts := strings.Split(s, ".")
	if len(parts) >= 2 {
		major, err1 := strconv.Atoi(parts[0])
		minor, err2 := strconv.Atoi(parts[1])
		if err1 == nil && err2 == nil && (major == 6 && minor >= 40 || major == 7) && minor >= 0 {
			return version{major, minor, s}, nil
		}
	}
	return version{}, fmt.Errorf("routerossim: unknown RouterOS version %q, want 6.40 to 7.x", s)
}

func (v version) atLeast(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// datelessSchedulers: 7.24.0 to 7.24.4 give a scheduler no start date that was
// not set, and never run it.
func (v version) datelessSchedulers() bool {
	return v.text == "7.24" || slices.Contains([]string{"7.24.0", "7.24.1", "7.24.2", "7.24.3", "7.24.4"}, v.text)
}

// emptyReply: since 7.18 a print without rows says !empty before !done.
func (v version) emptyReply() bool { return v.atLeast(7, 18) }

// sessionLimit: the API service takes 20 clients unless max-sessions says otherwise.
const sessionLimit = 20

// dead is what a listen event says of a removed row; the manual writes "yes",
// 7.24 was captured saying "true".
func (v version) dead() string {
	if v.atLeast(7, 24) {
		return "true"
	}
	return "yes"
}

// date prints a day: ISO since 7.10, "jan/02/2026" before.
func (v version) date(t time.Time) string {
	if v.atLeast(7, 10) {
		return t.Format("2006-01-02")
	}
	return strings.ToLower(t.Format("Jan")) + t.Format("/02/2006")
}

func (v version) dateTime(t time.Time) string { return v.date(t) + t.Format(" 15:04:05") }
