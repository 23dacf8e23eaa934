package typed

import (
	"strings"
	"testing"
)

func TestNormalisePhone(t *testing.T) {
	for typed, want := range map[string]string{"": "", "  ": "", "081234567890": "+6281234567890", "+62 812-3456-7890": "+6281234567890",
		"62812 3456 7890": "+6281234567890", "(0812) 3456.789": "+628123456789", "81234567890": "+6281234567890"} {
		if got, ok := Mobile(typed); !ok || got != want {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"0217654321", "12345", "08123", "0812345678901234", "0812abc4567", "<script>", "０８１２３４５６７８９", "08+123456789", "+", "-"} {
		if got, ok := Mobile(typed); ok {
			t.Errorf("%q accepted as %q", typed, got)
		}
	}
}

func FuzzNormalisePhone(f *testing.F) {
	f.Add("0812-3456-7890")
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := Mobile(typed)
		if !ok || got == "" {
			return
		}
		if again, ok := Mobile(got); !ok || again != got || !strings.HasPrefix(got, "+628") {
			t.Fatalf("%q became %q", typed, got)
		}
	})
}
