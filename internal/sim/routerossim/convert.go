package routerossim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// convert checks a value for a field and returns it as the router would store
// and print it; "" unsets.
func (r *Router) convert(f *field, v string) (string, error) {
	bad := fail("invalid value for argument " + f.name)
	if v == "" {
		return convertEmpty(f)
	}
	switch f.kind {
	case "num", "oneport":
		n, ok := parseSize(v)
		if !ok || f.kind == "oneport" && n > 65535 {
			return "", bad
		}
		return strconv.FormatInt(n, 10), nil
	case "users":
		if v == "unlimited" {
			return v, nil
		}
		if n, err := strconv.ParseUint(v, 10, 32); err == nil {
			return strconv.FormatUint(n, 10), nil
		}
		return "", bad
	case "dur", "durnone":
		if f.kind == "durnone" && v == "none" {
			return v, nil
		}
		d, ok := parseDur(v)
		if !ok {
			return "", bad
		}
		return formatDur(d), nil
	case "bool", "yesno":
		b, ok := parseBool(v)
		if !ok {
			return "", noMatch(f.name)
		}
		return strconv.FormatBool(b), nil
	case "mac":
		if m, ok := parseMAC(v); ok {
			return m, nil
		}
		return "", fail("invalid value of mac-address, mac address required")
	case "ip":
		if a, err := netip.ParseAddr(v); err == nil {
			return a.String(), nil
		}
		return "", bad
	case "pfx":
		return convertPrefix(v, bad)
	case "enum":
		if !slices.Contains(f.opts, v) {
			return "", noMatch(f.name)
		}
	case "flags":
		return convertFlags(f, v)
	case "policy":
		return r.convertPolicy(f, v)
	case "rate", "rates":
		return convertRate(f, v)
	case "ref":
		return r.convertRef(f, v)
	}
	return v, nil
}

func convertEmpty(f *field) (string, error) {
	if f.required {
		return "", fail("missing value(s) of argument(s) " + f.name)
	}
	if f.kind == "enum" || f.kind == "ref" && !f.silent && f.hasDef {
		return "", noMatch(f.name)
	}
	return "", nil
}

func convertPrefix(v string, bad error) (string, error) {
	not := ""
	if rest, ok := strings.CutPrefix(v, "!"); ok {
		not, v = "!", rest
	}
	if p, err := netip.ParsePrefix(v); err == nil {
		return not + p.String(), nil
	}
	if a, err := netip.ParseAddr(v); err == nil {
		return not + a.String(), nil
	}
	return "", bad
}

// convertFlags keeps the router's own order and drops doubles.
func convertFlags(f *field, v string) (string, error) {
	given := strings.Split(v, ",")
	for _, g := range given {
		if !slices.Contains(f.opts, g) {
			return "", noMatch(f.name)
		}
	}
	var out []string
	for _, o := range f.opts {
		if slices.Contains(given, o) {
			out = append(out, o)
		}
	}
	return strings.Join(out, ","), nil
}

func (r *Router) convertRef(f *field, v string) (string, error) {
	if slices.Contains(f.opts[1:], v) {
		return v, nil
	}
	if x := r.tables[f.opts[0]].find(v); x != nil {
		return x.f["name"], nil
	}
	return "", noMatch(f.name)
}

// convertRate checks rx[/tx] [burst] [threshold] [time] [priority] [min].
func convertRate(f *field, v string) (string, error) {
	bad := fail("invalid value for argument " + f.name)
	words := strings.Fields(v)
	if len(words) == 0 || len(words) > 6 || f.kind == "rates" && len(words) > 1 {
		return "", bad
	}
	var sums []string
	for i, w := range words {
		for part := range strings.SplitSeq(w, "/") {
			n, ok := parseRate(part)
			if i == 3 { // burst time
				_, ok = parseDur(part)
			}
			if !ok || strings.Count(w, "/") > 1 {
				return "", bad
			}
			sums = append(sums, strconv.FormatInt(n, 10))
		}
	}
	if f.kind == "rate" {
		return v, nil
	}
	if len(sums) == 1 {
		sums = append(sums, sums[0])
	}
	return sums[0] + "/" + sums[1], nil
}
