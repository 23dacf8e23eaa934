package routerossim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A peer may announce any length before it has proved who it is, so both
// limits apply before a single byte is allocated. RouterOS limits sentences
// before login too, but does not publish its numbers.
var (
	limitsBeforeLogin = limits{word: 4 << 10, sentence: 16 << 10, words: 64}
	limitsAfterLogin  = limits{word: 1 << 20, sentence: 4 << 20, words: 4096}
)

type limits struct {
	word     int // bytes in one word
	sentence int // bytes in all words of a sentence
	words    int // words in a sentence
}

var (
	errReserved = errors.New("reserved length byte")
	errTooLong  = errors.New("sentence over the limit")
)

// appendLen encodes a word length (MikroTik, "API: protocol").
func appendLen(b []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, byte(n))
	case n < 0x4000:
		return append(b, byte(n>>8)|0x80, byte(n))
	case n < 0x200000:
		return append(b, byte(n>>16)|0xC0, byte(n>>8), byte(n))
	case n < 0x10000000:
		return append(b, byte(n>>24)|0xE0, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, 0xF0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// readLen decodes a word length. From 0xF8 on the first byte is reserved for control words
// that are not defined: a receiver cannot go on.
func readLen(r io.ByteReader) (int, error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	n, more := int(b), 0
	switch {
	case b < 0x80:
	case b < 0xC0:
		n, more = int(b&0x3F), 1
	case b < 0xE0:
		n, more = int(b&0x1F), 2
	case b < 0xF0:
		n, more = int(b&0x0F), 3
	case b < 0xF8:
		n, more = 0, 4
	default:
		return 0, fmt.Errorf("%w %#02x", errReserved, b)
	}
	for ; more > 0; more-- {
		if b, err = r.ReadByte(); err != nil {
			return 0, unexpected(err)
		}
		n = n<<8 | int(b)
	}
	return n, nil
}

// readSentence reads words up to the zero-length one. The limits are asked for
// at every word: a reader already waits for the next sentence while the login
// before it is still being checked. An empty sentence is no words and no error.
// io.EOF means the peer closed between two sentences; within one it is
// io.ErrUnexpectedEOF.
func readSentence(r *bufio.Reader, allowed func() limits) ([]string, error) {
	var words []string
	total := 0
	for {
		n, err := readLen(r)
		if err != nil {
			if len(words) > 0 {
				err = unexpected(err)
			}
			return nil, err
		}
		if n == 0 {
			return words, nil
		}
		lim := allowed()
		if total += n; n > lim.word || total > lim.sentence || len(words) >= lim.words {
			return nil, fmt.Errorf("%w: word of %d bytes", errTooLong, n)
		}
		buf := make([]byte, n)
		if _, err = io.ReadFull(r, buf); err != nil {
			return nil, unexpected(err)
		}
		words = append(words, string(buf))
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// out is one reply sentence: its word, then attribute words as they go over
// the wire ("=name=value", or a bare reason after !fatal).
type out struct {
	word  string
	attrs []string
}

// encode writes the sentence as RouterOS does: the tag right after the word.
func (o out) encode(tag string) []byte {
	b := appendWord(make([]byte, 0, 256), o.word)
	if tag != "" {
		b = appendWord(b, ".tag="+tag)
	}
	for _, a := range o.attrs {
		b = appendWord(b, a)
	}
	return append(b, 0)
}

func appendWord(b []byte, w string) []byte {
	return append(appendLen(b, len(w)), w...)
}

func attr(name, value string) string { return "=" + name + "=" + value }

func done(attrs ...string) out { return out{"!done", attrs} }
