package money

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseTyped(t *testing.T) {
	for in, want := range map[string]Rupiah{"5000": 5000, "5.000": 5000, "Rp5.000": 5000, "Rp 5.000": 5000, "rp5000": 5000, "Rp. 5.000": 5000, " 5000 ": 5000,
		"0": 0, "500": 500, "1.000.000": 1_000_000, "10.000": 10_000, "1000000000": Max} {
		if got, err := ParseTyped(in); err != nil || got != want {
			t.Errorf("%q: %d, want %d (%v)", in, got, want, err)
		}
	}
	for _, in := range []string{"", " ", "Rp", "5,000", "5.00", "5.5", "5.0", "5000.0", "5.000,50", "5.000,-", "5 000", "50.00", "5000.000", ".500", "5.", "-5000", "+5000", "1e4", "0x10", "010000", "05.000",
		"0.500", "0o17", "5_000", "５０００", "5k", "5rb", "1.000.00", "USD5", "Rp-5", "Rp  5", "1.000.000.001", "99999999999999999999", "5000\x00"} {
		if got, err := ParseTyped(in); err == nil {
			t.Errorf("%q accepted as %d", in, got)
		}
	}
}

// Every amount reads back from every way in which it may be written.
func TestTypedReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rupiah(rapid.Int64Range(0, int64(Max)).Draw(t, "amount"))
		for _, s := range []string{r.String(), strings.TrimPrefix(r.String(), "Rp"), strconv.FormatInt(int64(r), 10), strings.Replace(r.String(), "Rp", "Rp ", 1)} {
			if got, err := ParseTyped(s); err != nil || got != r {
				t.Fatalf("%q became %d (%v)", s, got, err)
			}
		}
	})
}
