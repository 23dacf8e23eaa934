package templates

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

var auditPages = []Page{AuditPage{}}

// AuditPage shows who did what.
type AuditPage struct {
	Panel
	Query   AuditQuery
	Whose   string   // the account that the page is narrowed to, as it is called now
	Former  []string // what it was called before
	Rows    []AuditLine
	More    int64 // where the next page begins, 0 at the end
	Anchors []AnchorLine
}

// AuditQuery is what the page was asked for.
type AuditQuery struct{ Person, Actor, Action, Subject, From, To, Text string }

// AnchorLine is one kept end of the chain.
type AnchorLine struct {
	At   time.Time
	Seq  int64
	Hash string
}

// AuditLine is one act.
type AuditLine struct {
	Seq                    int64
	At                     time.Time
	Actor, Action, Subject string
	Person, NameNow        string // account id; its name where that is another one now
	Role                   string // then
	From, Session          string
	Facts                  []Fact   // what belongs to the act
	Changes                []Change // what was and what is
}

// Fact is one name and value of an act.
type Fact struct{ Name, Value string }

// Change is one value before and after.
type Change struct{ Name, Before, After string }

func (AuditPage) file() string { return "staff/audit.html" }

// Title names the page in the browser's tab.
func (p AuditPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p AuditPage) Heading() string { return p.T("web.menu.audit") }

// Older is the address of the next page.
func (p AuditPage) Older() string {
	return p.Href("/admin/audit", append(p.Query.pairs(), "before", strconv.FormatInt(p.More, 10))...)
}

// Of is the address of everything one account did.
func (p AuditPage) Of(person string) string { return p.Href("/admin/audit", "person", person) }

// Export is the address of the file.
func (p AuditPage) Export() string { return p.Href("/admin/audit/export", p.Query.pairs()...) }

func (q AuditQuery) pairs() []string {
	return []string{"person", q.Person, "actor", q.Actor, "action", q.Action, "subject", q.Subject, "from", q.From, "to", q.To, "text", q.Text}
}

// Does says what an act is, where there is a sentence for it: one of the
// trail's own, or the one that an order's page has.
func (p AuditPage) Does(action string) string {
	if HasText("audit." + action) {
		return p.T("audit." + action)
	}
	return p.Act(action)
}

// NewAuditLine reads an act's detail, which is JSON: the origin, "before" and
// "after" side by side, and everything else.
func NewAuditLine(seq int64, at time.Time, actor, action, subject, detail string) AuditLine {
	l := AuditLine{Seq: seq, At: at, Actor: actor, Action: action, Subject: subject}
	d := map[string]any{}
	if json.Unmarshal([]byte(detail), &d) != nil {
		return l
	}
	before, hasBefore := d["before"].(map[string]any)
	after, hasAfter := d["after"].(map[string]any)
	for _, name := range sortedNames(d) {
		switch v := d[name]; {
		case name == "from":
			l.From = plain(v)
		case name == "session":
			l.Session = plain(v)
		case (name == "before" || name == "after") && hasBefore && hasAfter:
		default:
			l.Facts = append(l.Facts, Fact{name, plain(v)})
		}
	}
	if hasBefore && hasAfter {
		l.Changes = changes(before, after)
	}
	return l
}

func changes(before, after map[string]any) (out []Change) {
	names := map[string]any{}
	for _, m := range []map[string]any{before, after} {
		for name := range m {
			names[name] = nil
		}
	}
	for _, name := range sortedNames(names) {
		if was, is := plain(before[name]), plain(after[name]); was != is {
			out = append(out, Change{name, was, is})
		}
	}
	return out
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// plain writes a value of JSON as people read it.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case string:
		if v == "" {
			return "–"
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, 0, len(v))
		for _, x := range v {
			parts = append(parts, plain(x))
		}
		if len(parts) == 0 {
			return "–"
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, name := range sortedNames(v) {
			parts = append(parts, name+": "+plain(v[name]))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}
