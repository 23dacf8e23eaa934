package storefront

import (
	"errors"
	"fmt"
	"testing"
)

func TestAlbum(t *testing.T) {
	a := newImageCache()
	drawn := 0
	page := func(name string) string {
		b, err := a.image(name, func() ([]byte, error) { drawn++; return []byte(name), nil })
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if page("a") != "a" || page("b") != "b" || page("a") != "a" || drawn != 2 {
		t.Fatalf("drawn %d times", drawn)
	}
	broken := errors.New("no ink")
	if _, err := a.image("c", func() ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if page("c") != "c" {
		t.Fatal("a failure was kept")
	}
	for i := range 3 * maxImages {
		page(fmt.Sprint(i))
		if a.images.Len() > maxImages {
			t.Fatalf("%d pictures kept", a.images.Len())
		}
	}
}
