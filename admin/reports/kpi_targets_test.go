package reports

import "testing"

// A figure on the edge of its target meets it, unless it has to stay below; without data
// nothing is judged.
func TestTargets(t *testing.T) {
	for _, x := range []struct {
		key   string
		value any
		want  string
	}{
		{"transaction", seconds{90, true}, "met"}, {"transaction", seconds{91, true}, "missed"}, {"transaction", seconds{0, false}, ""},
		{"activation", share{995, 1000}, "met"}, {"activation", share{9949, 10_000}, "missed"}, {"activation", share{0, 0}, ""}, {"activation", share{0, 3}, "missed"},
		{"activation_day", share{3, 3}, "met"}, {"activation_day", share{2, 3}, "missed"},
		{"late", share{1, 100}, "missed"}, {"late", share{1, 101}, "met"}, {"late", share{0, 5}, "met"},
		{"webhook", share{8, 10}, "met"}, {"webhook", share{7, 10}, "missed"},
		{"support", perThousand{5, 1000}, "missed"}, {"support", perThousand{4, 1000}, "met"},
		{"conversion", share{1, 2}, ""},
	} {
		if got := target(figure{x.key, x.value}); got != x.want {
			t.Errorf("%s of %+v is %q, want %q", x.key, x.value, got, x.want)
		}
	}
}
