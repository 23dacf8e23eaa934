package order

import (
	"io"
	"math"
	"strings"
)

// Charset names the symbols that a batch's codes are made of. All but the two
// whose name ends in "all" leave out what looks alike on paper: 0 O 1 I L U.
// One case only, because portal pages may force upper or lower case on entry.
type Charset string

// Charsets lists every charset, the usual one first.
var Charsets = []Charset{"lower", "letters", "digits", "upper", "lower_all", "digits_all"}

var alphabets = map[Charset]string{
	"lower": userSymbols, "letters": "abcdefghjkmnpqrstvwxyz", "digits": passSymbols, "upper": Symbols,
	"lower_all": "0123456789abcdefghijklmnopqrstuvwxyz", "digits_all": "0123456789",
}

// Valid reports whether there is such a charset.
func (c Charset) Valid() bool { return alphabets[c] != "" }

// Digits reports whether codes of this charset are numbers to a spreadsheet.
func (c Charset) Digits() bool { return c == "digits" || c == "digits_all" }

// Space is how many codes of a length there are, without those that begin with
// a zero and are digits alone: a spreadsheet drops the zero.
func (c Charset) Space(length int) float64 {
	n := float64(len(alphabets[c]))
	if c == "digits_all" {
		return 9 * math.Pow(n, float64(length-1))
	}
	return math.Pow(n, float64(length))
}

// Draw draws the part of a code that follows a prefix. The whole is never a
// number with a zero in front, provided that the prefix is none either.
func (c Charset) Draw(random io.Reader, prefix string, length int) (string, error) {
	code := ""
	for range drawTries {
		var err error
		if code, err = draw(random, alphabets[c], length); err != nil || !LosesZero(prefix+code) {
			return code, err
		}
	}
	return code, nil // of a prefix that leaves no other choice
}

// drawTries is enough for a charset of which a tenth is passed over.
const drawTries = 100

// LosesZero reports whether a spreadsheet takes a code for a number and drops
// zeros in front of it.
func LosesZero(code string) bool {
	return len(code) > 1 && code[0] == '0' && strings.Trim(code, "0123456789") == ""
}

// NewPIN draws the password of a voucher whose user name is something else:
// digits of the same length.
func NewPIN(random io.Reader, length int) (string, error) { return draw(random, passSymbols, length) }

// batchLength keeps a batch's code short enough for a router's comment.
const batchLength = 6

// NewBatchCode draws the code of a batch: 6 symbols, 29 bits. The store refuses
// one that is taken.
func NewBatchCode(random io.Reader) (string, error) { return draw(random, Symbols, batchLength) }

// PublicName is a user name, hidden but for its end where it is the password as
// well.
func PublicName(username, password string) string {
	if username != password {
		return username
	}
	return "…" + username[max(0, len(username)-2):]
}
