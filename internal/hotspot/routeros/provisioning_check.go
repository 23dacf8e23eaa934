package routeros

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gerai/internal/hotspot"
)

// auditor collects findings about one router.
type auditor struct {
	s   *session
	v   *discovery
	k   hotspot.Provisioning
	out []hotspot.Finding
}

// CheckProvisioning audits the router: the provisioning itself, and common mistakes
// around it.
func (d *Driver) CheckProvisioning(ctx context.Context, r hotspot.Router, k hotspot.Provisioning) ([]hotspot.Finding, error) {
	var out []hotspot.Finding
	err := d.doWithin(ctx, d.o.ProvisioningTimeout, "check kit", r, func(s *session) error {
		v, err := s.discover(true)
		if err != nil {
			return err
		}
		plan, err := s.planProvisioning(v, k)
		if err != nil {
			return err
		}
		a := &auditor{s: s, v: v, k: k}
		a.provisioning(plan)
		a.account()
		a.certificates()
		a.system()
		a.server()
		a.portals()
		a.walledGardens()
		a.sessions()
		a.schedulers()
		a.mikhmon()
		out = a.out
		return nil
	})
	return out, err
}

// say adds a finding once.
func (a *auditor) say(id string, severity hotspot.Severity, pairs ...string) {
	f := finding(id, severity, pairs...)
	for _, had := range a.out {
		if had.ID == f.ID && maps.Equal(had.Values, f.Values) {
			return
		}
	}
	a.out = append(a.out, f)
}

// provisioning says what setup would still have to do, and what keeps it from that.
func (a *auditor) provisioning(plan hotspot.ProvisioningPlan) {
	for _, st := range plan.Steps {
		if st.Kind == hotspot.StepLogin {
			continue // said with its reason, by logins
		}
		state := "changed"
		if st.Add {
			state = "missing"
		}
		a.say("kit."+string(st.Kind), hotspot.Wrong, "item", st.Item, "state", state)
	}
	for _, f := range plan.Blocked {
		if f.ID == "device_mode" {
			continue // said in full by deviceMode
		}
		a.out = append(a.out, f)
	}
	if len(a.v.unreadable) > 0 {
		a.say("unreadable", hotspot.Note, "menus", strings.Join(a.v.unreadable, ", "))
	}
}

// account judges how the shop logs in.
func (a *auditor) account() {
	if !a.k.Stored.TLS {
		a.say("account_plain", hotspot.Warning, "user", a.k.Stored.User)
	}
	user, found := a.v.named(accountMenu, a.k.Stored.User)
	if !found {
		return
	}
	group, _ := a.v.named(groupMenu, user["group"])
	var extra []string
	for _, p := range granted(group["policy"]) {
		if !slices.Contains(wanted(true), p) {
			extra = append(extra, p)
		}
	}
	if len(extra) > 0 {
		a.say("account_rights", hotspot.Warning, "user", user["name"], "rights", strings.Join(extra, ", "))
	}
}

// certificates judges the services that the shop or a thief may use.
func (a *auditor) certificates() {
	for _, name := range []string{"api", "api-ssl"} {
		if service, found := a.v.named(serviceMenu, name); found && !yes(service["disabled"]) && service["address"] == "" {
			a.say("service_open", hotspot.Note, "service", name, "port", service["port"])
		}
	}
	service, _ := a.v.named(serviceMenu, "api-ssl")
	cert, found := a.v.named(certMenu, service["certificate"])
	if !found {
		return // the plan says so
	}
	if a.k.Stored.TLS && cert["fingerprint"] != "" && !strings.EqualFold(cert["fingerprint"], a.k.Stored.Fingerprint) {
		a.say("certificate_pin", hotspot.Wrong, "name", cert["name"])
	}
	a.age(cert)
}

// age complains about a certificate that ends within two weeks.
func (a *auditor) age(cert row) {
	left := cert["expires-after"]
	if yes(cert["expired"]) || left != "" && parseDuration(left) <= renewBefore {
		a.say("certificate_age", hotspot.Wrong, "name", cert["name"], "days", strconv.Itoa(int(parseDuration(left).Hours()/24)))
	}
}

// sessions looks for plans whose time never ends: a profile's session-timeout starts
// again at every login, and a mac-cookie logs the device in again.
func (a *auditor) sessions() {
	for _, p := range a.k.Profiles {
		have, found := a.v.named(profileMenu, p.Name)
		if found && parseDuration(have["session-timeout"]) > 0 && have["add-mac-cookie"] != "false" && have["add-mac-cookie"] != "no" {
			a.say("session_timeout", hotspot.Warning, "profile", p.Name, "timeout", have["session-timeout"])
		}
	}
}

// walledGardens looks for rows that open too much, in both gardens.
func (a *auditor) walledGardens() {
	for _, menu := range []string{walledGardenMenu, walledGardenIPMenu} {
		for _, r := range a.v.rows[menu] {
			if yes(r["disabled"]) || yes(r["dynamic"]) || r["action"] == "deny" || r["action"] == "drop" || r["action"] == "reject" {
				continue
			}
			a.walledGardenRow(r)
		}
	}
}

func (a *auditor) walledGardenRow(r row) {
	host, addr := r["dst-host"], r["dst-address"]
	switch {
	case strings.Trim(host, "*.:^$") == "" && (addr == "" || addr == "0.0.0.0/0" || addr == "0.0.0.0") && r["dst-address-list"] == "" && r["path"] == "" && r["src-address"] == "" && r["src-address-list"] == "":
		a.say("garden_wide", hotspot.Wrong, "row", rowName(r))
	case host != "" && isProbe(host):
		a.say("probe_host", hotspot.Wrong, "host", host)
	case isShared(host):
		a.say("garden_shared", hotspot.Warning, "host", host)
	case wideNet(addr):
		a.say("garden_wide", hotspot.Wrong, "row", rowName(r))
	}
}

func rowName(r row) string {
	for _, field := range []string{"dst-host", "dst-address", "comment", ".id"} {
		if r[field] != "" {
			return r[field]
		}
	}
	return "?"
}

// wideNet reports whether an address names a whole network of the internet, larger than
// any shop.
func wideNet(addr string) bool {
	_, bits, found := strings.Cut(addr, "/")
	n, err := strconv.Atoi(bits)
	return found && err == nil && n <= 16
}
