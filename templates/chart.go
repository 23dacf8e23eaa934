package templates

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"gerai/internal/money"
)

// Bars is a bar chart that needs no script: a bar for each item, beside it what it is
// compared with as an outline. Its axis begins at zero. A table of the same belongs under it.
type Bars struct {
	Label       string // what it shows, for those who do not see it
	Now, Before string // what the bars and the outlines are; "" for Before: there are none
	Items       []BarItem
}

// BarItem is one bar, in rupiah.
type BarItem struct {
	Name          string // below the bar, where there is room
	Full          string // the name in the bar's own words, "" for Name
	Value, Before money.Rupiah
}

// mostTicks is how many names stand below the bars: so many fit on a phone.
const mostTicks = 6

// Draw is the chart as a picture with text that keeps its size at any width.
func (p Panel) Draw(c Bars) template.HTML {
	var most money.Rupiah
	for _, x := range c.Items {
		most = max(most, x.Value, x.Before)
	}
	top := niceTop(most)
	var out strings.Builder
	fmt.Fprintf(&out, `<div class="legend" aria-hidden="true"><span class="now">%s</span>`, esc(c.Now))
	if c.Before != "" {
		fmt.Fprintf(&out, `<span class="before">%s</span>`, esc(c.Before))
	}
	fmt.Fprintf(&out, `</div><div class="plot"><div class="axis" aria-hidden="true"><span>%s</span><span>%s</span><span>0</span></div><svg class="area" role="img" aria-label="%s">`, esc(p.Short(top)), esc(p.Short(top/2)), esc(c.Label))
	out.WriteString(`<g class="lines"><line x1="0" x2="100%" y1="0" y2="0"/><line x1="0" x2="100%" y1="50%" y2="50%"/><line x1="0" x2="100%" y1="100%" y2="100%"/></g>`)
	slot := 100 / float64(max(len(c.Items), 1))
	bar := func(i int, v money.Rupiah) {
		if v > 0 {
			high := 100 * float64(v) / float64(top)
			fmt.Fprintf(&out, `<rect x="%s" y="%s" width="%s" height="%s"/>`, percent(slot*(float64(i)+.15)), percent(100-high), percent(slot*.7), percent(high))
		}
	}
	out.WriteString(`<g class="now">`)
	for i, x := range c.Items {
		bar(i, x.Value)
	}
	out.WriteString(`</g><g class="before">`)
	for i, x := range c.Items {
		bar(i, x.Before)
	}
	out.WriteString(`</g><g class="hit">`)
	for i, x := range c.Items {
		name := x.Full
		if name == "" {
			name = x.Name
		}
		said := name + ": " + x.Value.String()
		if c.Before != "" {
			said += " (" + c.Before + ": " + x.Before.String() + ")"
		}
		fmt.Fprintf(&out, `<g><title>%s</title><rect x="%s" y="0" width="%s" height="100%%"/></g>`, esc(said), percent(slot*float64(i)), percent(slot))
	}
	out.WriteString(`</g></svg><svg class="ticks" aria-hidden="true">`)
	every := (len(c.Items) + mostTicks - 1) / mostTicks
	for i := 0; i < len(c.Items); i += max(every, 1) {
		fmt.Fprintf(&out, `<text x="%s" y="1em">%s</text>`, percent(slot*(float64(i)+.5)), esc(c.Items[i].Name))
	}
	out.WriteString(`</svg></div>`)
	return template.HTML(out.String()) //nolint:gosec // every text is escaped
}

// Spark draws the course of a figure as a small line, oldest first; it stands beside the
// figure and says nothing to a screen reader.
func (p Panel) Spark(values []int64) template.HTML {
	if len(values) < 2 {
		return ""
	}
	var most int64 = 1
	for _, v := range values {
		most = max(most, v)
	}
	var points strings.Builder
	for i, v := range values {
		fmt.Fprintf(&points, "%.1f,%.1f ", 100*float64(i)/float64(len(values)-1), 26-24*float64(v)/float64(most))
	}
	return template.HTML(`<svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true"><polyline points="` + strings.TrimSpace(points.String()) + `"/></svg>`) //nolint:gosec // numbers
}

// Short prints an amount in few letters: Rp950, Rp12 rb, Rp1,2 jt, Rp3 M. The whole amount
// belongs into the title, or into a table.
func (b Base) Short(r money.Rupiah) string {
	for _, u := range []struct {
		size money.Rupiah
		key  string
	}{{1_000_000_000, "billion"}, {1_000_000, "million"}, {1000, "thousand"}} {
		if r >= u.size || r <= -u.size {
			return "Rp" + b.decimal(float64(r/(u.size/10))/10) + " " + b.T("common.short."+u.key)
		}
	}
	return r.String()
}

// niceTop is the first amount that is not below most and round, as its half is.
func niceTop(most money.Rupiah) money.Rupiah {
	for power := money.Rupiah(100); ; power *= 10 {
		for _, times := range []money.Rupiah{10, 12, 16, 20, 30, 40, 50, 60, 80} {
			if power*times >= most {
				return power * times
			}
		}
	}
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

func esc(s string) string { return template.HTMLEscapeString(s) }
