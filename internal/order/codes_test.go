package order

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestCodesAreReadable(t *testing.T) {
	if len(Symbols) != 30 || strings.ContainsAny(Symbols, "0O1ILU") {
		t.Fatal("look-alikes in the alphabet")
	}
	seen := map[string]bool{}
	for range 2000 {
		code, err := NewCode(rand.Reader)
		if err != nil || len(code) != 8 || strings.Trim(string(code), Symbols) != "" || seen[string(code)] {
			t.Fatalf("%q %v", code, err)
		}
		seen[string(code)] = true
		user, _ := NewUsername(rand.Reader)
		pass, _ := NewPassword(rand.Reader)
		if len(user) != 7 || user != strings.ToLower(user) || strings.ContainsAny(user, "01ilou-") || len(pass) != 6 || strings.ContainsAny(pass, "01") {
			t.Fatalf("%q %q", user, pass)
		}
	}
}

func TestDrawIsUnbiased(t *testing.T) {
	// 255 lies past the last full multiple of 30 and must be thrown away.
	src := bytes.NewReader(append(bytes.Repeat([]byte{255}, 8), bytes.Repeat([]byte{0}, 8)...))
	if code, err := NewCode(src); err != nil || code != "22222222" {
		t.Fatalf("%q %v", code, err)
	}
	if _, err := NewCode(bytes.NewReader(nil)); err == nil {
		t.Fatal("a dry source must be an error, not a constant code")
	}
}

func TestTypedCodes(t *testing.T) {
	for typed, want := range map[string]string{"ABCD-EFGH": "ABCDEFGH", " abcd efgh ": "ABCDEFGH", "abcdefgh": "ABCDEFGH"} {
		if got, ok := ParseCode(typed); !ok || string(got) != want {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "ABC", "ABCDEFG0", "ABCDEFGHJ", "ABCDEFGé", strings.Repeat("A", 1000)} {
		if _, ok := ParseCode(typed); ok {
			t.Errorf("%q accepted", typed)
		}
	}
	if Code("ABCDEFGH").Pretty() != "ABCD-EFGH" {
		t.Error("pretty")
	}
}

func TestDerivedCodes(t *testing.T) {
	a, b := ClaimCode([]byte{1, 2, 3, 4, 5, 6, 7, 8}), ClaimCode([]byte{1, 2, 3, 4, 5, 6, 7, 9})
	if len(a) != 6 || a == b || strings.Trim(a, Symbols) != "" {
		t.Fatalf("%q %q", a, b)
	}
	if d := Digits3([]byte{0}); d != "100" {
		t.Fatalf("%q", d)
	}
}

func FuzzNormaliseCode(f *testing.F) {
	f.Add("ABCD-EFGH")
	f.Fuzz(func(t *testing.T, typed string) {
		if s, ok := NormaliseCode(typed, 8); ok && (len(s) != 8 || strings.Trim(s, Symbols) != "") {
			t.Fatalf("%q gave %q", typed, s)
		}
	})
}

func TestStatusGraph(t *testing.T) {
	for _, s := range Statuses {
		if !s.CanBecome(s) {
			t.Errorf("%s is not itself", s)
		}
	}
	for from, never := range map[Status][]Status{Paid: {Pending, Expired, Cancelled}, Activated: {Paid, Pending, Expired}, Refunded: {Paid, Activated, Pending}, Cancelled: {Paid, Activated}} {
		for _, to := range never {
			if from.CanBecome(to) {
				t.Errorf("%s must not become %s", from, to)
			}
		}
	}
	if !Expired.CanBecome(Activated) || !Pending.CanBecome(Refunded) {
		t.Error("one look may reveal several steps")
	}
}

// No code is a number with a zero in front: a spreadsheet drops it.
func TestNoCodeLosesItsZero(t *testing.T) {
	for _, c := range Charsets {
		for _, prefix := range []string{"", "7", "x"} {
			for range 2000 {
				code, err := c.Draw(rand.Reader, prefix, 4)
				if err != nil || len(code) != 4 || LosesZero(prefix+code) {
					t.Fatalf("%s: %s%s %v", c, prefix, code, err)
				}
			}
		}
	}
	if Charset("digits_all").Space(4) != 9000 || Charset("digits").Space(4) != 4096 {
		t.Error("there are fewer codes than counted")
	}
	for code, want := range map[string]bool{"0123": true, "00": true, "0": false, "10": false, "0a1": false, "": false} {
		if LosesZero(code) != want {
			t.Error(code)
		}
	}
	if code, err := Charset("digits").Draw(rand.Reader, "0", 4); err != nil || len(code) != 4 { // ends, though nothing helps
		t.Error(code, err)
	}
}
