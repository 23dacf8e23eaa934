package routerossim

import (
	"errors"
	"strings"
)

// statements are the commands that act on the script itself.
var statements map[string]func(p *parser) (stmt, error)

func init() {
	statements = map[string]func(p *parser) (stmt, error){"local": declare, "set": assign, "if": branch, "foreach": loop, "do": try,
		"error": raise, "log": note, "put": drop, "delay": drop}
}

// scope holds the variables of one pair of braces.
type scope struct {
	r     *Router
	run   *scriptRun
	outer *scope
	vars  map[string]any
}

// scriptRun is who a script runs as and how much it may still do.
type scriptRun struct {
	name, owner string
	granted     []string // nil: all that the owner may
	steps       int
}

// mostSteps bounds a script that does not end.
const mostSteps = 2_000_000

var errSteps = errors.New("the script does not end")

func (s *scope) inner() *scope { return &scope{r: s.r, run: s.run, outer: s} }

func (s *scope) find(name string) (*scope, bool) {
	for ; s != nil; s = s.outer {
		if _, there := s.vars[name]; there {
			return s, true
		}
	}
	return nil, false
}

func (s *scope) put(name string, v any) {
	if s.vars == nil {
		s.vars = map[string]any{}
	}
	s.vars[name] = v
}

func (s *scope) step() error {
	if s.run.steps++; s.run.steps > mostSteps {
		return errSteps
	}
	return nil
}

func declare(p *parser) (stmt, error) {
	name, value, err := p.named()
	return func(s *scope) error {
		var v any
		if value != nil {
			var err error
			if v, err = value(s); err != nil {
				return err
			}
		}
		s.put(name, v)
		return nil
	}, err
}

func assign(p *parser) (stmt, error) {
	name, value, err := p.named()
	if err == nil && value == nil {
		err = p.fail("a value")
	}
	return func(s *scope) error {
		at, there := s.find(name)
		if !there {
			return errors.New("no such variable " + name)
		}
		v, err := value(s)
		if err == nil {
			at.vars[name] = v
		}
		return err
	}, err
}

func (p *parser) named() (name string, value expr, err error) {
	p.blank()
	if name = p.word(); name == "" {
		return "", nil, p.fail("a name")
	}
	if p.blank(); strings.IndexByte("\n;}\x00", p.peek()) >= 0 {
		return name, nil, nil
	}
	value, err = p.value()
	return name, value, err
}

func branch(p *parser) (stmt, error) {
	p.blank()
	cond, err := p.value()
	if err != nil {
		return nil, err
	}
	then, err := p.braces("do")
	if err != nil {
		return nil, err
	}
	other, err := p.maybe("else")
	return func(s *scope) error {
		v, err := cond(s)
		if err != nil {
			return err
		}
		yes, ok := v.(bool)
		switch {
		case !ok:
			return errors.New("conditional not boolean")
		case yes:
			return then(s)
		case other != nil:
			return other(s)
		}
		return nil
	}, err
}

func loop(p *parser) (stmt, error) {
	p.blank()
	name := p.word()
	if err := p.want("in="); err != nil {
		return nil, err
	}
	in, err := p.value()
	if err != nil {
		return nil, err
	}
	body, err := p.braces("do")
	return func(s *scope) error {
		v, err := in(s)
		if err != nil {
			return err
		}
		list, many := v.([]any)
		if !many && v != nil {
			list = []any{v}
		}
		for _, one := range list {
			if err := s.step(); err != nil {
				return err
			}
			inner := s.inner()
			inner.put(name, one)
			if err := body(inner); err != nil {
				return err
			}
		}
		return nil
	}, err
}

func try(p *parser) (stmt, error) {
	if err := p.want("{"); err != nil {
		return nil, err
	}
	body, err := p.block('}')
	if err != nil {
		return nil, err
	}
	otherwise, err := p.maybe("on-error")
	return func(s *scope) error {
		err := body(s)
		if err == nil || otherwise == nil || errors.Is(err, errSteps) {
			return err
		}
		return otherwise(s)
	}, err
}

func raise(p *parser) (stmt, error) {
	p.blank()
	e, err := p.value()
	return func(s *scope) error {
		v, err := e(s)
		if err != nil {
			return err
		}
		return errors.New(text(v))
	}, err
}

func note(p *parser) (stmt, error) {
	p.blank()
	topic := p.word()
	p.blank()
	e, err := p.value()
	return func(s *scope) error {
		v, err := e(s)
		if err == nil {
			s.r.addLog("script,"+topic, text(v))
		}
		return err
	}, err
}

// drop works a value out and does nothing with it.
func drop(p *parser) (stmt, error) {
	p.blank()
	e, err := p.value()
	return p.alone(e, err)
}
