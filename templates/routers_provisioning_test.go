package templates

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// provisioningFaults are the codes for which operators get a sentence of their own.
var provisioningFaults = []string{"unreachable", "login_rejected", "certificate", "permission", "device_mode", "contents_too_long", "refused", "not_found",
	"kit_changed", "kit_not_taken", "kit_no_tls", "kit_blocked", "kit_unfinished", "kit_no_undo", "kit_locked_out", "kit_base_url", "kit_address", "kit_none"}

// provisioningKeys lists the keys that routers_provisioning.go puts together.
func provisioningKeys() []string {
	keys := []string{"routers.setup.mend.setup"}
	for _, id := range hotspot.FindingIDs {
		keys = append(keys, "routers.setup.check."+id, "routers.setup.mend."+id)
	}
	for _, k := range hotspot.StepKinds {
		if k != hotspot.StepCertificate {
			keys = append(keys, "routers.setup.step."+string(k)+".set")
		}
		if !slices.Contains([]hotspot.StepKind{hotspot.StepService, hotspot.StepDirectory, hotspot.StepLogin, hotspot.StepAccess}, k) {
			keys = append(keys, "routers.setup.step."+string(k)+".add")
		}
		if k != hotspot.StepLogin && k != hotspot.StepAccess {
			keys = append(keys, "routers.setup.check.kit."+string(k))
		}
	}
	for _, s := range []string{"state.missing", "state.changed", "why.none", "why.invalid", "why.self_signed", "why.no_name", "severity.wrong", "severity.warning", "severity.note",
		"undone.undone", "undone.gone", "undone.kept", "undone.in_use"} {
		keys = append(keys, "routers.setup."+s)
	}
	for _, code := range provisioningFaults {
		keys = append(keys, "routers.setup.fault.router."+code)
	}
	return keys
}

var emptyHole = regexp.MustCompile(`\{[a-z_]+[|}]|\[routers`)

func TestKitTexts(t *testing.T) {
	for _, l := range Langs {
		what, mend := FindingText(l, hotspot.Finding{ID: "kit.page", Values: map[string]string{"item": "hotspot/login.html", "state": "missing"}})
		if !strings.Contains(what, "hotspot/login.html: "+Text(l, "routers.setup.state.missing")) || !strings.Contains(mend, "gerai router setup") {
			t.Error(what, mend)
		}
		what, _ = FindingText(l, hotspot.Finding{ID: "option_114_off", Values: map[string]string{"profile": "hsprof1", "why": "self_signed"}})
		if emptyHole.MatchString(what) || !strings.Contains(what, "hsprof1") {
			t.Error(what)
		}
		if what, mend = FindingText(l, hotspot.Finding{ID: "flagged"}); emptyHole.MatchString(what + mend) {
			t.Error(what, mend)
		}
		secret := hotspot.Step{Kind: hotspot.StepUser, Item: "gerai", Before: map[string]string{"group": "full"}, After: map[string]string{"group": "gerai", "password": "very-secret"}}
		if got := StepText(l, secret) + strings.Join(StepChanges(l, secret), "\n"); strings.Contains(got, "very-secret") || !strings.Contains(got, "group: full -> gerai") {
			t.Error(got)
		}
		group := hotspot.Step{Kind: hotspot.StepGroup, Item: "gerai", Add: true, After: map[string]string{"policy": "api,read,!ftp"}}
		if got := StepText(l, group); !strings.Contains(got, "api, read") || strings.Contains(got, "ftp") {
			t.Error(got)
		}
		if got := ProvisioningFaultText(l, fault.New(fault.Config, "router.permission")); !strings.Contains(got, "--user") {
			t.Error(got)
		}
		if got := ProvisioningFaultText(l, fault.New(fault.Internal, "internal")); got != Text(l, "fault.kind.internal") {
			t.Error(got)
		}
	}
}
