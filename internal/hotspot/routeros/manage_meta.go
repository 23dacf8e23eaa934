package routeros

import (
	"regexp"
	"slices"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// meta is the list that Mikhmon keeps at the start of a profile's on-login
// script, and the script behind it. Source: facts on Mikhmon V3, section 2:
// the script is cut at commas and read by place. Later versions append places;
// they are kept.
type meta struct {
	parts []string // mode, price, validity, selling price, marker, lock, what follows
	rest  string   // the script after the list
	there bool
}

var metaFields = []string{hotspot.FieldExpiry, hotspot.FieldCost, hotspot.FieldValidity, hotspot.FieldSelling, "", hotspot.FieldLock}

func isMeta(field string) bool { return field != "" && slices.Contains(metaFields, field) }

// readMeta takes a script apart. A script without the list is all rest.
func readMeta(script string) meta {
	m := meta{parts: make([]string, len(metaFields)), rest: script}
	head, list, found := strings.Cut(script, `(",`)
	if !found || strings.TrimSpace(head) != ":put" {
		return m
	}
	inside, rest, found := strings.Cut(list, `,")`)
	if !found || strings.ContainsAny(inside, "\"\r\n") {
		return m
	}
	m.there, m.rest = true, rest
	for i, part := range strings.Split(inside, ",") {
		if part = strings.TrimSpace(part); i < len(m.parts) {
			m.parts[i] = part
		} else {
			m.parts = append(m.parts, part)
		}
	}
	return m
}

// of is one field as the panel shows it.
func (m meta) of(field string) string {
	if !m.there {
		return ""
	}
	v := m.parts[slices.Index(metaFields, field)]
	if field == hotspot.FieldExpiry && !slices.Contains(hotspot.Expiries[1:], v) {
		return "0"
	}
	return v
}

// What Mikhmon's script says beside the list: the scheduler by which it finds
// out the end of a user, and the name of the record of a sale.
var (
	spanForm   = regexp.MustCompile(`(add name="\$user"[^;"]*interval=")([^"]*)(")`)
	recordForm = regexp.MustCompile(`(-\|-\$user-\|-)([^"|]*)(-\|-\$address-\|-\$mac-\|-)([^"|]*)(-\|-)`)
)

// with puts the given fields into the list, and the price and the validity
// into the script behind it, where the router acts on them: vouchers are
// booked and ended by the script, not by the list. The expiry mode and the lock
// are whole parts of that script and of a scheduler, which only Mikhmon writes.
// Errors: Invalid "router.profile_script" at the field that would be a label
// without effect.
func (m meta) with(values map[string]string) (string, error) {
	old := m.filled()
	for i, field := range metaFields {
		if v, given := values[field]; given && field != "" {
			m.parts[i] = v
		}
	}
	m.parts = m.filled()
	mode := m.parts[0]
	switch {
	case mode != old[0]:
		return "", fault.AtField(hotspot.FieldExpiry, "router.profile_script")
	case m.parts[5] != old[5]:
		return "", fault.AtField(hotspot.FieldLock, "router.profile_script")
	case mode == "" && m.parts[2] != old[2] && m.parts[2] != "":
		return "", fault.AtField(hotspot.FieldValidity, "router.profile_script")
	case mode != "" && m.parts[2] != old[2] && !m.rewrite(old[1], old[2]):
		return "", fault.AtField(hotspot.FieldValidity, "router.profile_script")
	case mode != "" && m.parts[2] == old[2] && m.parts[1] != old[1] && !m.rewrite(old[1], old[2]):
		return "", fault.AtField(hotspot.FieldCost, "router.profile_script")
	}
	list := `:put (",` + strings.Join(m.parts, ",") + `,")`
	if !m.there && m.rest != "" {
		list += ";"
	}
	return list + m.rest, nil
}

// filled is the list with everything that Mikhmon writes where nothing is set.
func (m meta) filled() []string {
	out := slices.Clone(m.parts)
	if !slices.Contains(hotspot.Expiries[1:], out[0]) {
		out[0], out[4] = "", "noexp"
	}
	for i, v := range map[int]string{1: "0", 3: "0", 5: "Disable"} {
		if out[i] == "" {
			out[i] = v
		}
	}
	return out
}

// rewrite brings the script in step with the list, provided that it was: the
// validity stands once in the scheduler and, with a sale record, price and
// validity once in the record. It reports whether it did.
func (m *meta) rewrite(price, validity string) bool {
	spans, records := spanForm.FindAllStringSubmatch(m.rest, -1), recordForm.FindAllStringSubmatch(m.rest, -1)
	recorded := strings.HasSuffix(m.parts[0], "c")
	switch {
	case m.parts[2] == "", len(spans) != 1, spans[0][2] != validity, recorded && len(records) != 1, !recorded && len(records) > 0:
		return false
	case recorded && (records[0][2] != price || records[0][4] != validity):
		return false
	}
	m.rest = spanForm.ReplaceAllString(m.rest, "${1}"+m.parts[2]+"${3}")
	m.rest = recordForm.ReplaceAllString(m.rest, "${1}"+m.parts[1]+"${3}"+m.parts[2]+"${5}")
	return true
}

// scripted reports whether the script ends users as the list promises.
func (m meta) scripted() bool { return m.parts[0] == "" || spanForm.MatchString(m.rest) }

// touchesMeta reports whether any of the fields is Mikhmon's.
func touchesMeta(values map[string]string) bool {
	for field := range values {
		if isMeta(field) {
			return true
		}
	}
	return false
}
