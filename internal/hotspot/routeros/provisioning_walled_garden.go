package routeros

import (
	"maps"
	"net/netip"
	"strconv"
	"strings"

	"gerai/internal/hotspot"
)

// sharedHosts are gateways, and networks whose addresses serve half the
// internet: a row for them opens far more than it says. Gerai speaks to the
// gateway from its server, customers never need to.
var sharedHosts = []string{"xendit.co", "midtrans.com", "tripay.co.id", "duitku.com", "doku.com", "cloudflare.com", "cloudflare.net", "cloudfront.net",
	"amazonaws.com", "akamaihd.net", "akamaiedge.net", "fastly.net", "googleapis.com", "gstatic.com", "googleusercontent.com", "google.com", "jsdelivr.net", "azureedge.net"}

// walledGarden opens the shop's one address to customers who are not logged in. Host
// rows of the other garden do not carry HTTPS on current versions.
func (p *planner) walledGarden() {
	if forbidden(p.k.Host) {
		p.block("forbidden_host", "host", p.k.Host)
		return
	}
	want := map[string]string{"action": "accept", "protocol": "tcp", "dst-port": strconv.Itoa(p.k.Port), "comment": hotspot.ProvisioningMark + ": toko"}
	if addr, err := netip.ParseAddr(p.k.Host); err == nil {
		want["dst-address"] = addr.String()
	} else {
		want["dst-host"] = p.k.Host
	}
	for _, have := range p.v.rows[walledGardenIPMenu] {
		if marked(have) {
			after := map[string]string{"disabled": "no"}
			for _, other := range []string{"dst-host", "dst-address"} {
				if have[other] != "" {
					after[other] = "" // the shop's address was a name and is a number now, or the other way round
				}
			}
			maps.Copy(after, want)
			p.set(hotspot.StepWalledGarden, p.shop(), walledGardenIPMenu, "comment", have, after)
			return
		}
		if p.opens(have) {
			return
		}
	}
	p.add(hotspot.StepWalledGarden, p.shop(), walledGardenIPMenu, "comment", want)
}

func (p *planner) shop() string { return p.k.Host + ":" + strconv.Itoa(p.k.Port) }

// opens reports whether a foreign row opens the shop already.
func (p *planner) opens(r row) bool {
	there := r["dst-host"] == p.k.Host || strings.TrimSuffix(r["dst-address"], "/32") == p.k.Host
	return there && r["action"] == "accept" && !yes(r["disabled"]) && (r["dst-port"] == "" || r["dst-port"] == strconv.Itoa(p.k.Port)) &&
		(r["protocol"] == "" || r["protocol"] == "tcp") && r["src-address"] == "" && r["src-address-list"] == "" && r["server"] == ""
}

// forbidden hosts must never be opened: probes, gateways, shared networks.
func forbidden(host string) bool { return isProbe(host) || isShared(host) }

func isProbe(pattern string) bool {
	for _, h := range hotspot.Probes {
		if wild(strings.ToLower(pattern), h) {
			return true
		}
	}
	return false
}

func isShared(pattern string) bool {
	bare := strings.TrimLeft(strings.ToLower(pattern), "*.:")
	for _, h := range sharedHosts {
		if bare == h || strings.HasSuffix(bare, "."+h) {
			return true
		}
	}
	return false
}

// wild matches RouterOS' host patterns: * for any run, ? for one character.
// Patterns that start with ":" are regular expressions; those are judged by
// the letters they contain.
func wild(pattern, host string) bool {
	if rest, isExpr := strings.CutPrefix(pattern, ":"); isExpr {
		letters := strings.NewReplacer(`\`, "", "^", "", "$", "").Replace(rest)
		return strings.Contains(host, letters) || strings.Contains(letters, host)
	}
	if pattern == "" {
		return false
	}
	// Greedy match with one point to fall back to.
	i, star, mark := 0, -1, 0
	for j := 0; j < len(host); {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == host[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
