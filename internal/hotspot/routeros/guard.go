package routeros

import (
	"errors"
	"net"
)

// maxWord bounds one word of a reply. The longest real ones, scripts and file
// contents, stay under 64 KiB.
const maxWord = 1 << 20

var (
	errLength  = errors.New("router announced an impossible word length")
	errTooMuch = errors.New("router sent more than one reply may hold")
)

// lengthGuard watches the word lengths in the byte stream and ends the
// connection before the library allocates what a broken peer announces, and
// before the words and rows of one reply, which take some hundred bytes each
// however short they are, take more memory than the bytes allowed. It follows the API's length encoding: one to five bytes, the first of which
// tells how many; 0xF8 and above are reserved (RouterOS API documentation).
type lengthGuard struct {
	net.Conn
	header  []byte // bytes of an unfinished length
	payload uint64 // bytes of the current word still to come
	broken  error

	rows, words, mostRows, mostWords int // of this reply; 0 is any number
}

func newLengthGuard(c net.Conn) *lengthGuard { return &lengthGuard{Conn: c} }

// Read implements io.Reader.
func (g *lengthGuard) Read(b []byte) (int, error) {
	if g.broken != nil {
		return 0, g.broken
	}
	n, err := g.Conn.Read(b)
	for i := 0; i < n; {
		if g.payload > 0 {
			step := min(uint64(n-i), g.payload)
			g.payload -= step
			i += int(step)
			continue
		}
		g.header = append(g.header, b[i])
		i++
		length, complete, ok := wordLength(g.header)
		if !ok || (complete && length > maxWord) {
			// What came before the bad length is still good, what follows is not: hide
			// the length itself so that no reader acts on it.
			g.broken = errLength
			return 0, errLength
		}
		if !complete {
			continue
		}
		g.header, g.payload = g.header[:0], length
		if !g.room(length) {
			g.broken = errTooMuch
			return 0, errTooMuch
		}
	}
	return n, err
}

// begin starts the count of a reply.
func (g *lengthGuard) begin(mostRows, mostWords int) {
	g.rows, g.words, g.mostRows, g.mostWords = 0, 0, mostRows, mostWords
}

// room counts a word, or with an empty one a row, and reports whether there may be
// one.
func (g *lengthGuard) room(length uint64) bool {
	if length == 0 {
		g.rows++
	} else {
		g.words++
	}
	return (g.mostRows == 0 || g.rows <= g.mostRows) && (g.mostWords == 0 || g.words <= g.mostWords)
}

// wordLength reads an encoded length; complete is false while bytes are
// missing, ok false when no receiver could go on.
func wordLength(h []byte) (length uint64, complete, ok bool) {
	first := h[0]
	var need int
	var value uint64
	switch {
	case first < 0x80:
		need, value = 1, uint64(first)
	case first < 0xC0:
		need, value = 2, uint64(first&^0x80)
	case first < 0xE0:
		need, value = 3, uint64(first&^0xC0)
	case first < 0xF0:
		need, value = 4, uint64(first&^0xE0)
	case first < 0xF8:
		need, value = 5, 0
	default:
		return 0, false, false
	}
	if len(h) < need {
		return 0, false, true
	}
	for _, b := range h[1:need] {
		value = value<<8 | uint64(b)
	}
	return value, true, true
}
