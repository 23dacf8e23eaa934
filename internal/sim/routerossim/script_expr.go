package routerossim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// value reads one argument: (expression), [command], "text", $variable or a bare word.
func (p *parser) value() (expr, error) {
	switch c := p.peek(); {
	case c == '(':
		p.at++
		e, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		return e, p.closed(")")
	case c == '[':
		p.at++
		p.space()
		e, err := p.command()
		if err != nil {
			return nil, err
		}
		return e, p.closed("]")
	case c == '"':
		p.at++
		return p.quoted()
	case c == '$':
		p.at++
		return p.variable()
	}
	w := p.bare()
	if w == "" {
		return nil, p.fail("a value")
	}
	v := literal(w)
	return func(*scope) (any, error) { return v, nil }, nil
}

func (p *parser) closed(token string) error {
	p.space()
	return p.want(token)
}

// bare reads up to what ends a word.
func (p *parser) bare() string {
	from := p.at
	for c := p.peek(); c != 0 && strings.IndexByte(" \t\n;)]}({[\"$=~<>!&|", c) < 0; c = p.peek() {
		p.at++
	}
	return p.text[from:p.at]
}

// literal is a word as a number, a time, a truth value or a text.
func literal(w string) any {
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return n
	}
	if b, ok := parseBool(w); ok {
		return b
	}
	if w[0] >= '0' && w[0] <= '9' {
		if d, ok := parseDur(w); ok {
			return d
		}
	}
	return w
}

func (p *parser) variable() (expr, error) {
	name := ""
	if p.take(`"`) {
		end := strings.IndexByte(p.text[p.at:], '"')
		if end < 0 {
			return nil, p.fail(`"`)
		}
		name = p.text[p.at : p.at+end]
		p.at += end + 1
	} else {
		from := p.at
		for c := p.peek(); c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'; c = p.peek() {
			p.at++ // letters and digits alone: $a-1 is a minus one
		}
		name = p.text[from:p.at]
	}
	if name == "" {
		return nil, p.fail("a variable")
	}
	return func(s *scope) (any, error) {
		at, there := s.find(name)
		if !there {
			return nil, nil // unknown variables are nothing
		}
		return at.vars[name], nil
	}, nil
}

// quoted reads the rest of a text: escapes, and variables that are put in.
func (p *parser) quoted() (expr, error) {
	var parts []expr
	var b strings.Builder
	flush := func() {
		lit := b.String()
		b.Reset()
		parts = append(parts, func(*scope) (any, error) { return lit, nil })
	}
	for {
		c := p.peek()
		p.at++
		switch c {
		case 0:
			return nil, p.fail(`"`)
		case '"':
			flush()
			return joined(parts), nil
		case '$':
			flush()
			v, err := p.variable()
			if err != nil {
				return nil, err
			}
			parts = append(parts, v)
		case '\\':
			if err := p.escape(&b); err != nil {
				return nil, err
			}
		default:
			b.WriteByte(c)
		}
	}
}

func (p *parser) escape(b *strings.Builder) error {
	c := p.peek()
	p.at++
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case '"', '\\', '$', '?':
		b.WriteByte(c)
	default:
		if p.at >= len(p.text) {
			return p.fail("an escape")
		}
		n, err := strconv.ParseUint(p.text[p.at-1:p.at+1], 16, 8)
		if err != nil {
			return p.fail("an escape")
		}
		p.at++
		b.WriteByte(byte(n))
	}
	return nil
}

func joined(parts []expr) expr {
	return func(s *scope) (any, error) {
		out := ""
		for _, one := range parts {
			v, err := one(s)
			if err != nil {
				return nil, err
			}
			out += text(v)
		}
		return out, nil
	}
}

// levels are the operators from the loosest to the tightest.
var levels = [][]string{{"||", "or"}, {"&&", "and"}, {"!=", "<=", ">=", "=", "<", ">", "~"}, {"."}, {"+", "-"}, {"*", "/", "%"}}

var spelled = map[string]string{"or": "||", "and": "&&"}

func (p *parser) expression(level int) (expr, error) {
	if level == len(levels) {
		return p.operand()
	}
	left, err := p.expression(level + 1)
	for err == nil {
		op := p.operator(level)
		if op == "" {
			return left, nil
		}
		var right expr
		if right, err = p.expression(level + 1); err != nil {
			break
		}
		a, b := left, right
		left = func(s *scope) (any, error) {
			x, err := a(s)
			if err != nil {
				return nil, err
			}
			y, err := b(s)
			if err != nil {
				return nil, err
			}
			return binary(op, x, y)
		}
	}
	return nil, err
}

func (p *parser) operator(level int) string {
	p.space()
	for _, op := range levels[level] {
		if name := spelled[op]; p.take(op) {
			if name != "" {
				return name
			}
			return op
		}
	}
	return ""
}

func (p *parser) operand() (expr, error) {
	p.space()
	for _, op := range []string{"!", "-"} {
		if !p.take(op) {
			continue
		}
		e, err := p.operand()
		return func(s *scope) (any, error) {
			v, err := e(s)
			if err != nil {
				return nil, err
			}
			if yes, ok := v.(bool); ok && op == "!" {
				return !yes, nil
			}
			if n, ok := numeral(v); ok && op == "-" {
				return -n, nil
			}
			if d, ok := v.(time.Duration); ok && op == "-" {
				return -d, nil
			}
			return nil, fmt.Errorf("cannot apply %s to %s", op, typeName(v))
		}, err
	}
	return p.value()
}
