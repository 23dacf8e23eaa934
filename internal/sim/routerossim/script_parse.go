package routerossim

import (
	"fmt"
	"strings"
)

// A script is compiled once into closures and kept by its text. What the compiler does not
// know is a syntax error: such a script never runs, as on a router whose console refuses it.

// expr works out a value: nil, int64, string, time.Duration, bool, rowID or []any.
type expr func(s *scope) (any, error)

// stmt does something.
type stmt func(s *scope) error

// parser reads a script's text from left to right. menu is where relative commands act.
type parser struct {
	r    *Router
	text string
	at   int
	menu string
}

// compile parses a whole script.
func (r *Router) compile(text string) (stmt, error) {
	p := &parser{r: r, text: strings.ReplaceAll(text, "\r\n", "\n")}
	body, err := p.block(0)
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", 1+strings.Count(p.text[:min(p.at, len(p.text))], "\n"), err)
	}
	return body, nil
}

func (p *parser) fail(what string) error {
	return fmt.Errorf("expected %s at %.20q", what, p.text[min(p.at, len(p.text)):])
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// blank skips spaces; a backslash before a line's end continues it.
func (p *parser) blank() {
	for {
		switch {
		case p.peek() == ' ' || p.peek() == '\t':
			p.at++
		case strings.HasPrefix(p.text[p.at:], "\\\n"):
			p.at += 2
		default:
			return
		}
	}
}

// space skips blanks, ends of statements and comments.
func (p *parser) space() {
	for {
		p.blank()
		switch p.peek() {
		case '\n', ';':
			p.at++
		case '#':
			for p.peek() != 0 && p.peek() != '\n' {
				p.at++
			}
		default:
			return
		}
	}
}

func (p *parser) take(token string) bool {
	if !strings.HasPrefix(p.text[p.at:], token) {
		return false
	}
	p.at += len(token)
	return true
}

func (p *parser) want(token string) error {
	if p.blank(); !p.take(token) {
		return p.fail(token)
	}
	return nil
}

// word reads a bare word of letters, digits and dashes.
func (p *parser) word() string {
	from := p.at
	for c := p.peek(); c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' && p.at == from; c = p.peek() {
		p.at++
	}
	return p.text[from:p.at]
}

// block reads statements up to the closing byte; 0 is the end of the text.
func (p *parser) block(closing byte) (stmt, error) {
	var all []stmt
	for {
		p.space()
		if c := p.peek(); c == closing || c == 0 {
			if c != closing {
				return nil, p.fail(string(closing))
			}
			if c != 0 {
				p.at++
			}
			return sequence(all), nil
		}
		one, err := p.statement()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
		p.blank()
		if c := p.peek(); c != closing && c != 0 && c != '\n' && c != ';' && c != '#' {
			return nil, p.fail("end of command")
		}
	}
}

func sequence(all []stmt) stmt {
	return func(s *scope) error {
		inner := s.inner()
		for _, one := range all {
			if err := one(inner); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *parser) statement() (stmt, error) {
	switch {
	case p.take("{"):
		return p.block('}')
	case p.take(":"):
		name := p.word()
		if f := statements[name]; f != nil {
			return f(p)
		}
		e, err := p.function(name)
		return p.alone(e, err)
	}
	e, err := p.command()
	return p.alone(e, err)
}

// alone turns a command whose value is dropped into a statement.
func (p *parser) alone(e expr, err error) (stmt, error) {
	if err != nil {
		return nil, err
	}
	return func(s *scope) error {
		_, err := e(s)
		return err
	}, nil
}

// braces reads name={ ... }.
func (p *parser) braces(name string) (stmt, error) {
	if err := p.want(name + "="); err != nil {
		return nil, err
	}
	if err := p.want("{"); err != nil {
		return nil, err
	}
	return p.block('}')
}

// maybe is braces for a part that may be left out.
func (p *parser) maybe(name string) (stmt, error) {
	before := p.at
	for p.peek() == ' ' || p.peek() == '\n' || p.peek() == '\t' {
		p.at++
	}
	if strings.HasPrefix(p.text[p.at:], name+"=") {
		return p.braces(name)
	}
	p.at = before
	return nil, nil
}
