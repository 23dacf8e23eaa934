package routeros

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"gerai/internal/hotspot"
)

var _ hotspot.Provisioner = (*Driver)(nil)

// planner collects what is missing on one router.
type planner struct {
	s    *session
	v    *discovery
	k    hotspot.Provisioning
	plan hotspot.ProvisioningPlan
}

// PlanProvisioning reads the router and works out what is missing.
func (d *Driver) PlanProvisioning(ctx context.Context, r hotspot.Router, k hotspot.Provisioning) (hotspot.ProvisioningPlan, error) {
	var plan hotspot.ProvisioningPlan
	err := d.doWithin(ctx, d.o.ProvisioningTimeout, "plan kit", r, func(s *session) error {
		v, err := s.discover(false)
		if err != nil {
			return err
		}
		plan, err = s.planProvisioning(v, k)
		return err
	})
	return plan, err
}

func (s *session) planProvisioning(v *discovery, k hotspot.Provisioning) (hotspot.ProvisioningPlan, error) {
	p := &planner{s: s, v: v, k: k}
	p.obstacles()
	p.account()
	p.tls()
	p.profiles()
	p.walledGarden()
	if err := p.pages(); err != nil {
		return p.plan, err
	}
	p.loginBy()
	p.ends()
	return p.plan, nil
}

func (p *planner) block(id string, values ...string) {
	p.plan.Blocked = append(p.plan.Blocked, finding(id, hotspot.Wrong, values...))
}

func finding(id string, severity hotspot.Severity, pairs ...string) hotspot.Finding {
	f := hotspot.Finding{ID: id, Severity: severity}
	for i := 0; i+1 < len(pairs); i += 2 {
		if f.Values == nil {
			f.Values = map[string]string{}
		}
		f.Values[pairs[i]] = pairs[i+1]
	}
	return f
}

func (p *planner) add(kind hotspot.StepKind, item, menu, key string, after map[string]string) {
	p.plan.Steps = append(p.plan.Steps, hotspot.Step{Kind: kind, Item: item, Add: true, Menu: menu, Key: map[string]string{key: after[key]}, After: after})
}

// set plans a change of the row; nothing when it says so already.
func (p *planner) set(kind hotspot.StepKind, item, menu, key string, have row, after map[string]string) {
	if agrees(after, have) && after["password"] == "" {
		return
	}
	p.plan.Steps = append(p.plan.Steps, hotspot.Step{Kind: kind, Item: item, Menu: menu, Key: map[string]string{key: have[key]}, Before: pick(have, after), After: after})
}

// obstacles are what setup cannot solve.
func (p *planner) obstacles() {
	if len(p.v.servers(p.k.Stored.Server)) == 0 {
		p.block("server_missing", "server", p.k.Stored.Server)
	}
	if yes(first(p.v.rows["/system/device-mode"])["hotspot"]) || len(p.v.rows["/system/device-mode"]) == 0 {
		return
	}
	p.block("device_mode", "features", "hotspot")
}

// account is the group with exactly the rights the driver needs, and the shop's user in
// it. Names that are in use are left alone.
func (p *planner) account() {
	have, mine := p.v.named(accountMenu, p.k.Stored.User)
	mine = mine && marked(have)
	hidden := !p.v.readable(accountMenu) || !p.v.readable(groupMenu)
	if hidden && p.k.Stored.TLS && strings.HasPrefix(p.k.Stored.User, p.k.User) {
		p.plan.User = p.k.Stored.User // the account may not look at itself
		return
	}
	group := p.group()
	if mine {
		p.plan.User = have["name"]
		p.set(hotspot.StepUser, have["name"], accountMenu, "name", have, map[string]string{"group": group, "disabled": "no"})
		return
	}
	for n := 1; ; n++ {
		name := numbered(p.k.User, n)
		p.plan.User = name
		after := map[string]string{"group": group, "password": p.k.Password, "comment": hotspot.ProvisioningMark + ": toko"}
		have, taken := p.v.named(accountMenu, name)
		if !taken {
			after["name"] = name
			p.add(hotspot.StepUser, name, accountMenu, "name", after)
			return
		}
		if marked(have) {
			after["disabled"] = "no"
			p.set(hotspot.StepUser, name, accountMenu, "name", have, after)
			return
		}
	}
}

func numbered(base string, n int) string {
	if n == 1 {
		return base
	}
	return base + "-" + strconv.Itoa(n)
}

func (p *planner) group() string {
	policy := p.policy()
	for n := 1; ; n++ {
		name := numbered(p.k.User, n)
		have, taken := p.v.named(groupMenu, name)
		if !taken {
			after := map[string]string{"name": name, "policy": policy}
			if p.v.version.major >= 7 { // older groups have no comment that is documented
				after["comment"] = hotspot.ProvisioningMark + ": toko"
			}
			p.add(hotspot.StepGroup, name, groupMenu, "name", after)
			return name
		}
		if may := granted(have["policy"]); marked(have) && slices.Equal(may, sorted(strings.Join(wanted(true), ","))) {
			return name // it was given the right to restart, by --reboot
		}
		if marked(have) || sameValue("policy", policy, have["policy"]) {
			p.set(hotspot.StepGroup, name, groupMenu, "name", have, map[string]string{"policy": policy})
			return name
		}
	}
}

// wanted are the rights that everything hotspot over the API needs.
func wanted(reboot bool) []string {
	if reboot {
		return []string{"api", "read", "write", "test", "reboot"}
	}
	return []string{"api", "read", "write", "test"}
}

// policy names every right this router knows, the unwanted ones with their
// negative: a set may merge otherwise.
func (p *planner) policy() string {
	allowed := wanted(p.k.Reboot)
	out := slices.Clone(allowed)
	for _, g := range p.v.rows[groupMenu] {
		for name := range strings.SplitSeq(g["policy"], ",") {
			if name = strings.TrimPrefix(name, "!"); name != "" && !slices.Contains(out, name) && !slices.Contains(out, "!"+name) {
				out = append(out, "!"+name)
			}
		}
	}
	return strings.Join(out, ",")
}

// certificateDays is how long our certificate lasts; it is pinned, so age adds no
// protection.
const certificateDays = 3650

// renewBefore is when a certificate counts as old.
const renewBefore = 14 * 24 * time.Hour

// tls gives api-ssl a certificate, unless it serves a sound one.
func (p *planner) tls() {
	service, found := p.v.named(serviceMenu, "api-ssl")
	if !found {
		return
	}
	if cert, found := p.v.named(certMenu, service["certificate"]); found && sound(cert) {
		p.set(hotspot.StepService, "api-ssl", serviceMenu, "name", service, map[string]string{"disabled": "no"})
		return
	}
	name := ""
	for n := 1; name == ""; n++ {
		candidate := numbered(hotspot.OwnPrefix+"api", n)
		have, taken := p.v.named(certMenu, candidate)
		if !taken {
			name = candidate
			p.add(hotspot.StepCertificate, name, certMenu, "name", map[string]string{"name": name, "common-name": name, "days-valid": strconv.Itoa(certificateDays),
				"key-size": "2048", "key-usage": "digital-signature,key-encipherment,tls-server"})
		} else if sound(have) {
			name = candidate
		}
	}
	p.set(hotspot.StepService, "api-ssl", serviceMenu, "name", service, map[string]string{"certificate": name, "tls-version": "only-1.2", "disabled": "no"})
}

// sound reports whether a certificate is signed and lasts a while.
func sound(cert row) bool {
	left := cert["expires-after"]
	return cert["fingerprint"] != "" && !yes(cert["expired"]) && (left == "" || parseDuration(left) > renewBefore)
}

// profiles are the plans' and the passes' user profiles, by the same rules as
// at a sale.
func (p *planner) profiles() {
	done := map[string]bool{}
	for _, profile := range p.k.Profiles {
		if done[profile.Name] {
			continue
		}
		done[profile.Name] = true
		after := fieldsOf(profileWords(profile))
		have, found := p.v.named(profileMenu, profile.Name)
		switch {
		case !found:
			after["name"] = profile.Name
			p.add(hotspot.StepProfile, profile.Name, profileMenu, "name", after)
		case strings.HasPrefix(profile.Name, hotspot.OwnPrefix) && !profileFits(have, profile):
			p.set(hotspot.StepProfile, profile.Name, profileMenu, "name", have, after)
		}
	}
	if p.k.Pass == nil {
		return
	}
	after := fieldsOf(passProfileWords(*p.k.Pass))
	if have, found := p.v.named(profileMenu, hotspot.PassProfile); found {
		p.set(hotspot.StepPass, hotspot.PassProfile, profileMenu, "name", have, after)
		return
	}
	after["name"] = hotspot.PassProfile
	p.add(hotspot.StepPass, hotspot.PassProfile, profileMenu, "name", after)
}

// loginBy lets the voucher form work without JavaScript: HTTP-CHAP needs it.
func (p *planner) loginBy() {
	for _, portal := range p.v.portals(p.k.Stored.Server) {
		ways := strings.Split(portal["login-by"], ",")
		if plainLogin(portal) {
			continue
		}
		p.set(hotspot.StepLogin, portal["name"], portalMenu, "name", portal, map[string]string{"login-by": strings.Join(append(ways, "http-pap"), ",")})
	}
}

func plainLogin(portal row) bool {
	ways := strings.Split(portal["login-by"], ",")
	return slices.Contains(ways, "http-pap") || slices.Contains(ways, "https") && portal["ssl-certificate"] != "" && portal["ssl-certificate"] != "none"
}
