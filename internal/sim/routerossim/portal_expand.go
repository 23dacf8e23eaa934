package routerossim

import (
	"net/url"
	"strconv"
	"strings"
)

// page is an expanded file: its text and what it said about the answer.
type page struct {
	body   string
	status int         // 0 = nothing said
	header [][2]string // in the order they came; the last of a name counts
}

// frame is one $(if ...) that is still open.
type frame struct {
	outer   bool // what is around it shows
	taken   bool // one of its branches was shown already
	shows   bool
	setting string // "http-status", "http-header" or ""
	name    string // the status code or the header's name
	from    int    // where in the output its text begins
}

// expand replaces $(name) by its value and obeys $(if), $(elif), $(else) and
// $(endif). get knows the variables; what it does not know is empty. Escaping
// is for URLs only ($(name-esc)): as on a router, nothing is made safe for HTML.
func expand(text string, get func(name string) string) page {
	e := &expander{get: get}
	for text != "" {
		before, rest, found := strings.Cut(text, "$(")
		e.write(before)
		if !found {
			break
		}
		end := closing(rest)
		if end < 0 || !e.tag(rest[:end]) {
			e.write("$(")
			text = rest
			continue
		}
		text = rest[end+1:]
	}
	for len(e.open) > 0 {
		e.endif()
	}
	e.page.body = string(e.out)
	return e.page
}

type expander struct {
	get  func(string) string
	out  []byte
	open []*frame
	page page
}

func (e *expander) shows() bool { return len(e.open) == 0 || e.open[len(e.open)-1].shows }

func (e *expander) write(s string) {
	if e.shows() {
		e.out = append(e.out, s...)
	}
}

// closing finds the ")" that ends a tag; those in quotes do not.
func closing(s string) int {
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n': // no tag goes on this long
			return -1
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == ')':
			return i
		}
	}
	return -1
}

// tag handles what stands between "$(" and ")"; false means it is no tag, such
// as a piece of JavaScript.
func (e *expander) tag(s string) bool {
	word, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	switch word {
	case "if":
		e.begin(rest)
	case "elif":
		e.otherwise(func() bool { return e.holds(rest) })
	case "else":
		e.otherwise(func() bool { return true })
	case "endif":
		e.endif()
	default:
		if !isName(word) || rest != "" {
			return false
		}
		e.write(e.value(word))
	}
	return true
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return s != ""
}

func (e *expander) value(name string) string {
	plain, escaped := strings.CutSuffix(name, "-esc")
	switch {
	case !isName(plain):
		return ""
	case escaped:
		return url.QueryEscape(e.get(plain))
	}
	return e.get(plain)
}

func (e *expander) begin(cond string) {
	f := &frame{outer: e.shows()}
	name, op, want := parseCond(cond)
	if op == "==" && (name == "http-status" || name == "http-header") {
		f.setting, f.name, f.from, f.shows, f.taken = name, want, len(e.out), f.outer, true
	} else {
		f.shows = f.outer && e.holds(cond)
		f.taken = f.shows
	}
	e.open = append(e.open, f)
}

func (e *expander) otherwise(cond func() bool) {
	if len(e.open) == 0 {
		return
	}
	f := e.open[len(e.open)-1]
	f.shows = f.outer && !f.taken && cond()
	f.taken = f.taken || f.shows
}

func (e *expander) endif() {
	if len(e.open) == 0 {
		return
	}
	f := e.open[len(e.open)-1]
	e.open = e.open[:len(e.open)-1]
	if f.setting == "" {
		return
	}
	said := strings.TrimSpace(string(e.out[f.from:]))
	e.out = e.out[:f.from]
	if !f.outer {
		return
	}
	if f.setting == "http-header" {
		e.page.header = append(e.page.header, [2]string{f.name, said})
	} else if n, err := strconv.Atoi(f.name); err == nil && n >= 200 && n < 600 { // the text beside it has no place in net/http
		e.page.status = n
	}
}

// holds judges "name", "name == value" and "name != value".
func (e *expander) holds(cond string) bool {
	name, op, want := parseCond(cond)
	switch op {
	case "":
		return e.value(name) != ""
	case "==":
		return e.value(name) == want
	case "!=":
		return e.value(name) != want
	}
	return false
}

// parseCond splits a condition; the value may be in either kind of quotes.
func parseCond(s string) (name, op, want string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, "=!<> ")
	if i < 0 {
		return s, "", ""
	}
	name, s = s[:i], strings.TrimSpace(s[i:])
	if len(s) < 2 {
		return name, "?", ""
	}
	op, want = s[:2], strings.TrimSpace(s[2:])
	if n := len(want); n >= 2 && (want[0] == '"' || want[0] == '\'') && want[n-1] == want[0] {
		want = want[1 : n-1]
	}
	return name, op, want
}
