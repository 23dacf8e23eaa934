package catalog

import (
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"gerai/internal/mistake"
	"gerai/internal/money"
	"gerai/internal/typed"
)

// section is one mapping of the file. Its readers take a scalar as it was
// written and never as the number, date or truth value that YAML sees in it.
type section struct {
	p      *reader
	name   string // "plan \"sejam\"", for messages
	fields map[string]*ast.MappingValueNode
	line   int
}

// reader collects every mistake of the file.
type reader struct {
	errs     []error
	getenv   func(string) string
	readFile func(string) ([]byte, error)
}

func (p *reader) bad(line int, format string, args ...any) {
	p.errs = append(p.errs, mistake.New("line %d: %s", line, mistake.New(format, args...)))
}

// section reads a mapping whose keys are all among known.
func (p *reader) section(n ast.Node, name string, known ...string) section {
	s := section{p: p, name: name, fields: map[string]*ast.MappingValueNode{}}
	if absent(n) {
		return s
	}
	s.line = n.GetToken().Position.Line
	m, ok := n.(*ast.MappingNode)
	if !ok {
		p.bad(s.line, "%s: must be fields such as %q, not a single value or a list", name, known[0]+": …")
		return s
	}
	allowed := map[string]bool{}
	for _, k := range known {
		allowed[k] = true
	}
	for _, v := range m.Values {
		key, line := v.Key.GetToken().Value, v.Key.GetToken().Position.Line
		switch _, twice := s.fields[key]; {
		case v.Key.Type() != ast.StringType || !allowed[key]:
			p.bad(line, "%s: %q is no field here; there are %s", name, key, strings.Join(known, ", "))
		case twice:
			p.bad(line, "%s: %s is there twice", name, key)
		default:
			s.fields[key] = v
		}
	}
	return s
}

func absent(n ast.Node) bool {
	return n == nil || n.Type() == ast.NullType && n.GetToken().Type == token.ImplicitNullType
}

// value is the node of a field, nil when it is not there.
func (s section) value(key string) ast.Node {
	if f := s.fields[key]; f != nil && !absent(f.Value) {
		return f.Value
	}
	return nil
}

// at is the line of a field.
func (s section) at(key string) int {
	if f := s.fields[key]; f != nil {
		return f.Key.GetToken().Position.Line
	}
	return s.line
}

// bad notes a mistake in a field.
func (s section) bad(key, format string, args ...any) {
	s.p.bad(s.at(key), "%s: %s: %s", s.name, key, mistake.New(format, args...))
}

// scalar is the written form of a single value.
func scalar(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return strings.TrimSuffix(v.Value.Value, "\n"), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// text is a field as it was written, "" when it is not there.
func (s section) text(key string) string {
	n := s.value(key)
	if n == nil {
		return ""
	}
	text, ok := scalar(n)
	if !ok {
		s.bad(key, "must be a single value; tags, anchors and aliases are not read")
	}
	return text
}

// texts is a list of texts.
func (s section) texts(key string) (out []string) {
	for _, n := range s.list(key) {
		if text, ok := scalar(n); ok {
			out = append(out, text)
		} else {
			s.p.bad(n.GetToken().Position.Line, "%s: %s: must hold single values", s.name, key)
		}
	}
	return out
}

func (s section) list(key string) []ast.Node {
	n := s.value(key)
	if n == nil {
		return nil
	}
	if l, ok := n.(*ast.SequenceNode); ok {
		return l.Values
	}
	s.bad(key, "must be a list")
	return nil
}

// flag is true or false.
func (s section) flag(key string) bool {
	switch text := s.text(key); text {
	case "true", "True", "TRUE":
		return true
	case "", "false", "False", "FALSE":
	default:
		s.bad(key, "%q must be true or false", text)
	}
	return false
}

// read is a field as its reader takes it, otherwise when the field is not there
// or has another form, which the message says.
func read[T any](s section, key string, otherwise T, reader func(string) (T, bool), form string) T {
	text := s.text(key)
	if text == "" {
		return otherwise
	}
	v, ok := reader(text)
	if !ok {
		s.bad(key, form, text)
		return otherwise
	}
	return v
}

func (s section) count(key string, otherwise int) int {
	return read(s, key, otherwise, typed.Digits, "%q must be a whole number of plain digits, for example 2")
}

func (s section) duration(key string, otherwise time.Duration) time.Duration {
	return read(s, key, otherwise, typed.Duration, "%q must look like 90m, 12h, 7d or 1d12h")
}

func (s section) size(key string, otherwise int64) int64 {
	return read(s, key, otherwise, typed.Size, "%q must look like 500MB or 2GB")
}

// amount is an amount in rupiah, 0 when the field is not there.
func (s section) amount(key string) money.Rupiah {
	text := s.text(key)
	if text == "" {
		return 0
	}
	n, err := money.ParseTyped(text)
	if err != nil {
		s.bad(key, "%q must be an amount in rupiah up to %s, for example 5000 or Rp5.000", text, money.Max)
		return 1 // in range: one mistake is said once
	}
	return n
}
