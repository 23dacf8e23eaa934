package golden

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	_ "modernc.org/sqlite" // reads which values were drawn

	"gerai/internal/order"
)

// learn reads which values the program drew, so that pages can be compared
// whatever is drawn next time.
func (w *walk) learn() {
	w.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, "gerai.db")+"?mode=ro")
	w.must(err)
	defer db.Close()
	named := map[string]string{}
	for name, code := range w.orders {
		named[code] = name
	}
	each := func(query string, fn func(n int, columns []string)) {
		rows, err := db.Query(query)
		w.must(err)
		defer rows.Close()
		names, err := rows.Columns()
		w.must(err)
		for n := 1; rows.Next(); n++ {
			values, into := make([]string, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			w.must(rows.Scan(into...))
			fn(n, values)
		}
		w.must(rows.Err())
	}
	each(`SELECT code FROM orders ORDER BY created_ms, id`, func(n int, c []string) {
		o, err := w.app.Store.OrderByCode(w.Context(), order.Code(c[0])) // the file alone gives nothing away
		w.must(err)
		name := named[c[0]]
		if name == "" {
			name = fmt.Sprint("order-", n)
		}
		w.knows(c[0], name)
		w.knows(string(o.Token), name+"-token")
		w.knows(o.Username, name+"-user")
		w.knows(o.Password, name+"-password")
	})
	each(`SELECT o.code, a.no, a.va FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.va <> ''`, func(_ int, c []string) {
		w.knows(c[2], named[c[0]]+"-va"+c[1])
	})
	for _, l := range w.looks {
		name := named[strings.TrimSpace(strings.ReplaceAll(l.code(0), "-", ""))]
		w.knows(l.code(1), name+"-claim")
	}
	each(`SELECT code FROM batches ORDER BY created_ms, id`, func(n int, c []string) { w.knows(c[0], fmt.Sprint("batch-", n)) })
	each(`SELECT v.id FROM vouchers v JOIN batches b ON b.id = v.batch_id ORDER BY b.created_ms, b.id, v.no`, func(n int, c []string) {
		v, err := w.app.Store.VoucherByID(w.Context(), c[0])
		w.must(err)
		w.knows(v.Username, fmt.Sprint("stock-", n))
	})
	for i, link := range w.links {
		w.knows(link[strings.LastIndexAny(link, "/=")+1:], fmt.Sprint("link-", i+1))
	}
}

// code is the nth of the codes that open an order's page again.
func (l look) code(n int) string {
	if l.answer.Document == nil || l.role != visitor {
		return ""
	}
	return squeeze(l.answer.Find(".codes dd [aria-hidden]").Eq(n).Text())
}

// knows notes what stands for a drawn value, in capitals and in small letters, in
// groups and letter by letter.
func (w *walk) knows(value, name string) {
	if len(value) < 5 {
		return
	}
	forms := []string{value, strings.ToLower(value)}
	if len(value) <= 10 {
		forms = append(forms, strings.Join(strings.Split(value, ""), " "))
	}
	if len(value) == 8 {
		forms = append(forms, value[:4]+"-"+value[4:])
	}
	forms = append(forms, grouped.ReplaceAllString(value, "$0 "))
	for _, f := range forms {
		if f = strings.TrimSpace(f); !slices.ContainsFunc(w.known, func(p [2]string) bool { return p[0] == f }) {
			w.known = append(w.known, [2]string{f, "{" + name + "}"})
		}
	}
}

var grouped = regexp.MustCompile(`.{4}`)

var (
	ulids  = regexp.MustCompile(`\b0[0-7][0-9A-HJKMNP-TV-Z]{24}\b`)
	steady = []struct {
		find *regexp.Regexp
		put  string
	}{
		{regexp.MustCompile(`127\.0\.0\.1:\d{4,5}`), "127.0.0.1:{port}"},
		{regexp.MustCompile(`(/assets/[a-z][a-z-]*)[.-][0-9A-Za-z_-]{6,}(\.[a-z]+)`), "$1.{hash}$2"},
		{regexp.MustCompile(`\b\d+([.,]\d+)? (ms|md)\b`), "{ms} $2"},
		{regexp.MustCompile(`(?m)( online) · \{ms\} ms$`), "$1"}, // a router may answer within less than a millisecond, which is not shown
		{regexp.MustCompile(`("name":"(?:Waktu jawab|Response time)","values":)\[[^]]*\]`), "$1{ms}"},
		{regexp.MustCompile(`("X-Csrf-Token":")[^"]*`), "$1{csrf}"},
		{regexp.MustCompile(`\b([A-Z2-7]{4} ){7}[A-Z2-7]{4}\b`), "{secret}"},
		{regexp.MustCompile(`(127\.0\.0\.1 · )[0-9a-f]{8}\b`), "$1{session}"},
		{regexp.MustCompile(`("session":")[0-9a-f]{8}"`), "$1{session}\""},
		{regexp.MustCompile(`\b[0-9a-f]{32,64}\b`), "{hex}"},
		{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), "{uuid}"},
		{regexp.MustCompile(`\b(qrpy_|py-|ddpy-|pymt-)\{uuid\}`), "{payment}"},
		{regexp.MustCompile(`(-\d6304)[0-9A-F]{4}"`), "$1{crc}\""},
		{regexp.MustCompile(`\bvc-\d{3}-`), "vc-{n}-"},
		{regexp.MustCompile(`…[0-9a-z]{2}\b`), "…{end}"},            // of a voucher's name
		{regexp.MustCompile(`( data-(tag|look)=)\S+`), "$1{print}"}, // fingerprints of what was drawn
		// A router notes each connection; how many there are depends on the machine.
		{regexp.MustCompile(`<li>\n<span class=small mono> [-0-9]{10} [:0-9]{8} · .*\n.*\n`), ""},
		{regexp.MustCompile(`<tr>\n<td class=mono small> [-0-9]{10} [:0-9]{8}\n<td class=small> system,info,account\n<td> user gerai logged .*\n`), ""},
		{regexp.MustCompile(`(/users/)[0-9A-F]+\b`), "$1{row}"}, // users of a batch are made side by side
	}
	// drawn are fields whose values are made for one page alone.
	drawn = map[string]bool{"csrf": true, "nonce": true, "ceremony": true, "pending": true, "token": true}
)

// normal replaces what is drawn or depends on the machine.
func (w *walk) normal(text string) string {
	text = w.replacer().Replace(text)
	for _, s := range steady {
		text = s.find.ReplaceAllString(text, s.put)
	}
	seen := map[string]string{}
	return ulids.ReplaceAllStringFunc(text, func(id string) string {
		if seen[id] == "" {
			seen[id] = fmt.Sprintf("{id%d}", len(seen)+1)
		}
		return seen[id]
	})
}

// replacer puts the longest of the known values first.
func (w *walk) replacer() *strings.Replacer {
	slices.SortStableFunc(w.known, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	var pairs []string
	for _, p := range w.known {
		pairs = append(pairs, p[0], p[1])
	}
	return strings.NewReplacer(pairs...)
}

// sketch is a page in short lines: what a person reads, and the attributes that
// people and scripts depend on. What is around every page is written once.
type sketch struct {
	out  strings.Builder
	line strings.Builder
	seen map[string]bool // frames, head and foot of pages that were written already
}

// inline elements without attributes of interest do not begin a line.
var inline = []string{"b", "i", "em", "strong", "span", "small", "bdi", "br", "wbr", "code", "sup", "sub", "abbr", "time"}

// passing are the classes of what says nothing of a page: an icon beside its word, and the
// number of alerts at the moment, which would make each frame another one.
var passing = []string{"ic", "bell", "count"}

// frames surround every page.
var frames = []string{"head", "header", "nav", "footer"}

func (s *sketch) flush() {
	if text := squeeze(s.line.String()); text != "" {
		s.out.WriteString(text + "\n")
	}
	s.line.Reset()
}

func (s *sketch) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		s.line.WriteString(n.Data)
		return
	case html.ElementNode:
	default:
		s.children(n)
		return
	}
	if slices.Contains(frames, n.Data) {
		s.frame(n)
		return
	}
	s.element(n)
}

// frame writes a frame, or that it was there before.
func (s *sketch) frame(n *html.Node) {
	s.flush()
	inner := sketch{seen: s.seen}
	inner.element(n)
	inner.flush()
	text := inner.out.String()
	if s.seen[text] {
		s.out.WriteString("<" + n.Data + "> as before\n")
		return
	}
	s.seen[text] = true
	s.out.WriteString(text)
}

func (s *sketch) element(n *html.Node) {
	said := attributes(n)
	if slices.ContainsFunc(passing, func(class string) bool { return strings.Contains(said, " class="+class) }) {
		return
	}
	switch {
	case n.Data == "style" || n.Data == "script" && said == "":
		return
	case said == "" && slices.Contains(inline, n.Data):
		s.line.WriteString(" ")
		s.children(n)
		s.line.WriteString(" ")
		return
	}
	s.flush()
	if said != "" || !slices.Contains([]string{"div", "html", "body", "tbody", "thead", "svg", "path", "rect", "circle", "g", "line", "polyline", "use"}, n.Data) {
		s.line.WriteString("<" + n.Data + said + "> ")
	}
	if n.Data != "script" {
		s.children(n)
	}
	s.flush()
}

func (s *sketch) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.node(c)
	}
}

// drawing are attributes of pictures and looks.
var drawing = []string{"style", "nonce", "width", "height", "viewbox", "d", "fill", "stroke", "x", "y", "x1", "x2", "y1", "y2", "r", "cx", "cy", "points", "xmlns", "transform", "focusable",
	"stroke-width", "stroke-linecap", "stroke-linejoin", "integrity", "preserveaspectratio", "shape-rendering"}

func attributes(n *html.Node) string {
	var out strings.Builder
	name := ""
	for _, a := range n.Attr {
		if a.Key == "name" {
			name = a.Val
		}
	}
	for _, a := range n.Attr {
		value := squeeze(a.Val)
		switch {
		case slices.Contains(drawing, strings.ToLower(a.Key)):
			continue
		case a.Key == "value" && drawn[name]:
			value = "{" + name + "}"
		case strings.HasPrefix(value, "data:"):
			value = value[:strings.IndexAny(value+",", ",;")] + "…"
		}
		out.WriteString(" " + a.Key)
		if value != "" {
			out.WriteString("=" + value)
		}
	}
	return out.String()
}
