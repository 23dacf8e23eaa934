package routerossim

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

func init() {
	define("ip/hotspot/walled-garden", listVerbs+" reset-counters", `action:enum(allow|deny)=allow server:ref(ip/hotspot|all)
		src-address:str method:str dst-host:str dst-port:str path:str -dst-address:str -hits:num=0 -dynamic:bool=false
		disabled:bool=false comment:str`).hook(func(m *menu) { m.feature = "hotspot" })
	define("ip/hotspot/walled-garden/ip", listVerbs, `action:enum(accept|drop|reject)=accept server:ref(ip/hotspot|all)
		src-address:pfx src-address-list:str dst-address:pfx dst-address-list:str dst-host:str dst-port:oneport protocol:str
		-invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) { m.feature = "hotspot" })
}

const (
	walledGardenPath   = "ip/hotspot/walled-garden"
	walledGardenIPPath = "ip/hotspot/walled-garden/ip"
	listPath           = "ip/firewall/address-list"
)

// walledGardenIP is the action of the first row of /ip/hotspot/walled-garden/ip
// that fits a TCP connection, "" when none does.
func (r *Router) walledGardenIP(host *row, to target, ip netip.Addr, outside Internet) string {
	t, action := r.tables[walledGardenIPPath], ""
	t.each(func(x *row) bool {
		fits := x.f["disabled"] != "true" && forServer(x, host) && matchAddress(x.f["src-address"], host.f["address"]) &&
			r.inList(x.f["src-address-list"], host.f["address"], outside) &&
			matchAddress(x.f["dst-address"], ip.String()) && r.inList(x.f["dst-address-list"], ip.String(), outside) &&
			(x.f["dst-port"] == "" || x.f["dst-port"] == to.port) && matchProtocol(x.f["protocol"]) &&
			matchName(x.f["dst-host"], to.host, ip, outside)
		if fits {
			action = value(t, x, "action")
		}
		return !fits
	})
	return action
}

// walledGardenHTTP says whether the first row of /ip/hotspot/walled-garden that fits
// a plain request allows it, and counts the hit.
func (r *Router) walledGardenHTTP(host *row, to target) bool {
	t := r.tables[walledGardenPath]
	var hit *row
	t.each(func(x *row) bool {
		if x.f["disabled"] != "true" && forServer(x, host) && matchAddress(x.f["src-address"], host.f["address"]) &&
			matchText(x.f["dst-host"], to.host) && matchPorts(x.f["dst-port"], to.port) &&
			(x.f["method"] == "" || strings.EqualFold(x.f["method"], to.method)) &&
			(matchText(x.f["path"], to.path) || matchText(x.f["path"], strings.TrimPrefix(to.path, "/"))) {
			hit = x
		}
		return hit == nil
	})
	if hit == nil {
		return false
	}
	r.change(t, hit, map[string]string{"hits": strconv.FormatInt(numOf(hit.f["hits"])+1, 10)})
	return value(t, hit, "action") == "allow"
}

func forServer(x, host *row) bool {
	s := x.f["server"]
	return s == "" || s == "all" || s == host.f["server"]
}

// negated splits off a leading "!".
func negated(s string) (string, bool) { return strings.CutPrefix(s, "!") }

// matchAddress takes an address or network, "" fits everything.
func matchAddress(want, ip string) bool {
	want, not := negated(want)
	return want == "" || within(want, ip) != not
}

// matchProtocol: everything that comes through a phone's proxy is TCP.
func matchProtocol(want string) bool {
	want, not := negated(want)
	return want == "" || (want == "tcp" || want == "6") != not
}

// matchName: a plain name stands for its addresses, so a neighbour on the same
// address passes too; a name with wildcards is compared as text.
func matchName(want, host string, ip netip.Addr, outside Internet) bool {
	if want == "" || matchText(want, host) {
		return true
	}
	return !strings.ContainsAny(want, "*?") && ip.IsValid() && outside.resolve(want) == ip
}

// matchText compares a whole string, in which * and ? are wildcards; a pattern
// that begins with ":" is a regular expression. "" fits everything, a broken
// expression nothing.
func matchText(pattern, s string) bool {
	if pattern == "" {
		return true
	}
	expr, isExpr := strings.CutPrefix(pattern, ":")
	if !isExpr {
		expr = "^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$"
	}
	re, err := regexp.Compile("(?is)" + expr)
	return err == nil && re.MatchString(s)
}

// matchPorts takes a list of ports and ranges.
func matchPorts(list, port string) bool {
	if list == "" {
		return true
	}
	n := numOf(port)
	for one := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(one, "-")
		if !isRange {
			to = from
		}
		if n >= numOf(from) && n <= numOf(to) {
			return true
		}
	}
	return false
}

// inList says whether a firewall address list holds an address; its entries
// are addresses, networks, ranges and names.
func (r *Router) inList(list, ip string, outside Internet) bool {
	list, not := negated(list)
	if list == "" {
		return true
	}
	a, err := netip.ParseAddr(ip)
	found := false
	r.tables[listPath].each(func(x *row) bool {
		if err == nil && x.f["list"] == list && x.f["disabled"] != "true" {
			found = holds(x.f["address"], a, outside)
		}
		return !found
	})
	return found != not
}

func holds(entry string, ip netip.Addr, outside Internet) bool {
	if from, to, ok := strings.Cut(entry, "-"); ok {
		lo, err1 := netip.ParseAddr(from)
		hi, err2 := netip.ParseAddr(to)
		if err1 == nil && err2 == nil {
			return lo.Compare(ip) <= 0 && ip.Compare(hi) <= 0
		}
	}
	return within(entry, ip.String()) || outside.resolve(entry) == ip
}
