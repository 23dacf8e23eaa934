package routeros

import (
	"slices"
	"strings"

	"gerai/internal/hotspot"
)

// meta is the list that Mikhmon keeps at the start of a profile's on-login
// script, and the script behind it. Source: facts on Mikhmon V3, section 2:
// the script is cut at commas and read by place.
type meta struct {
	parts []string // mode, price, validity, selling price, marker, lock
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
	inside, rest, found := strings.Cut(list, `")`)
	if !found || strings.ContainsAny(inside, "\"\r\n") {
		return m
	}
	m.there, m.rest = true, rest
	for i, part := range strings.Split(inside, ",") {
		if i < len(m.parts) {
			m.parts[i] = strings.TrimSpace(part)
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

// with puts the given fields into the list and leaves the script behind it as
// it is.
func (m meta) with(values map[string]string) string {
	for i, field := range metaFields {
		if v, given := values[field]; given && field != "" {
			m.parts[i] = v
		}
	}
	if m.parts[0] == "0" {
		m.parts[0] = ""
	}
	for _, price := range []int{1, 3} {
		if m.parts[price] == "" {
			m.parts[price] = "0"
		}
	}
	m.parts[4] = ""
	if m.parts[0] == "" {
		m.parts[4] = "noexp"
	}
	if m.parts[5] == "" {
		m.parts[5] = "Disable"
	}
	list := `:put (",` + strings.Join(m.parts, ",") + `,")`
	if !m.there && m.rest != "" {
		list += ";"
	}
	return list + m.rest
}

// touchesMeta reports whether any of the fields is Mikhmon's.
func touchesMeta(values map[string]string) bool {
	for field := range values {
		if isMeta(field) {
			return true
		}
	}
	return false
}
