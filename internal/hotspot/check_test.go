package hotspot

import (
	"errors"
	"testing"

	"gerai/internal/fault"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		kind     FieldKind
		typed    string
		want     string
		accepted bool
	}{
		{FieldRate, "2M/5M", "2M/5M", true}, {FieldRate, "512k", "512k", true}, {FieldRate, "2M/5M 4M/8M 1M/2M 10/10 8 1M/1M", "2M/5M 4M/8M 1M/2M 10/10 8 1M/1M", true},
		{FieldRate, "fast", "", false}, {FieldRate, "2M/5M\n=x=y", "", false},
		{FieldSpan, "1d12h", "1d12h", true}, {FieldSpan, "0", "", true}, {FieldSpan, "1 day", "", false}, {FieldSpan, "-1h", "", false},
		{FieldBytes, "2G", "2147483648", true}, {FieldBytes, "500 MB", "524288000", true}, {FieldBytes, "0", "", true}, {FieldBytes, "9999999999999G", "", false}, {FieldBytes, "-1", "", false},
		{FieldMAC, "aa-bb-cc-00-00-01", "AA:BB:CC:00:00:01", true}, {FieldMAC, "aa:bb", "", false}, {FieldMAC, "00:00:00:00:fe:80:00:00", "", false},
		{FieldIP, "10.5.50.7", "10.5.50.7", true}, {FieldIP, "::1", "", false}, {FieldNet, "10.5.50.0/24", "10.5.50.0/24", true}, {FieldNet, "10.5.50.0/40", "", false},
		{FieldHost, "*.Toko.example", "*.toko.example", true}, {FieldHost, "http://toko", "", false}, {FieldHost, ":regex", "", false},
		{FieldPort, "443", "443", true}, {FieldPort, "80,443", "", false}, {FieldPort, "0", "", false},
		{FieldText, "a = b, c", "a = b, c", true}, {FieldText, "a\x00b", "", false}, {FieldText, "a\u202eb", "", false},
		{FieldName, "1-hari", "1-hari", true}, {FieldName, "satu hari", "", false}, {FieldName, "", "", true},
		{FieldCount, "unlimited", "unlimited", true}, {FieldCount, "0", "", false}, {FieldPrice, "-5", "", false}, {FieldPath, "/a/*", "/a/*", true}, {FieldPath, "a b", "", false},
		{FieldProfile, "satu hari", "satu hari", true}, {FieldProfile, "x\r\n", "x", true}, {FieldProfile, "x\ny", "", false},
	} {
		spec := Spec{Form: []Field{{Name: "f", Kind: c.kind}}}
		got, err := spec.Check(map[string]string{"f": c.typed, "other": "x"})
		var f *fault.Error
		if c.accepted && (err != nil || got["f"] != c.want || len(got) != 1) || !c.accepted && (!errors.As(err, &f) || f.Kind != fault.Invalid || f.Field != "f") {
			t.Errorf("%s %q: %q %v", c.kind, c.typed, got["f"], err)
		}
	}
	needed := Spec{Form: []Field{{Name: "f", Kind: FieldName, Needed: true}}}
	if _, err := needed.Check(map[string]string{"f": " "}); fault.CodeOf(err) != "router.field_needed" {
		t.Error(err)
	}
}

func TestReaches(t *testing.T) {
	for pattern, want := range map[string]bool{"*.apple.com": true, "captive.apple.com": true, "*": true, "": true, "captive.?pple.com": true, "apple.com": false, "toko.example": false, "captive.apple.com.evil": false,
		"CAPTIVE.*": true, "*.*.*": true, "[c]aptive.apple.com": false, `\captive.apple.com`: false, `captive.apple.com\`: false, "captive.apple.com[": false, "*\xe9": false, "captive?apple.com": true, "?": false} {
		if Reaches(pattern, "captive.apple.com") != want {
			t.Error(pattern)
		}
	}
}

func TestSpecsNameTheirRows(t *testing.T) {
	for _, m := range Menus {
		spec, known := SpecOf(m)
		if !known || len(spec.Columns) == 0 || spec.Name(func(string) string { return "x" }) != "x" {
			t.Errorf("%s: %+v", m, spec)
		}
		x := Item{ID: "1", Values: spec.Columns}
		if spec.Of(x, spec.Columns[0]) != spec.Columns[0] || spec.Of(x, "no-such-column") != "" {
			t.Error(m)
		}
	}
}
