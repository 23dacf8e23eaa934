package staff

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// The words people's passwords are made of: common.txt.gz are 20,000 cores of
// leaked passwords, local.txt what is likely at a hotspot in Indonesia. Where
// they come from: docs/decisions/0008-people.md.
var (
	//go:embed common.txt.gz
	commonPacked []byte
	//go:embed local.txt
	localWords string
)

// commonWords is sorted, read when the first password is chosen.
var commonWords = sync.OnceValue(func() []string {
	r, err := gzip.NewReader(bytes.NewReader(commonPacked))
	if err != nil {
		panic("staff: common words: " + err.Error())
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic("staff: common words: " + err.Error())
	}
	words := strings.Fields(string(text) + localWords)
	slices.Sort(words)
	return words
})

// runs are rows that fingers walk along, forwards and backwards.
var runs = func() (out []string) {
	for _, r := range []string{"abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp", "01234567890", "1qaz2wsx3edc4rfv"} {
		b := []rune(r)
		slices.Reverse(b)
		out = append(out, r, string(b))
	}
	return out
}()

// disguises are the letters that digits and signs stand for.
var disguises = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

// undisguised is the letter that a character may stand for.
func undisguised(r rune) rune {
	if letter, ok := disguises[r]; ok {
		return letter
	}
	return r
}

const (
	shortestWord = 4
	longestWord  = 20
	shortestRun  = 4
	// strange is how many characters of its own a password needs beside one
	// known word, runs, digits and repetitions.
	strange = 4
	// looked bounds the work: what is long and begins like this is guessed too.
	looked = 64
)

// guessable reports whether a password is what a list of leaked ones, changed
// by the usual rules, would try: one known word, or one of the words given, as
// often as one likes, with digits, rows of keys and a few signs around it.
func guessable(password string, own ...string) bool {
	form := []rune(strings.ToLower(password))
	return leftOver(form[:min(len(form), looked)], own) < strange
}

// leftOver counts what no rule explains. One word is tried as the core at a
// time, so that a combination of two different words still counts as unexplained.
func leftOver(form []rune, own []string) int {
	best := unexplained(form, "")
	open := slices.Clone(form)
	for i, r := range open {
		open[i] = undisguised(r)
	}
	for i := range open {
		for n := shortestWord; n <= longestWord && i+n <= len(open); n++ {
			word := string(open[i : i+n])
			if _, common := slices.BinarySearch(commonWords(), word); common || slices.Contains(own, word) {
				best = min(best, unexplained(form, word))
			}
		}
	}
	return best
}

// unexplained counts the letters and signs outside the word, runs and
// repetitions. Digits and blanks count for nothing: they are what lists append.
func unexplained(form []rune, word string) (n int) {
	for i := 0; i < len(form); {
		switch skip := max(known(form[i:], word), run(form[i:]), repetition(form[i:])); {
		case skip > 0:
			i += skip
		case unicode.IsDigit(form[i]) || unicode.IsSpace(form[i]):
			i++
		default:
			i++
			n++
		}
	}
	return n
}

// known is the length of the word when form starts with it, disguised or not.
func known(form []rune, word string) int {
	w := []rune(word)
	if len(w) == 0 || len(w) > len(form) {
		return 0
	}
	for i, r := range w {
		if form[i] != r && undisguised(form[i]) != r {
			return 0
		}
	}
	return len(w)
}

// run is the length of the longest row of keys that form starts with.
func run(form []rune) (longest int) {
	for n := shortestRun; n <= len(form); n++ {
		if !slices.ContainsFunc(runs, func(r string) bool { return strings.Contains(r, string(form[:n])) }) {
			break
		}
		longest = n
	}
	return longest
}

// repetition is the length of what form starts with when it repeats one to
// four characters at least three times.
func repetition(form []rune) int {
	for unit := 1; unit <= 4; unit++ {
		n := unit
		for n < len(form) && form[n] == form[n-unit] {
			n++
		}
		if n >= 3*unit && n >= 3 {
			return n
		}
	}
	return 0
}
