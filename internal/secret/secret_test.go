package secret

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func must(t *testing.T, list string) Keys {
	t.Helper()
	k, err := Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealAndRotate(t *testing.T) {
	old, fresh := Generate(), Generate()
	sealed, err := must(t, old).Seal("rahasia", "router:1")
	if err != nil || strings.Contains(sealed, "rahasia") {
		t.Fatalf("%q %v", sealed, err)
	}
	plain, current, err := must(t, fresh+","+old).Open(sealed, "router:1")
	if err != nil || plain != "rahasia" || current {
		t.Fatalf("after rotation: %q %v %v", plain, current, err)
	}
	if _, current, _ := must(t, old).Open(sealed, "router:1"); !current {
		t.Fatal("the sealing key is current")
	}
	for name, try := range map[string]func() error{
		"other key":     func() error { _, _, err := must(t, fresh).Open(sealed, "router:1"); return err },
		"other purpose": func() error { _, _, err := must(t, old).Open(sealed, "router:2"); return err },
		"damaged":       func() error { _, _, err := must(t, old).Open(sealed[:len(sealed)-4]+"AAA=", "router:1"); return err },
		"plain text":    func() error { _, _, err := must(t, old).Open("rahasia", "router:1"); return err },
		"too short":     func() error { _, _, err := must(t, old).Open("v1:AAAA", "router:1"); return err },
	} {
		if !errors.Is(try(), ErrUnreadable) {
			t.Errorf("%s opened", name)
		}
	}
}

func TestParseNamesTheBadKey(t *testing.T) {
	for _, list := range []string{"", "abc", Generate() + ",!!", Generate() + ",AAAA"} {
		if _, err := Parse(list); err == nil {
			t.Errorf("%q accepted", list)
		}
	}
}

func TestMACsDifferByKeyPurposeAndMessage(t *testing.T) {
	k := must(t, Generate()+","+Generate())
	a := k.MACs("claim", "1")
	if len(a) != 2 || bytes.Equal(a[0], a[1]) || bytes.Equal(a[0], k.MACs("other", "1")[0]) || bytes.Equal(a[0], k.MACs("claim", "2")[0]) {
		t.Fatal("MACs collide")
	}
}
