package storefront

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"time"
)

func unzip(t *testing.T, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSpliceUnpacks: whatever surrounds the nonces, the packed page is the
// plain page. Text that repeats tempts the compressor to refer back across
// them.
func TestSpliceUnpacks(t *testing.T) {
	mark, nonce := strings.Repeat("M", nonceLength), strings.Repeat("n", nonceLength)
	random := rand.New(rand.NewSource(1))
	pages := []string{"\x01 as an operator pasted it" + mark, "\xff" + mark + "\xff", mark, "a" + mark, mark + "b", mark + mark, "no nonce at all", strings.Repeat("value=\""+mark+"-0\"> same text again ", 400)}
	for range 200 {
		var b strings.Builder
		for range random.Intn(12) {
			fmt.Fprintf(&b, "%s%s", strings.Repeat(string(rune('a'+random.Intn(3))), random.Intn(300)), mark[:nonceLength*random.Intn(2)])
		}
		pages = append(pages, b.String())
	}
	if s, err := precompress([]byte("no \x01 nonce"), ""); err != nil || len(s.plain) != 1 {
		t.Fatal(s, err)
	}
	for _, page := range pages {
		s, err := precompress([]byte(page), mark)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(page, mark, nonce)
		var plain, packed bytes.Buffer
		s.with(&plain, nonce)
		if got := plain.String(); got != want {
			t.Fatalf("plain: %q, want %q", got, want)
		}
		s.gzip(&packed, nonce)
		if got := string(unzip(t, packed.Bytes())); got != want {
			t.Fatalf("packed: %q, want %q", got, want)
		}
	}
}

func TestSpliceRefuses(t *testing.T) {
	if _, err := precompress([]byte("x"), "short"); err == nil {
		t.Error("a mark of another length would shift every distance")
	}
	every := make([]byte, 256)
	for b := range every {
		every[b] = byte(b)
	}
	if _, err := precompress(every, strings.Repeat("M", nonceLength)); err == nil {
		t.Error("the stand-in must not occur in the page")
	}
}

func TestNonces(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	random := rand.New(rand.NewSource(2))
	for range 1000 {
		n, err := newNonce(random, now)
		if err != nil || len(n) != nonceLength || seen[n] {
			t.Fatalf("%q %v", n, err)
		}
		seen[n] = true
		for age, young := range map[time.Duration]bool{0: true, 59 * time.Second: true, time.Minute: false, -time.Second: false} {
			if youngNonce(n, now.Add(age)) != young {
				t.Fatalf("%q at age %s", n, age)
			}
		}
		if got, held := heldForm(`"other", W/"tag.`+n+`"`, "tag", now); !held || got != n {
			t.Fatalf("%q %v", got, held)
		}
		if _, held := heldForm(`"gat.`+n+`"`, "tag", now); held {
			t.Fatal("another page is not this page")
		}
	}
	for _, bad := range []string{"", "x", strings.Repeat("z", nonceLength)} {
		if youngNonce(bad, now) {
			t.Errorf("%q is young", bad)
		}
	}
	if _, err := newNonce(bytes.NewReader(nil), now); err == nil {
		t.Error("a dry source must be an error")
	}
}
