package money

import "testing"

func TestIncludedTax(t *testing.T) {
	for _, c := range []struct {
		price   Rupiah
		percent int
		want    Rupiah
	}{{11100, 11, 1100}, {5000, 11, 495}, {3000, 11, 297}, {1, 11, 0}, {5000, 0, 0}, {0, 11, 0}, {5000, -1, 0}, {112, 12, 12}, {105, 50, 35}, {Max, 50, 333_333_333}} {
		if got := IncludedTax(c.price, c.percent); got != c.want {
			t.Errorf("%s at %d%%: %s, want %s", c.price, c.percent, got, c.want)
		}
	}
}
