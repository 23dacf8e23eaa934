package golden

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var (
	update       = flag.Bool("update", false, "write the goldens of this program")
	writeMidsale = flag.Bool("midsale", false, "write the database of a shop in mid-sale with this program")
)

const shownLines = 40

// compare holds a text to its golden.
func compare(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./test/golden -update writes it", err)
	}
	if diff := lineDiff(string(want), text); diff != "" {
		t.Errorf("%s is another (- golden, + now); after a change that is meant, go test ./test/golden -update writes it:\n%s", name, diff)
	}
}

// lineDiff lists the lines in which two texts differ, each side in its order,
// with the last heading before.
func lineDiff(want, have string) string {
	if want == have {
		return ""
	}
	a, b := strings.SplitAfter(want, "\n"), strings.SplitAfter(have, "\n")
	var out []string
	say := func(sign, heading, line string) {
		if len(out) < shownLines {
			out = append(out, sign+" ["+strings.TrimSpace(heading)+"] "+strings.TrimRight(line, "\n"))
		}
	}
	heading := ""
	for len(a) > 0 || len(b) > 0 {
		if len(a) > 0 && len(b) > 0 && a[0] == b[0] {
			if strings.HasPrefix(a[0], "=== ") {
				heading = a[0]
			}
			a, b = a[1:], b[1:]
			continue
		}
		i, j := meet(a, b)
		for _, line := range a[:i] {
			say("-", heading, line)
		}
		for _, line := range b[:j] {
			say("+", heading, line)
		}
		a, b = a[i:], b[j:]
	}
	if len(out) == shownLines {
		out = append(out, "… and more")
	}
	return strings.Join(out, "\n")
}

// meet returns how many lines to leave on each side until both go on alike.
func meet(a, b []string) (int, int) {
	const window = 400
	at := map[string]int{}
	for j := min(len(b), window) - 1; j >= 0; j-- {
		at[b[j]] = j
	}
	best, bi, bj := len(a)+len(b)+1, len(a), len(b)
	for i := range min(len(a), window) {
		if j, ok := at[a[i]]; ok && i+j < best {
			best, bi, bj = i+j, i, j
		}
	}
	return bi, bj
}

func TestLineDiff(t *testing.T) {
	for _, c := range []struct{ want, have, diff string }{
		{"a\nb\n", "a\nb\n", ""},
		{"=== x\na\nb\nc\n", "=== x\na\nc\n", "- [=== x] b"},
		{"=== x\na\nc\n", "=== x\na\nb\nc\n", "+ [=== x] b"},
		{"a\n", "b\n", "- [] a\n+ [] b"},
	} {
		if got := lineDiff(c.want, c.have); got != c.diff {
			t.Errorf("%q against %q: %q, want %q", c.want, c.have, got, c.diff)
		}
	}
}

// lines joins sorted lines with an end after each.
func lines(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintln(strings.Join(all, "\n"))
}
