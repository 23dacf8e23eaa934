package routeros

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// endless is a router that logs everyone in and answers each listing with the same
// words until nothing is read any more.
func endless(t *testing.T, part []byte) hotspot.Router {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for {
					asked, err := command(r)
					switch {
					case err != nil:
						return
					case asked == "/login":
						_, err = c.Write(sentences("!done", ""))
					case strings.HasPrefix(asked, "/system/"): // resource, clock and scheduler, before the users
						_, err = c.Write(sentences("!re", "=uptime=1h", "", "!done", ""))
					default:
						for err == nil {
							_, err = c.Write(part)
						}
					}
					if err != nil {
						return
					}
				}
			}()
		}
	}()
	return hotspot.Router{ID: "r1", Address: l.Addr().String(), User: "gerai", Password: "rahasia"}
}

// command reads a sentence of words of up to 16,383 bytes and returns the first.
func command(r *bufio.Reader) (first string, err error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return "", err
		}
		n := int(b)
		if n >= 0x80 {
			low, err := r.ReadByte()
			if err != nil {
				return "", err
			}
			n = (n&0x3F)<<8 | int(low)
		}
		word := make([]byte, n)
		if _, err := io.ReadFull(r, word); err != nil {
			return "", err
		}
		if n == 0 {
			return first, nil
		}
		first = cmp.Or(first, string(word))
	}
}

// A router that never ends, as one in foreign hands may answer, takes no more memory
// than a large one: rows and words cost far more there than on the wire.
func TestARouterThatNeverEnds(t *testing.T) {
	o := quick()
	o.MaxRows, o.MaxWords = 1000, 3000
	for name, part := range map[string][]byte{
		"rows":                  bytes.Repeat(sentences("!re", "=name=a", ""), 100),
		"rows without a word":   bytes.Repeat(sentences("!re", ""), 100),
		"empty sentences":       bytes.Repeat(sentences(""), 1000),
		"words of one row":      append(sentences("!re"), bytes.Repeat(sentences("=a"), 1000)...),
		"long words of one row": append(sentences("!re"), bytes.Repeat(sentences("=comment="+strings.Repeat("x", 9000)), 10)...),
	} {
		t.Run(name, func(t *testing.T) {
			r := endless(t, part)
			d := New(o)
			defer d.Close()
			n := 0
			if _, err := d.ListUsers(context.Background(), r, func(hotspot.Brief) bool { n++; return true }); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), errTooMuch.Error()) || n > o.MaxRows {
				t.Errorf("users: %d, %v", n, err)
			}
			if _, err := d.Online(context.Background(), r, func([]byte) bool { return true }); !fault.Is(err, fault.Unavailable) {
				t.Errorf("sessions: %v", err)
			}
			if _, err := d.TakenNames(context.Background(), r); !fault.Is(err, fault.Unavailable) {
				t.Errorf("names: %v", err)
			}
		})
	}
}

// The guard counts per reply, however the bytes arrive.
func TestRepliesAreCounted(t *testing.T) {
	in := sentences("!re", "=a", "", "!re", "=b", "", "!done", "")
	for _, c := range []struct {
		rows, words int
		ok          bool
	}{{0, 0, true}, {3, 5, true}, {2, 5, false}, {3, 4, false}} {
		g := newLengthGuard(stream{r: bytes.NewReader(bytes.Repeat(in, 2))})
		read := func() error {
			g.begin(c.rows, c.words)
			_, err := io.ReadFull(g, make([]byte, len(in)))
			return err
		}
		first, second := read(), read()
		if (first == nil && second == nil) != c.ok {
			t.Errorf("%+v: %v, %v", c, first, second)
		}
	}
}
