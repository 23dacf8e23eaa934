package hotspot

import (
	"net"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/typed"
)

var (
	itemName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)
	refName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$`)
	itemRate = regexp.MustCompile(`^\d{1,10}[kMG]?(?:/\d{1,10}[kMG]?)?(?: \d{1,10}[kMG]?(?:/\d{1,10}[kMG]?)?){0,5}$`)
	itemSpan = regexp.MustCompile(`^(?:\d{1,3}w)?(?:\d{1,4}d)?(?:\d{1,4}h)?(?:\d{1,5}m)?(?:\d{1,7}s)?$`)
	itemHost = regexp.MustCompile(`^[A-Za-z0-9*?](?:[A-Za-z0-9*?._-]{0,251}[A-Za-z0-9*?])?$`)
	itemPath = regexp.MustCompile(`^/[A-Za-z0-9*?._~/-]{0,200}$`)
	itemSize = regexp.MustCompile(`^(\d{1,13})\s*([kKmMgG]?)[bB]?$`)
	itemID   = regexp.MustCompile(`^[0-9A-F]{1,16}$`)
)

// longestText bounds a comment in characters.
const longestText = 200

// IsItemID reports whether the text can be a row's id.
func IsItemID(s string) bool { return itemID.MatchString(s) }

// Check validates what was typed into a menu's form and returns it as the router wants
// it, "" for fields left empty. Only fields of the form come through. Errors: Invalid at
// the field, code "router.field_" and its kind.
func (s Spec) Check(typed map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for _, f := range s.Form {
		raw, given := typed[f.Name]
		if !given {
			continue
		}
		v, ok := f.clean(strings.TrimSpace(raw))
		switch {
		case v == "" && ok && f.Needed:
			return nil, fault.AtField(f.Name, "router.field_needed")
		case !ok:
			return nil, f.wrong()
		}
		out[f.Name] = v
	}
	return out, nil
}

func (f Field) clean(v string) (string, bool) {
	if v == "" {
		return "", f.Kind != FieldChoice || slices.Contains(f.Choices, "")
	}
	switch f.Kind {
	case FieldName:
		return v, itemName.MatchString(v)
	case FieldText:
		return v, len([]rune(v)) <= longestText && !strings.ContainsFunc(v, unprintable)
	case FieldRate:
		return v, itemRate.MatchString(v)
	case FieldCount:
		n, ok := typed.Digits(v)
		return v, v == "unlimited" || ok && n >= 1 && n <= 1000
	case FieldSpan:
		if v == "0" || v == "0s" {
			return "", true
		}
		return v, itemSpan.MatchString(v)
	case FieldBytes:
		return size(v)
	case FieldMAC:
		mac, err := net.ParseMAC(v)
		return strings.ToUpper(mac.String()), err == nil && len(mac) == 6
	case FieldIP:
		ip, err := netip.ParseAddr(v)
		return v, err == nil && ip.Is4()
	case FieldNet:
		if ip, err := netip.ParseAddr(v); err == nil {
			return v, ip.Is4()
		}
		p, err := netip.ParsePrefix(v)
		return v, err == nil && p.Addr().Is4()
	case FieldHost:
		return strings.ToLower(v), itemHost.MatchString(v)
	case FieldPort:
		_, ok := typed.Port(v)
		return v, ok
	case FieldPath:
		return v, itemPath.MatchString(v)
	case FieldPrice:
		n, err := money.ParseTyped(v)
		return strconv.FormatInt(int64(n), 10), err == nil
	case FieldChoice:
		return v, slices.Contains(f.Choices, v)
	}
	return v, refName.MatchString(v)
}

// wrong is the sentence for a kind, spelled out so that a test finds them all.
func (f Field) wrong() error {
	switch f.Kind {
	case FieldRate:
		return fault.AtField(f.Name, "router.field_rate")
	case FieldSpan:
		return fault.AtField(f.Name, "router.field_span")
	case FieldBytes:
		return fault.AtField(f.Name, "router.field_bytes")
	case FieldMAC:
		return fault.AtField(f.Name, "router.field_mac")
	case FieldIP, FieldNet:
		return fault.AtField(f.Name, "router.field_ip")
	case FieldHost:
		return fault.AtField(f.Name, "router.field_host")
	case FieldPort:
		return fault.AtField(f.Name, "router.field_port")
	case FieldName:
		return fault.AtField(f.Name, "router.field_name")
	}
	return fault.AtField(f.Name, "router.field_text")
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// size reads 500M or 2GB as Mikhmon does, in binary units; 0 is none.
func size(v string) (string, bool) {
	m := itemSize.FindStringSubmatch(v)
	if m == nil {
		return "", false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	shift := map[string]uint{"": 0, "k": 10, "m": 20, "g": 30}[strings.ToLower(m[2])]
	if err != nil || n > 1<<52>>shift {
		return "", false
	}
	if n == 0 {
		return "", true
	}
	return strconv.FormatInt(n<<shift, 10), true
}

// Probes are hosts that decide whether a phone believes that it is online:
// before login they must fail, or the login page never opens. Sources: the
// vendors' own documentation of captive portal detection.
var Probes = []string{"captive.apple.com", "www.apple.com", "connectivitycheck.gstatic.com", "connectivitycheck.android.com", "clients3.google.com",
	"www.msftconnecttest.com", "www.msftncsi.com", "msftconnecttest.com", "detectportal.firefox.com", "nmcheck.gnome.org", "network-test.debian.org",
	"connectivitycheck.platform.hicloud.com", "connect.rom.miui.com", "wifi.vivo.com.cn", "conn1.oppomobile.com", "conn2.oppomobile.com"}

// Reaches reports whether a walled garden pattern lets a host through. * and ?
// stand for any letters, as on the router.
func Reaches(pattern, host string) bool {
	if pattern == "" {
		return true
	}
	matched, err := path.Match(strings.ToLower(globLiterals.Replace(pattern)), strings.ToLower(host))
	return err == nil && matched
}

// globLiterals are letters on the router that path.Match would read as more.
var globLiterals = strings.NewReplacer(`\`, `\\`, `[`, `\[`)
