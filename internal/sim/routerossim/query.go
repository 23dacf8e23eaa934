package routerossim

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"
)

// query is the stack machine of the API's "?" words, run once per item.
type query struct {
	words []string
	m     *menu
	r     *Router
}

// simpleName returns the value when the query is nothing but comparisons and
// one of them asks for a name: then an index can replace the walk.
func (q query) simpleName() (string, bool) {
	name, ok := "", false
	for _, w := range q.words {
		if strings.HasPrefix(w, "#") {
			return "", false
		}
		if v, found := strings.CutPrefix(strings.TrimPrefix(w, "="), "name="); found {
			name, ok = v, true
		}
	}
	return name, ok && name != ""
}

// match runs the words over a printed row. An item passes unless a false is
// left on the stack.
func (q query) match(row map[string]string) bool {
	var stack []bool
	for _, w := range q.words {
		if ops, ok := strings.CutPrefix(w, "#"); ok {
			stack = operate(stack, ops)
			continue
		}
		stack = append(stack, q.test(w, row))
	}
	for _, ok := range stack {
		if !ok {
			return false
		}
	}
	return true
}

func (q query) test(w string, row map[string]string) bool {
	op := byte('=')
	if w != "" && strings.IndexByte("<>=-", w[0]) >= 0 {
		op, w = w[0], w[1:]
	}
	name, want, compared := strings.Cut(w, "=")
	have, present := row[name]
	switch {
	case op == '-':
		return !present
	case !compared:
		return present
	case op == '=':
		return present && q.compare(name, have, want) == 0 || !present && want == ""
	case op == '<':
		return present && q.compare(name, have, want) < 0
	}
	return present && q.compare(name, have, want) > 0
}

// operate runs one "?#" word: digits index the stack from the top, "!", "&"
// and "|" calculate, "." after something else duplicates the top.
func operate(stack []bool, ops string) []bool {
	for i := 0; i < len(ops); {
		if c := ops[i]; c >= '0' && c <= '9' {
			j := i
			for j < len(ops) && ops[j] >= '0' && ops[j] <= '9' {
				j++
			}
			n, err := strconv.Atoi(ops[i:j])
			if err != nil || n >= len(stack) {
				return append(stack, false)
			}
			v := stack[len(stack)-1-n]
			if j == len(ops) {
				return []bool{v}
			}
			stack = append(stack, v)
			if i = j; ops[i] == '.' {
				i++
			}
			continue
		}
		top := len(stack) - 1
		switch {
		case ops[i] == '!' && top >= 0:
			stack[top] = !stack[top]
		case ops[i] == '.' && top >= 0:
			stack = append(stack, stack[top])
		case ops[i] == '&' && top >= 1:
			stack = append(stack[:top-1], stack[top-1] && stack[top])
		case ops[i] == '|' && top >= 1:
			stack = append(stack[:top-1], stack[top-1] || stack[top])
		default:
			return append(stack, false)
		}
		i++
	}
	return stack
}

// compare orders two values by the property's type: 0s equals 00:00:00 and yes
// equals true. Values that do not parse compare as text.
func (q query) compare(name, have, want string) int {
	kind := ""
	if f := q.m.byName[name]; f != nil {
		kind = f.kind
	}
	switch kind {
	case "num", "users", "oneport":
		a, ok1 := parseSize(have)
		b, ok2 := parseSize(want)
		if ok1 && ok2 {
			return cmp.Compare(a, b)
		}
	case "dur", "durnone":
		a, ok1 := parseDur(have)
		b, ok2 := parseDur(want)
		if ok1 && ok2 {
			return cmp.Compare(a, b)
		}
	case "bool", "yesno":
		a, ok1 := parseBool(have)
		b, ok2 := parseBool(want)
		if ok1 && ok2 {
			return cmp.Compare(strconv.FormatBool(a), strconv.FormatBool(b))
		}
	case "mac":
		a, ok1 := parseMAC(have)
		b, ok2 := parseMAC(want)
		if ok1 && ok2 {
			return strings.Compare(a, b)
		}
	case "ip":
		a, err1 := netip.ParseAddr(have)
		b, err2 := netip.ParseAddr(want)
		if err1 == nil && err2 == nil {
			return a.Compare(b)
		}
	}
	if name == ".id" {
		have, want = strings.ToUpper(have), strings.ToUpper(want)
	}
	return strings.Compare(have, want)
}
