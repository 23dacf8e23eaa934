package routerossim

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// condition asks one row.
type condition func(s *scope, t *table, x *row) (bool, error)

// conditions reads what follows where: comparisons side by side all have to hold.
func (p *parser) conditions(m *menu, depth int) (condition, error) {
	var all []condition
	for {
		p.blank()
		if strings.IndexByte("\n;])}\x00", p.peek()) >= 0 {
			break
		}
		if p.take("&&") {
			continue
		}
		one, err := p.condition(m, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return func(s *scope, t *table, x *row) (bool, error) {
		for _, one := range all {
			if yes, err := one(s, t, x); !yes || err != nil {
				return false, err
			}
		}
		return true, nil
	}, nil
}

func (p *parser) condition(m *menu, depth int) (condition, error) {
	if p.take("(") {
		inner, err := p.conditions(m, depth+1)
		if err != nil {
			return nil, err
		}
		return inner, p.want(")")
	}
	not := p.take("!")
	name := p.word()
	f := p.r.field(m, name)
	if f == nil {
		return nil, fmt.Errorf("unknown property %q", name)
	}
	op := ""
	for _, o := range []string{"!=", "<=", ">=", "=", "<", ">", "~"} {
		if p.take(o) {
			op = o
			break
		}
	}
	if op == "" { // a flag alone
		return func(s *scope, t *table, x *row) (bool, error) {
			return (s.r.fieldOf(t, x, f) == "true") != not, nil
		}, nil
	}
	if not {
		return nil, p.fail("a flag")
	}
	want, err := p.value()
	if err != nil {
		return nil, err
	}
	if op == "~" {
		return matches(f, want), nil
	}
	return func(s *scope, t *table, x *row) (bool, error) {
		v, err := want(s)
		if err != nil {
			return false, err
		}
		w := text(v)
		if d, ok := v.(time.Duration); ok {
			w = formatDur(d)
		}
		c := query{nil, m, s.r}.compare(name, s.r.fieldOf(t, x, f), w)
		switch op {
		case "=":
			return c == 0, nil
		case "!=":
			return c != 0, nil
		case "<":
			return c < 0, nil
		case ">":
			return c > 0, nil
		case "<=":
			return c <= 0, nil
		}
		return c >= 0, nil
	}, nil
}

func matches(f *field, want expr) condition {
	var last string
	var re *regexp.Regexp
	return func(s *scope, t *table, x *row) (bool, error) {
		v, err := want(s)
		if err != nil {
			return false, err
		}
		if re == nil || last != text(v) {
			last = text(v)
			if re, err = regexp.CompilePOSIX(last); err != nil {
				return false, err
			}
		}
		return re.MatchString(s.r.fieldOf(t, x, f)), nil
	}
}
