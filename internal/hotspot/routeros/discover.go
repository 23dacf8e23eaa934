package routeros

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

const (
	groupMenu          = "/user/group"
	accountMenu        = "/user"
	certMenu           = "/certificate"
	serviceMenu        = "/ip/service"
	serverMenu         = "/ip/hotspot"
	portalMenu         = "/ip/hotspot/profile"
	walledGardenMenu   = "/ip/hotspot/walled-garden"
	walledGardenIPMenu = "/ip/hotspot/walled-garden/ip"
	fileMenu           = "/file"
	optionMenu         = "/ip/dhcp-server/option"

	schedulerMenu = "/system/scheduler"
)

// provisioningMenus is what setup and audit look at, in the order it is read, and which
// properties: file contents are fetched one by one.
var provisioningMenus = []struct{ menu, props string }{
	{"/system/resource", "version,board-name,free-hdd-space"},
	{serverMenu, ""},
	{portalMenu, ""},
	{profileMenu, "name,rate-limit,shared-users,on-login,session-timeout,idle-timeout,add-mac-cookie,address-list"},
	{walledGardenMenu, ""},
	{walledGardenIPMenu, ""},
	{groupMenu, ""},
	{accountMenu, ""},
	{certMenu, ""},
	{serviceMenu, ""},
	{fileMenu, "name,type,size"},
	{schedulerMenu, "name,owner,disabled,start-date,start-time,interval,policy,on-event,comment"},
}

// auditMenus is what only the audit looks at.
var auditMenus = []struct{ menu, props string }{
	{"/system/license", ""},
	{"/system/clock", ""},
	{optionMenu, ""},
	{activeMenu, "user"},
}

// discovery is a router as setup and audit read it.
type discovery struct {
	version    version
	rows       map[string][]row
	unreadable []string // menus this account may not read
}

// version is a RouterOS release such as 7.16 or 6.49.10.
type version struct{ major, minor, patch int }

var versionForm = regexp.MustCompile(`^(\d+)\.(\d+)(?:\.(\d+))?`)

func parseVersion(s string) version {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return version{}
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v } // digits only; an absent part is zero
	return version{n(1), n(2), n(3)}
}

func (v version) before(major, minor, patch int) bool {
	if v.major != major {
		return v.major < major
	}
	if v.minor != minor {
		return v.minor < minor
	}
	return v.patch < patch
}

// discover reads the router. A menu that the account may not read is remembered,
// not fatal.
func (s *session) discover(audit bool) (*discovery, error) {
	v := &discovery{rows: map[string][]row{}}
	for _, m := range provisioningMenus {
		if err := s.discoverMenu(v, m.menu, m.props); err != nil {
			return nil, err
		}
	}
	v.version = parseVersion(first(v.rows["/system/resource"])["version"])
	if !v.version.before(7, 9, 0) { // an unknown menu is a trap on older ones
		if err := s.discoverMenu(v, "/system/device-mode", ""); err != nil {
			return nil, err
		}
	}
	if !audit {
		return v, nil
	}
	for _, m := range auditMenus {
		if err := s.discoverMenu(v, m.menu, m.props); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (s *session) discoverMenu(v *discovery, menu, props string) error {
	words := []string{menu + "/print"}
	if props != "" {
		words = append(words, "=.proplist=.id,"+props)
	}
	rows, err := s.read(words...)
	if errors.Is(err, errPermission) {
		v.unreadable = append(v.unreadable, menu)
		return nil
	}
	v.rows[menu] = rows
	return err
}

// named finds the row of a name.
func (v *discovery) named(menu, name string) (row, bool) {
	for _, r := range v.rows[menu] {
		if r["name"] == name {
			return r, true
		}
	}
	return nil, false
}

func (v *discovery) readable(menu string) bool {
	for _, m := range v.unreadable {
		if m == menu {
			return false
		}
	}
	return true
}

// servers are the hotspot servers the shop sells for: the one the router's
// record names, or all that run.
func (v *discovery) servers(name string) []row {
	var out []row
	for _, r := range v.rows[serverMenu] {
		if name == "" || name == "all" {
			if !yes(r["disabled"]) {
				out = append(out, r)
			}
		} else if r["name"] == name {
			out = append(out, r)
		}
	}
	return out
}

// portals are the distinct server profiles of those servers.
func (v *discovery) portals(server string) []row {
	var out []row
	seen := map[string]bool{}
	for _, s := range v.servers(server) {
		if r, found := v.named(portalMenu, s["profile"]); found && !seen[r["name"]] {
			seen[r["name"]] = true
			out = append(out, r)
		}
	}
	return out
}

// hasFile reports whether a file or folder of that path is there.
func (v *discovery) hasFile(path string) bool {
	for _, f := range v.rows[fileMenu] {
		if f["name"] == path || strings.HasPrefix(f["name"], path+"/") {
			return true
		}
	}
	return false
}

// lasting reports whether a folder outlives a reboot: boards with a flash
// folder keep everything else in memory, but for other disks.
func (v *discovery) lasting(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	if top == "flash" || !v.hasFile("flash") {
		return true
	}
	f, found := v.named(fileMenu, top)
	return found && f["type"] == "disk"
}

// directory is where a server profile's pages really are: the override wins
// while its folder is there.
func (v *discovery) directory(portal row) string {
	if over := portal["html-directory-override"]; over != "" && v.hasFile(over) {
		return over
	}
	return portal["html-directory"]
}
