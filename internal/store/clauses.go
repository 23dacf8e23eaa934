package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// in appends values to args and returns their marks for an IN list.
func in[T ~string](args *[]any, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, string(v))
		marks[i] = fmt.Sprintf("$%d", len(*args))
	}
	return strings.Join(marks, ", ")
}

// clauses collects the conditions of a listing with its arguments.
type clauses struct {
	parts []string
	args  []any
}

func (c *clauses) arg(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *clauses) add(condition string, v any) { c.parts = append(c.parts, condition+c.arg(v)) }

// sites keeps rows of the sites only; no sites means all.
func (c *clauses) sites(sites []string) {
	if len(sites) > 0 {
		c.parts = append(c.parts, "site_id IN ("+in(&c.args, sites)+")")
	}
}

func (c *clauses) where() string {
	if len(c.parts) == 0 {
		return "1 = 1"
	}
	return strings.Join(c.parts, " AND ")
}

// mostNames bounds one IN list.
const mostNames = 200

func marks(values []string, arg func(any) string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = arg(v)
	}
	return strings.Join(out, ", ")
}

// literally takes the meaning from the signs of LIKE.
func literally(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// eachIn runs a query that ends in IN for many values, some at a time. A value that no
// table can hold, such as a user name that a router keeps in another code page, finds
// nothing and hides none of the others.
func eachIn[T any, V ~string](ctx context.Context, r reads, values []V, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	values = slices.DeleteFunc(slices.Clone(values), func(v V) bool { return !storable([]any{string(v)}) })
	var out []T
	for len(values) > 0 {
		part := values[:min(len(values), mostNames)]
		values = values[len(part):]
		with := append([]any{}, args...)
		found, err := queryAll(ctx, r.q, scan, query+"("+in(&with, part)+")", with...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
