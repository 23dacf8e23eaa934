package typed

import "testing"

func TestName(t *testing.T) {
	for in, want := range map[string]string{"Warung Siti": "Warung Siti", "  Kos 1\t": "Kos 1", "élève": "élève", "123456789012": "123456789012"} {
		if got, ok := Name(in, 12); !ok || got != want {
			t.Errorf("%q: %q, %t", in, got, ok)
		}
	}
	for _, in := range []string{"", " \n", "1234567890123", "two\nlines", "a\x00b", "a\x7fb", "broken\xff"} {
		if got, ok := Name(in, 12); ok {
			t.Errorf("%q is taken for the name %q", in, got)
		}
	}
}
