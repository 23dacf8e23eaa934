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

// What a program sealed before there were purposes of keys still opens, and is to be sealed again.
func TestValuesOfTheOldVersionOpen(t *testing.T) {
	k := must(t, "PMpEpmqLTHyEfAT9e/8TD3CG8vDIdV0w6kByiSfwb5w=")
	const sealed = "v1:H0l2ZTA9r8ggyjzbfdPPuaA/ia+kX2IHeOK2Cl2z16fw4SQ="
	if plain, current, err := k.Open(sealed, "router:1"); err != nil || plain != "rahasia" || current {
		t.Fatal(plain, current, err)
	}
	if _, _, err := k.Open(sealed, "router:2"); !errors.Is(err, ErrUnreadable) {
		t.Fatal(err)
	}
	if SealedBy(sealed) != "" || !Sealed(sealed) || Sealed("234567") {
		t.Fatal("form not recognised")
	}
}

func TestTheKeyInFrontSeals(t *testing.T) {
	old, fresh := Generate(), Generate()
	k := must(t, fresh+","+old)
	ids := k.IDs()
	if len(ids) != 2 || ids[0] == ids[1] || k.First() != ids[0] || must(t, old).First() != ids[1] {
		t.Fatal(ids)
	}
	back, ok := k.Under(ids[1])
	if !ok || back.First() != ids[1] || len(back.IDs()) != 2 || k.First() != ids[0] {
		t.Fatal(back.IDs(), ok)
	}
	if _, ok := k.Under("00000000"); ok {
		t.Fatal("an unknown key is in front")
	}
	sealed, err := back.Seal("x", "p")
	if err != nil || SealedBy(sealed) != ids[1] {
		t.Fatal(sealed, err)
	}
	if _, current, err := k.Open(sealed, "p"); err != nil || current {
		t.Fatal("sealed by the other key", current, err)
	}
}

func TestDerivedKeysDiffer(t *testing.T) {
	k := must(t, Generate()+","+Generate())
	digests := k.Index("phone", "+6281234567890")
	if len(digests) != 2 || digests[0] == digests[1] || digests[0] == k.Index("tail", "+6281234567890")[0] || len(digests[0]) != 32 {
		t.Fatal(digests)
	}
	a, ok := k.Signer(k.IDs()[0])
	b, also := k.Signer(k.IDs()[1])
	if !ok || !also || a.Sign([]byte("row")) == b.Sign([]byte("row")) || a.Sign([]byte("row")) == a.Sign([]byte("rox")) {
		t.Fatal("signatures collide")
	}
	again, err := ParseSigner(a.Text())
	if err != nil || again.Sign([]byte("row")) != a.Sign([]byte("row")) {
		t.Fatal(err)
	}
	if _, err := ParseSigner("abc"); err == nil {
		t.Fatal("half a key signs")
	}
}

func TestLink(t *testing.T) {
	l, err := NewLink()
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewLink()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseLink(l.Text())
	if err != nil || again.Token("ABCDEFGH") != l.Token("ABCDEFGH") || !bytes.Equal(again.Claim("ABCDEFGH"), l.Claim("ABCDEFGH")) {
		t.Fatal("a kept key makes other links", err)
	}
	if len(l.Token("A")) != 40 || l.Token("A") == l.Token("B") || l.Token("A") == other.Token("A") || l.Empty() || !(Link{}).Empty() {
		t.Fatal("tokens collide")
	}
	if _, err := ParseLink("00"); err == nil {
		t.Fatal("half a key makes links")
	}
}
