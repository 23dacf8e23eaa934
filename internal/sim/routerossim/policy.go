package routerossim

import (
	"slices"
	"strings"
)

// policies in the order routers print them; groups list the missing ones with "!".
var policiesV7 = strings.Split("local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,sensitive,api,romon,rest-api", ",")
var policiesV6 = strings.Split("local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,sensitive,api,romon,dude,tikapp", ",")

func (r *Router) policies() []string {
	if r.ver.major == 6 {
		return policiesV6
	}
	return policiesV7
}

// convertPolicy reads "read,write,!ftp" and prints every policy, given or not.
func (r *Router) convertPolicy(f *field, v string) (string, error) {
	all := r.policies()
	have := map[string]bool{}
	for p := range strings.SplitSeq(v, ",") {
		name, not := strings.CutPrefix(p, "!")
		if !slices.Contains(all, name) {
			return "", noMatch(f.name)
		}
		have[name] = !not
	}
	var yes, no []string
	for _, p := range all {
		if have[p] {
			yes = append(yes, p)
		} else {
			no = append(no, "!"+p)
		}
	}
	return strings.Join(append(yes, no...), ","), nil
}

// may reports whether an API account's group holds a policy right now:
// changing the group changes what open connections may do.
func (r *Router) may(account, policy string) bool {
	u := r.tables["user"].first("name", account)
	if u == nil {
		return false
	}
	g := r.tables["user/group"].first("name", value(r.tables["user"], u, "group"))
	return g != nil && slices.Contains(strings.Split(g.f["policy"], ","), policy)
}
