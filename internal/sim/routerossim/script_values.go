package routerossim

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// rowID is a row as find returns it.
type rowID string

// text prints a value as :tostr does.
func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case rowID:
		return string(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case bool:
		return strconv.FormatBool(x)
	case time.Duration:
		return scriptTime(x)
	case []any:
		parts := make([]string, len(x))
		for i, one := range x {
			parts[i] = text(one)
		}
		return strings.Join(parts, ";")
	}
	return fmt.Sprint(v)
}

// scriptTime prints a time value: 00:00:45, 1d02:03:04, 1w2d00:00:00.
func scriptTime(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	days := d / (24 * time.Hour)
	d -= days * 24 * time.Hour
	out := sign
	if w := days / 7; w > 0 {
		out += strconv.Itoa(int(w)) + "w"
	}
	if days %= 7; days > 0 {
		out += strconv.Itoa(int(days)) + "d"
	}
	return out + fmt.Sprintf("%02d:%02d:%02d", d/time.Hour, d/time.Minute%60, d/time.Second%60)
}

// numeral reads an integer; a text of digits counts as one.
func numeral(v any) (int64, bool) {
	switch x := v.(type) {
	case int64:
		return x, true
	case string:
		n, err := strconv.ParseInt(x, 10, 64)
		return n, err == nil
	case time.Duration:
		return int64(x / time.Second), true
	}
	return 0, false
}

// binary works out one operator.
func binary(op string, a, b any) (any, error) {
	bad := fmt.Errorf("cannot apply %s to %s and %s", op, typeName(a), typeName(b))
	switch op {
	case ".":
		return text(a) + text(b), nil
	case "&&", "||":
		x, ok1 := a.(bool)
		y, ok2 := b.(bool)
		if !ok1 || !ok2 {
			return nil, bad
		}
		if op == "&&" {
			return x && y, nil
		}
		return x || y, nil
	case "=", "!=":
		same := text(a) == text(b)
		if x, ok := a.(time.Duration); ok {
			if y, ok := b.(time.Duration); ok {
				same = x == y
			}
		}
		return same == (op == "="), nil
	case "~":
		re, err := regexp.CompilePOSIX(text(b))
		if err != nil {
			return nil, err
		}
		return re.MatchString(text(a)), nil
	}
	x, ok1 := a.(time.Duration)
	y, ok2 := b.(time.Duration)
	if ok1 && ok2 {
		return reckon(op, int64(x), int64(y), func(n int64) any { return time.Duration(n) }, bad)
	}
	n, ok1 := numeral(a)
	m, ok2 := numeral(b)
	if !ok1 || !ok2 {
		return nil, bad
	}
	return reckon(op, n, m, func(n int64) any { return n }, bad)
}

func reckon(op string, a, b int64, of func(int64) any, bad error) (any, error) {
	switch op {
	case "<":
		return a < b, nil
	case ">":
		return a > b, nil
	case "<=":
		return a <= b, nil
	case ">=":
		return a >= b, nil
	case "+":
		return of(a + b), nil
	case "-":
		return of(a - b), nil
	case "*":
		return of(a * b), nil
	case "/", "%":
		if b == 0 {
			return nil, errors.New("division by zero")
		}
		if op == "/" {
			return of(a / b), nil
		}
		return of(a % b), nil
	}
	return nil, bad
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "str"
	case int64:
		return "num"
	case bool:
		return "bool"
	case time.Duration:
		return "time"
	case rowID:
		return "id"
	}
	return "array"
}
