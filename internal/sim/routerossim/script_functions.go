package routerossim

import (
	"errors"
	"fmt"
	"strings"
)

// function reads the arguments of :pick, :find and their like, and calls it.
func (p *parser) function(name string) (expr, error) {
	f := functions[name]
	if f == nil {
		return nil, fmt.Errorf("bad command name %s", name)
	}
	var args []expr
	for {
		if p.blank(); strings.IndexByte("\n;])}\x00", p.peek()) >= 0 {
			break
		}
		e, err := p.value()
		if err != nil {
			return nil, err
		}
		args = append(args, e)
	}
	return func(s *scope) (any, error) {
		given := make([]any, len(args))
		for i, e := range args {
			var err error
			if given[i], err = e(s); err != nil {
				return nil, err
			}
		}
		return f(given)
	}, nil
}

var errArguments = errors.New("missing value(s) of argument(s)")

var functions = map[string]func(args []any) (any, error){
	"pick": pick, "find": position, "len": length,
	"tostr":  func(a []any) (any, error) { return one(a, func(v any) any { return text(v) }) },
	"typeof": func(a []any) (any, error) { return one(a, func(v any) any { return typeName(v) }) },
	"tonum": func(a []any) (any, error) {
		return one(a, func(v any) any {
			if n, ok := numeral(v); ok {
				return n
			}
			return nil
		})
	},
	"totime": func(a []any) (any, error) {
		return one(a, func(v any) any {
			if d, ok := parseDur(text(v)); ok {
				return d
			}
			return nil
		})
	},
}

func one(args []any, f func(v any) any) (any, error) {
	if len(args) != 1 {
		return nil, errArguments
	}
	return f(args[0]), nil
}

func length(args []any) (any, error) {
	return one(args, func(v any) any {
		if list, many := v.([]any); many {
			return int64(len(list))
		}
		return int64(len(text(v)))
	})
}

// pick is a part of a text: from a place to before another, or one letter.
func pick(args []any) (any, error) {
	if len(args) < 2 || len(args) > 3 {
		return nil, errArguments
	}
	s := text(args[0])
	from, ok := numeral(args[1])
	to := from + 1
	if len(args) == 3 {
		var ok2 bool
		to, ok2 = numeral(args[2])
		ok = ok && ok2
	}
	if !ok {
		return nil, errors.New("invalid value for argument begin or end")
	}
	from, to = min(max(from, 0), int64(len(s))), min(max(to, 0), int64(len(s)))
	if from >= to {
		return "", nil
	}
	return s[from:to], nil
}

// position is where a text first stands in another, nothing where it does not.
func position(args []any) (any, error) {
	if len(args) < 2 || len(args) > 3 {
		return nil, errArguments
	}
	s, from := text(args[0]), int64(-1)
	if len(args) == 3 {
		from, _ = numeral(args[2])
	}
	start := min(max(from+1, 0), int64(len(s))) // what lies after from
	i := strings.Index(s[start:], text(args[1]))
	if i < 0 {
		return nil, nil
	}
	return start + int64(i), nil
}
