package storefront

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/flate"

	"gerai/internal/httpx"
)

// precompressed is a page that is rendered and compressed once, while its forms still get
// a nonce of their own in every answer. A nonce in the kept bytes would be shared by all
// customers, and their orders would become one; leaving it out would let a double tap
// order twice. So the bytes are kept in pieces, plain and packed, with space for the nonce
// between them.
//
// The packed pieces are one DEFLATE stream (RFC 1951). Around each nonce the compressor is
// flushed, which ends on a byte, and the nonce itself is put in as a stored block. The
// compressor has seen a stand-in of the same length, so later distances are right, and the
// stand-in's byte occurs nowhere else in the page, so nothing refers back to it.
type precompressed struct {
	plain  [][]byte
	mark   byte      // fills the space for a nonce while the page is packed
	tag    string    // names the content without nonces
	policy string    // the content security policy that the page is sent with
	until  time.Time // from then on it shows other prices, zero for as long as it is kept
	quick  bool      // kept for a moment only: packed less tightly
	packed func() [][]byte
}

// precompress cuts a page at every occurrence of mark, which must have the length
// of a nonce, or nowhere where mark is "". It is packed for the first client that wants it so.
func precompress(page []byte, mark string) (*precompressed, error) {
	unused, found := absentByte(page)
	if mark != "" && len(mark) != nonceLength || !found {
		return nil, errors.New("storefront: page cannot be spliced")
	}
	plain := [][]byte{page}
	if mark != "" {
		plain = bytes.Split(page, []byte(mark))
	}
	sum := sha256.Sum256(page)
	s := &precompressed{plain: plain, mark: unused, tag: base64.RawURLEncoding.EncodeToString(sum[:9])}
	s.packed = sync.OnceValue(s.pack)
	return s, nil
}

// absentByte finds a byte that a page does not have: 255 occurs in no UTF-8, but some text may have been stored otherwise.
func absentByte(page []byte) (absent byte, found bool) {
	for b := 255; b >= 0; b-- {
		if bytes.IndexByte(page, byte(b)) < 0 {
			return byte(b), true
		}
	}
	return 0, false
}

// packers are compressors in use again: each takes most of a megabyte.
var tightPackers, quickPackers = packersOf(flate.BestCompression), packersOf(5)

func packersOf(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := flate.NewWriter(nil, level)
		if err != nil { // the level is one there is
			panic(err)
		}
		return w
	}}
}

// pack packs the pieces. Writing to memory cannot fail.
func (s *precompressed) pack() (packed [][]byte) {
	packers := tightPackers
	if s.quick {
		packers = quickPackers
	}
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	standIn := bytes.Repeat([]byte{s.mark}, nonceLength)
	for i, piece := range s.plain {
		if i > 0 {
			// The stand-in goes through the compressor, its output is dropped.
			_, _ = w.Write(standIn)
			_ = w.Flush()
			out.Reset()
		}
		_, _ = w.Write(piece)
		if i < len(s.plain)-1 {
			_ = w.Flush()
		} else {
			_ = w.Close()
		}
		packed = append(packed, bytes.Clone(out.Bytes()))
		out.Reset()
	}
	return packed
}

// send answers with the page carrying the nonce, packed if the client takes that.
func (s *precompressed) send(c *fiber.Ctx, nonce string) {
	httpx.SetCSP(c, s.policy)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if httpx.AcceptsGzip(c) {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		s.gzip(c.Response().BodyWriter(), nonce)
		return
	}
	s.with(c.Response().BodyWriter(), nonce)
}

// with writes the plain page carrying the nonce. w must be one that never fails, as those
// to memory do.
func (s *precompressed) with(w io.Writer, nonce string) {
	mark := []byte(nonce)
	for i, p := range s.plain {
		if i > 0 {
			_, _ = w.Write(mark)
		}
		_, _ = w.Write(p)
	}
}

// gzip writes the page carrying the nonce, as one gzip member, to a w as of with.
func (s *precompressed) gzip(w io.Writer, nonce string) {
	stored := appendStored(make([]byte, 0, 5+nonceLength), []byte(nonce))
	_, _ = w.Write(gzipHeader)
	var sum gzipSum
	for i, p := range s.packed() {
		if i > 0 {
			_, _ = w.Write(stored)
			sum.add(stored[len(stored)-len(nonce):])
		}
		_, _ = w.Write(p)
		sum.add(s.plain[i])
	}
	var end [8]byte
	_, _ = w.Write(sum.appendTo(end[:0]))
}
