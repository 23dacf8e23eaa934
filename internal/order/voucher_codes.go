package order

import (
	"io"
	"math"
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

// Space is how many codes of a length there are.
func (c Charset) Space(length int) float64 {
	return math.Pow(float64(len(alphabets[c])), float64(length))
}

// Draw draws a code of a valid charset.
func (c Charset) Draw(random io.Reader, length int) (string, error) {
	return draw(random, alphabets[c], length)
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
