package catalogue

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/catalogue"
	"gerai/internal/typed"
	"gerai/templates"
)

// kind says how a field of a form is typed.
type kind string

const (
	line   kind = "text"
	number kind = "number"
	money  kind = "money"
	span   kind = "span" // a number and minutes, hours or days
	short  kind = "short"
	size   kind = "size" // a number and MB or GB
	choice kind = "choice"
	flag   kind = "flag"
	lines  kind = "lines"
	color  kind = "color"
	file   kind = "file"
)

// field is one field of a form, by its name in the catalogue file.
type field struct {
	name    string
	kind    kind
	max     int
	needed  bool
	hint    bool // it has a sentence of its own
	options []string
}

// group is a part of a form.
type group struct {
	title  string
	fields []field
}

// names are the fields of a form as they are posted, units too.
func names(groups []group) (out []string) {
	for _, g := range groups {
		for _, f := range g.fields {
			if out = append(out, f.name); len(f.units()) > 0 {
				out = append(out, f.name+"_unit")
			}
		}
	}
	return out
}

// units are what a number counts.
func (f field) units() []string {
	switch f.kind {
	case span:
		return []string{"m", "h", "d"}
	case short:
		return []string{"s", "m", "h"}
	case size:
		return []string{"MB", "GB"}
	}
	return nil
}

// posted reads a form into the fields of the catalogue file. Errors: Invalid at a field whose
// number is none.
func posted(k *web.Request, groups []group) (catalog.Fields, error) {
	out := catalog.Fields{}
	for _, g := range groups {
		for _, f := range g.fields {
			text := strings.TrimSpace(k.FormValue(f.name))
			if units := f.units(); units != nil && text != "" {
				if _, ok := typed.Digits(text); !ok {
					return out, fault.AtField(f.name, "catalogue.count")
				}
				text += k.FormValue(f.name + "_unit")
			}
			if f.kind != file {
				out[f.name] = text
			}
		}
	}
	return out, nil
}

// drawn is a form with the values of a thing, or what was typed.
func drawn(p templates.Panel, kindOf string, groups []group, values catalog.Fields) (out []templates.CatalogueGroup) {
	for _, g := range groups {
		view := templates.CatalogueGroup{Title: p.T("catalogue.group." + g.title)}
		for _, f := range g.fields {
			view.Fields = append(view.Fields, drawField(p, kindOf, f, values))
		}
		out = append(out, view)
	}
	return out
}

func drawField(p templates.Panel, kindOf string, f field, values catalog.Fields) templates.CatalogueField {
	v := templates.CatalogueField{Name: f.name, Label: p.T("catalogue.field." + kindOf + "." + f.name), Kind: string(f.kind), Value: p.Form.Value(f.name, values[f.name]), Max: f.max, Needed: f.needed}
	if f.hint {
		v.Hint = p.T("catalogue.hint." + kindOf + "." + f.name)
	}
	if p.Form.Wrong(f.name) {
		v.Wrong = p.Form.Message
	}
	switch f.kind {
	case number, money:
		v.Kind, v.Mode, v.Max = "text", "numeric", 20
	case choice:
		for _, x := range f.options {
			v.Choices = append(v.Choices, templates.Choice{Value: x, Name: p.T("catalogue.choice." + x), Chosen: x == v.Value})
		}
	case span, short, size:
		v.Kind = "unit"
		n, unit := apart(f.kind, values[f.name])
		v.Value = p.Form.Value(f.name, n)
		units := f.units()
		if unit == "s" && f.kind == span { // seconds, which a file may hold
			units = append([]string{"s"}, units...)
		}
		unit = p.Form.Value(f.name+"_unit", unit)
		for _, x := range units {
			v.Choices = append(v.Choices, templates.Choice{Value: x, Name: p.T("catalogue.unit." + strings.ToLower(x)), Chosen: x == unit})
		}
	}
	return v
}

// seenAgain has a form that was overtaken by another change know what it is sent over now, and
// lists what is there now where it is not what was typed.
func seenAgain(p templates.Panel, form templates.Typed, cause error, kindOf string, current, typed catalog.Fields) (now []string) {
	if !errors.Is(cause, catalogue.ErrChanged) {
		return nil
	}
	form.Values["seen"] = current.Digest()
	for _, name := range current.Differ(typed) {
		if _, asked := typed[name]; asked {
			now = append(now, p.T("catalogue.field."+kindOf+"."+name)+": "+cmp.Or(current[name], "–"))
		}
	}
	return now
}

// apart divides a duration or a size into a number and the largest unit that it is a whole
// number of.
func apart(k kind, text string) (n, unit string) {
	if k == size {
		if text == "" {
			return "", "GB"
		}
		i := strings.IndexAny(text, "MGB")
		return text[:max(i, 0)], text[max(i, 0):]
	}
	d, ok := typed.Duration(text)
	if !ok {
		return "", map[kind]string{span: "d", short: "m"}[k]
	}
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if u.name == "d" && k == short || d%u.size != 0 || d == 0 && u.name != "s" && k == short {
			continue
		}
		return strconv.FormatInt(int64(d/u.size), 10), u.name
	}
	return "", "s"
}
