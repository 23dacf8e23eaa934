package routerossim

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// The vectors are those of the protocol's manual and of four client libraries.
func TestLengthVectors(t *testing.T) {
	for _, v := range []struct {
		n    int
		wire string
	}{
		{0, "00"}, {1, "01"}, {0x7F, "7f"}, {0x80, "8080"}, {0x87, "8087"}, {130, "8082"}, {256, "8100"}, {0x3FFF, "bfff"},
		{0x4000, "c04000"}, {0x4321, "c04321"}, {2097140, "dffff4"}, {0x1FFFFF, "dfffff"}, {0x200000, "e0200000"},
		{0x2ACDEF, "e02acdef"}, {268435440, "effffff0"}, {0xFFFFFFF, "efffffff"}, {0x10000000, "f010000000"}, {0x10000080, "f010000080"},
	} {
		want(t, hex.EncodeToString(appendLen(nil, v.n)), v.wire)
		raw, _ := hex.DecodeString(v.wire)
		n, err := readLen(bytes.NewReader(raw))
		if err != nil || n != v.n {
			t.Errorf("%s: %d, %v", v.wire, n, err)
		}
	}
}

func TestReadSentence(t *testing.T) {
	small := limits{word: 8, sentence: 12, words: 3}
	for _, v := range []struct {
		name, wire string
		words      []string
		err        error
	}{
		{"two words", "\x02/a\x03=b=\x00", []string{"/a", "=b="}, nil},
		{"empty", "\x00", nil, nil},
		{"end between sentences", "", nil, io.EOF},
		{"end in a word", "\x05ab", nil, io.ErrUnexpectedEOF},
		{"end after a word", "\x02ab", nil, io.ErrUnexpectedEOF},
		{"end in a length", "\x80", nil, io.ErrUnexpectedEOF},
		{"reserved", "\xF8", nil, errReserved},
		{"reserved, last", "\xFF", nil, errReserved},
		{"word too long", "\x09", nil, errTooLong},
		{"a 4 GiB word", "\xF0\xFF\xFF\xFF\xFF", nil, errTooLong},
		{"sentence too long", "\x08aaaaaaaa\x08aaaaaaaa\x00", nil, errTooLong},
		{"too many words", "\x01a\x01b\x01c\x01d\x00", nil, errTooLong},
	} {
		words, err := readSentence(bufio.NewReader(strings.NewReader(v.wire)), func() limits { return small })
		if !errors.Is(err, v.err) || strings.Join(words, "|") != strings.Join(v.words, "|") {
			t.Errorf("%s: %q, %v", v.name, words, err)
		}
	}
}

func TestTagComesSecond(t *testing.T) {
	got := out{"!re", []string{"=.id=*1", "=a=b"}}.encode("7")
	want(t, string(got), "\x03!re\x06.tag=7\x07=.id=*1\x04=a=b\x00")
	want(t, string(done().encode("")), "\x05!done\x00")
}

// countingConn counts writes.
type countingConn struct {
	net.Conn
	writes [][]byte
}

func (c *countingConn) Write(b []byte) (int, error) {
	c.writes = append(c.writes, bytes.Clone(b))
	return len(b), nil
}
func (*countingConn) SetWriteDeadline(time.Time) error { return nil }

func TestOneWritePerSentence(t *testing.T) {
	conn := &countingConn{}
	s := &session{conn: conn}
	s.write(out{"!re", []string{"=name=" + strings.Repeat("x", 5000)}}, "t")
	s.write(done(), "t")
	want(t, len(conn.writes), 2)
	for _, b := range conn.writes {
		if b[len(b)-1] != 0 {
			t.Fatal("a write that is not a whole sentence")
		}
	}
}

// Whatever arrives, the reader neither panics nor takes more than it was told,
// and what it accepts encodes back to the same bytes.
func FuzzReadSentence(f *testing.F) {
	for _, seed := range []string{"\x06/login\x00", "\x00", "\x80\x80", "\xF0\x10\x00\x00\x00", "\xF8", "\x02/a\x06.tag=1\x03?#|\x00rest"} {
		f.Add([]byte(seed))
	}
	lim := limits{word: 1 << 10, sentence: 1 << 12, words: 64}
	f.Fuzz(func(t *testing.T, raw []byte) {
		in := bytes.NewReader(raw)
		r := bufio.NewReaderSize(in, 16)
		words, err := readSentence(r, func() limits { return lim })
		if err != nil {
			return
		}
		total := 0
		var back []byte
		for _, w := range words {
			if len(w) == 0 || len(w) > lim.word {
				t.Fatalf("word of %d bytes", len(w))
			}
			total += len(w)
			back = appendWord(back, w)
		}
		if total > lim.sentence || len(words) > lim.words {
			t.Fatalf("%d bytes in %d words", total, len(words))
		}
		again, err := readSentence(bufio.NewReader(bytes.NewReader(append(back, 0))), func() limits { return lim })
		if err != nil || strings.Join(again, "\x00") != strings.Join(words, "\x00") {
			t.Fatalf("%q became %q: %v", words, again, err)
		}
	})
}
