package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gerai/internal/mistake"
)

// Option changes what Load asks for.
type Option func(*rules)

type rules struct{ relaxed bool }

// Demo lets the program start without secrets and gateway; the demo brings
// its own.
func Demo() Option { return func(r *rules) { r.relaxed = true } }

// Tool is for commands that use only the database (migrate, backup, staff):
// what is set must be right, nothing has to be set.
func Tool() Option { return func(r *rules) { r.relaxed = true } }

// Mistake is one thing wrong with one variable.
type Mistake struct {
	Name    string // variable
	Problem error  // what is wrong, without secret values
	Example string // a right value
}

// Mistakes is the error of Load: all of them, in the order of docs/config.md.
type Mistakes []Mistake

// NoKey is the mistake of a command that needs the key of the secrets.
func NoKey() Mistakes {
	return Mistakes{{Name: "GERAI_SECRET_KEY", Problem: mistake.New("is missing"), Example: "(openssl rand -base64 32)"}}
}

// Error prints one paragraph per mistake.
func (m Mistakes) Error() string {
	var b strings.Builder
	if len(m) == 1 {
		b.WriteString("1 mistake in the configuration:")
	} else {
		fmt.Fprintf(&b, "%d mistakes in the configuration:", len(m))
	}
	for _, x := range m {
		fmt.Fprintf(&b, "\n  %s: %s\n      example: %s=%s", x.Name, x.Problem, x.Name, x.Example)
	}
	return b.String()
}

// variable is one tagged field.
type variable struct {
	name, standard, example, doc string
	needed, secret               bool
}

// variables lists the tagged fields in order.
func variables() (out []variable) {
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		if name := tag.Get("env"); name != "" {
			out = append(out, variable{
				name: name, standard: tag.Get("default"), example: tag.Get("example"), doc: tag.Get("doc"),
				needed: tag.Get("needed") == "true", secret: tag.Get("secret") == "true",
			})
		}
	}
	return out
}

// Load reads an environment in the form of os.Environ. An empty variable
// counts as unset. The error is of type Mistakes and lists all of them;
// Config.Warnings are filled in either case.
func Load(environ []string, options ...Option) (Config, error) {
	var r rules
	for _, o := range options {
		o(&r)
	}
	given := make(map[string]string)
	for _, pair := range environ {
		if name, value, found := strings.Cut(pair, "="); found && strings.HasPrefix(name, prefix) {
			given[name] = strings.TrimSpace(value)
		}
	}
	var (
		c     Config
		wrong Mistakes
	)
	known := variables()
	for _, v := range known {
		value := given[v.name]
		if value == "" {
			value = v.standard
		}
		var problem error
		if value == "" {
			if v.needed && !r.relaxed {
				problem = mistake.New("is not set")
			}
		} else if err := readers[v.name](&c, value); err != nil {
			problem = err
			if !v.secret {
				problem = mistake.New("%s (it is %q)", err, value)
			}
		}
		if problem != nil {
			wrong = append(wrong, Mistake{v.name, problem, v.example})
		}
	}
	wrong = append(wrong, together(c)...)
	slices.SortStableFunc(wrong, func(a, b Mistake) int { return place(known, a.Name) - place(known, b.Name) })
	c.Warnings = append(unknown(given, known), doubts(c)...)
	if len(wrong) > 0 {
		return c, wrong
	}
	return c, nil
}

func place(known []variable, name string) int {
	return slices.IndexFunc(known, func(v variable) bool { return v.name == name })
}

// together finds values that are right alone and wrong in company.
func together(c Config) (wrong Mistakes) {
	wrong = append(gatewayTogether(c), backupsTogether(c)...)
	if !c.Live() {
		return wrong
	}
	why := mistake.New("must be https because GERAI_XENDIT_KEY is a live key")
	if strings.HasPrefix(c.BaseURL, "http:") {
		wrong = append(wrong, Mistake{"GERAI_BASE_URL", why, "https://voucher.example.net"})
	}
	if strings.HasPrefix(c.XenditURL, "http:") {
		wrong = append(wrong, Mistake{"GERAI_XENDIT_URL", why, XenditURL})
	}
	return wrong
}
