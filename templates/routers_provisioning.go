package templates

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// FindingText says what an audit found and how to correct it.
func FindingText(l Lang, f hotspot.Finding) (what, mend string) {
	var pairs []any
	for name, value := range f.Values {
		if name == "state" || name == "why" {
			value = Text(l, "routers.setup."+name+"."+value)
		}
		pairs = append(pairs, name, value)
	}
	mend = "routers.setup.mend." + f.ID
	if strings.HasPrefix(f.ID, "kit.") {
		mend = "routers.setup.mend.setup"
	}
	// The pair that no sentence has keeps Text filling in even without values.
	return Text(l, "routers.setup.check."+f.ID, append(pairs, "", "")...), Text(l, mend, append(pairs, "", "")...)
}

// SeverityText is the word at the beginning of a finding's line, all of the
// same width.
func SeverityText(l Lang, s hotspot.Severity) string {
	return Text(l, "routers.setup.severity."+string(s))
}

// RollbackText says how taking a step back went.
func RollbackText(l Lang, u hotspot.RollbackOutcome) string {
	return Text(l, "routers.setup.undone."+string(u))
}

// StepText says what a step does.
func StepText(l Lang, st hotspot.Step) string {
	verb := ".set"
	if st.Add {
		verb = ".add"
	}
	return Text(l, "routers.setup.step."+string(st.Kind)+verb, "item", st.Item, "policy", allowed(st.After["policy"]))
}

func allowed(policy string) string {
	var out []string
	for p := range strings.SplitSeq(policy, ",") {
		if p != "" && p[0] != '!' {
			out = append(out, p)
		}
	}
	return strings.Join(out, ", ")
}

// StepChanges lists what a change turns from and into, one line per field.
// Passwords are not told, nor what pages and scripts say.
func StepChanges(l Lang, st hotspot.Step) []string {
	if st.Add {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(st.After)) {
		from, known := st.Before[name]
		to := st.After[name]
		if from == to || known && name == "disabled" && from == "false" {
			continue
		}
		switch name {
		case "password":
			from, to = Text(l, "routers.setup.secret"), Text(l, "routers.setup.secret")
		case "contents", "on-login", "on-event":
			from, to = Text(l, "routers.setup.file.bytes", "n", strconv.Itoa(len(from))), Text(l, "routers.setup.file.bytes", "n", strconv.Itoa(len(to)))
		case "policy":
			from, to = allowed(from), allowed(to)
		}
		if from == "" {
			from = Text(l, "routers.setup.empty")
		}
		out = append(out, name+": "+from+" -> "+to)
	}
	return out
}

// ProvisioningFaultText says in the operator's words why setup, undo or audit of a
// router failed.
func ProvisioningFaultText(l Lang, err error) string {
	if key := "routers.setup.fault." + fault.CodeOf(err); HasText(key) {
		return Text(l, key)
	}
	return FaultText(l, err)
}
