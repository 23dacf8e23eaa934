package routerossim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// command reads what acts on a menu, or a function: /ip hotspot user find where disabled=no.
func (p *parser) command() (expr, error) {
	if p.take(":") {
		return p.function(p.word())
	}
	path := p.menu
	if p.take("/") {
		path = ""
	}
	for {
		p.blank()
		p.take("/")
		from := p.at
		w := p.word()
		if w == "" {
			return nil, p.fail("a command name")
		}
		next := strings.TrimPrefix(path+"/"+w, "/")
		if p.r.folder(next) {
			path = next
			continue
		}
		m := menus[path]
		if m == nil || len(m.fields) == 0 {
			p.at = from
			return nil, p.fail("a command name")
		}
		outer := p.menu
		p.menu = path
		e, err := p.verb(m, w)
		p.menu = outer
		return e, err
	}
}

// folder reports whether a path is a menu or leads to one.
func (r *Router) folder(path string) bool {
	return slices.ContainsFunc(menuOrder, func(m string) bool {
		return (m == path || strings.HasPrefix(m, path+"/")) && r.exists(m)
	})
}

func (p *parser) verb(m *menu, verb string) (expr, error) {
	switch verb {
	case "find":
		return p.findWhere(m)
	case "get":
		return p.getField(m)
	case "set", "remove", "enable", "disable", "add":
		return p.change(m, verb)
	}
	return nil, fmt.Errorf("command %s is not supported", verb)
}

// may checks a right of the owner and of the script.
func (s *scope) may(policy string) error {
	if s.run.granted != nil && !slices.Contains(s.run.granted, policy) || !s.r.may(s.run.owner, policy) {
		return fail(msgNoPermission)
	}
	return s.step()
}

func (p *parser) findWhere(m *menu) (expr, error) {
	p.blank()
	if p.take("where") {
		p.blank()
	}
	test, err := p.conditions(m, 0)
	return func(s *scope) (any, error) {
		if err := s.may("read"); err != nil {
			return nil, err
		}
		list := []any{}
		var failed error
		t := s.r.tables[m.path]
		t.each(func(x *row) bool {
			var yes bool
			if yes, failed = test(s, t, x); yes {
				list = append(list, rowID(x.id))
			}
			return failed == nil
		})
		return list, failed
	}, err
}

// getField is get of a row's property, or of the record's where the menu has one.
func (p *parser) getField(m *menu) (expr, error) {
	var ref expr
	var err error
	if !m.single {
		p.blank()
		if ref, err = p.value(); err != nil {
			return nil, err
		}
	}
	p.blank()
	name := p.word()
	f := p.r.field(m, name)
	if f == nil {
		return nil, fmt.Errorf("unknown property %q", name)
	}
	return func(s *scope) (any, error) {
		if err := s.may("read"); err != nil {
			return nil, err
		}
		t := s.r.tables[m.path]
		rows, err := s.rows(t, ref)
		switch {
		case err != nil:
			return nil, err
		case len(rows) != 1:
			return nil, s.r.noSuchItem()
		}
		return s.r.typed(m, f, s.r.fieldOf(t, rows[0], f)), nil
	}, nil
}

// rows resolves ids and names; without a reference it is the menu's one record.
func (s *scope) rows(t *table, ref expr) ([]*row, error) {
	if ref == nil {
		return t.order[:1], nil
	}
	v, err := ref(s)
	if err != nil {
		return nil, err
	}
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	var out []*row
	for _, one := range list {
		x := t.find(text(one))
		if x == nil {
			return nil, s.r.noSuchItem()
		}
		out = append(out, x)
	}
	return out, nil
}

// fieldOf is a property as it would be printed.
func (r *Router) fieldOf(t *table, x *row, f *field) string {
	if f.readonly && t.m.live != nil {
		return r.get(t, x)[f.name]
	}
	if t.m.single {
		return r.get(t, x)[f.name]
	}
	return value(t, x, f.name)
}

// typed is a property as a script gets it.
func (r *Router) typed(m *menu, f *field, v string) any {
	switch {
	case m.path == "system/clock" && f.name == "time":
		return durOf(v)
	case m.path == "system/clock" && f.name == "gmt-offset" && r.ver.major == 6:
		_, offset := r.local(r.now()).Zone()
		return int64(uint32(int32(offset))) // west of Greenwich it comes as an unsigned number
	}
	switch f.kind {
	case "num":
		return numOf(v)
	case "bool":
		return v == "true"
	case "dur":
		return durOf(v).Truncate(time.Second)
	}
	return v
}

// change reads set, remove, enable, disable and add, which go the way that API commands go.
func (p *parser) change(m *menu, verb string) (expr, error) {
	var ref expr
	var err error
	if p.blank(); verb != "add" && !m.single {
		if ref, err = p.value(); err != nil {
			return nil, err
		}
	}
	var names []string
	var values []expr
	for {
		p.blank()
		name := p.word()
		if name == "" {
			break
		}
		if err := p.want("="); err != nil {
			return nil, err
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		names, values = append(names, name), append(values, v)
	}
	return func(s *scope) (any, error) {
		if err := s.may(m.policy); err != nil {
			return nil, err
		}
		words := []string{"/" + m.path + "/" + verb}
		for i, name := range names {
			v, err := values[i](s)
			if err != nil {
				return nil, err
			}
			words = append(words, "="+name+"="+text(v))
		}
		if ref != nil {
			v, err := ref(s)
			if err != nil {
				return nil, err
			}
			ids := strings.ReplaceAll(text(v), ";", ",")
			if ids == "" && verb == "set" && v == nil {
				return nil, errors.New("no such item")
			}
			words = append(words, "=.id="+ids)
		}
		c := (&session{r: s.r, account: s.run.owner, service: "script"}).parse(words)
		return nil, c.execute()
	}, nil
}
