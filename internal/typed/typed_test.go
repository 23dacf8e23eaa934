package typed

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCount(t *testing.T) {
	for in, want := range map[string]int{"0": 0, "1": 1, " 20 ": 20, "999999999": 999999999} {
		if got, ok := Count(in); !ok || got != want {
			t.Errorf("%q: %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", " ", "+5", "-5", "1.9", "1,9", "1e3", "0x10", "010", "00", "1_000", "1 000", "1.000", "５", "1\x00", "9999999999"} {
		if got, ok := Count(in); ok {
			t.Errorf("%q accepted as %d", in, got)
		}
	}
}

func TestPort(t *testing.T) {
	for _, in := range []string{"", "0", "65536", "+80", "080", " 80", "80 "} {
		if got, ok := Port(in); ok {
			t.Errorf("%q accepted as %d", in, got)
		}
	}
	if got, ok := Port("8729"); !ok || got != 8729 {
		t.Error(got, ok)
	}
}

func TestDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{"0s": 0, "90m": 90 * time.Minute, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour, "30s": 30 * time.Second, "1d1h1m1s": 25*time.Hour + 61*time.Second} {
		if got, ok := Duration(in); !ok || got != want {
			t.Errorf("%q: %s %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "30", "1.5h", ".5h", "+5m", "-5m", "1h 30m", "010m", "5ms", "m", "1m1h", "1e3s", "999999d", "1w", "1D"} {
		if got, ok := Duration(in); ok {
			t.Errorf("%q accepted as %s", in, got)
		}
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]int64{"500MB": 500e6, "2GB": 2e9, "2 gb": 2e9, "1mb": 1e6} {
		if got, ok := Size(in); !ok || got != want {
			t.Errorf("%q: %d %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "0MB", "1.9GB", "1,9GB", "010MB", "-1GB", "+1GB", "1e3MB", "2G", "2GiB", "500", "2  GB", "1_000MB", "1000000MB"} {
		if got, ok := Size(in); ok {
			t.Errorf("%q accepted as %d", in, got)
		}
	}
}

// Whatever is written another way is the same WhatsApp number.
func TestWhatsApp(t *testing.T) {
	for _, in := range []string{"081234567890", "0812-3456-7890", "+62 812-3456-7890", "6281234567890", "+6281234567890", "81234567890", " (0812) 3456 7890"} {
		if got, ok := WhatsApp(in); !ok || got != "6281234567890" {
			t.Errorf("%q: %q %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"": "", "+60 12-345 6789": "60123456789", "60123456789": "60123456789", "021 5550 1234": "622155501234", "+81 3 1234 5678": "81312345678"} {
		if got, ok := WhatsApp(in); !ok || got != want {
			t.Errorf("%q: %q, want %q (%v)", in, got, want, ok)
		}
	}
	for _, in := range []string{"12345", "wa.me/62812", "8.1234567890e10", "+0812345678", "62 0812 3456 7890", "０８１２３４５６７８９", "1234567890123456", "-", "+"} {
		if got, ok := WhatsApp(in); ok {
			t.Errorf("%q accepted as %q", in, got)
		}
	}
}

// A number reads as what it is, with whatever between its digits.
func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 999_999_999).Draw(t, "n")
		if got, ok := Count(strconv.Itoa(n)); !ok || got != n {
			t.Fatalf("%d became %d %v", n, got, ok)
		}
		tail := rapid.StringMatching(`[1-9][0-9]{7,9}`).Draw(t, "tail")
		var loose strings.Builder
		for i, r := range "08" + tail {
			if i > 0 {
				loose.WriteString(rapid.SampledFrom([]string{"", " ", "-", "."}).Draw(t, "gap"))
			}
			loose.WriteRune(r)
		}
		if got, ok := Mobile(loose.String()); !ok || got != "+628"+tail {
			t.Fatalf("%q became %q", loose.String(), got)
		}
	})
}

func TestReference(t *testing.T) {
	for _, in := range []string{"BCA 883771", "bca-883771", " Bca  883.771 ", "ＢＣＡ８８３７７１", "bca/883771", "B.C.A. 883 771", "bca\u00a0883\u200b771"} {
		if got := Reference(in); got != "BCA883771" {
			t.Errorf("%q became %q", in, got)
		}
	}
	for in, want := range map[string]string{"": "", "---": "", "BCA 883772": "BCA883772", "0012": "0012"} {
		if got := Reference(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := Reference(rapid.StringOf(rapid.RuneFrom([]rune("abzABZ019 -./_:éßＡｂ９٣ﬁ漢"))).Draw(t, "reference"))
		if again := Reference(once); again != once {
			t.Fatalf("%q became %q", once, again)
		}
	})
}
