package money

import (
	"strconv"
	"testing"
)

func TestString(t *testing.T) {
	for _, c := range []struct {
		in   Rupiah
		want string
	}{{0, "Rp0"}, {500, "Rp500"}, {5000, "Rp5.000"}, {100000, "Rp100.000"}, {1234567, "Rp1.234.567"}, {-250, "-Rp250"}, {-1000, "-Rp1.000"}} {
		if got := c.in.String(); got != c.want {
			t.Errorf("%d: got %s, want %s", int64(c.in), got, c.want)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for in, want := range map[string]Rupiah{"10000": 10000, "10000.00": 10000, "10000.0": 10000, "0": 0, "000123": 123} {
		got, err := ParseDecimal(in)
		if err != nil || got != want {
			t.Errorf("%q: got %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1e4", "-1", "+1", "10000.5", "10000.", ".5", "1 000", "1,000", "0x10", "99999999999999999999", "1000000001", "１２"} {
		if got, err := ParseDecimal(in); err == nil {
			t.Errorf("%q: accepted as %d", in, got)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	f.Add("10000.00")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseDecimal(s)
		if err == nil && (r < 0 || r > Max) {
			t.Fatalf("%q gave %d", s, r)
		}
		if err == nil {
			if again, err := ParseDecimal(strconv.FormatInt(int64(r), 10)); err != nil || again != r {
				t.Fatalf("%q does not round-trip", s)
			}
		}
	})
}
