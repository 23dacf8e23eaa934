package storefront

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
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
// stand-in's bytes occur nowhere else in the page, so nothing refers back to them.
type precompressed struct {
	plain  [][]byte
	packed [][]byte
	tag    string // names the content without nonces
	// styleHash is the CSP source of the style in the page.
	styleHash string
}

// standIn marks the space for a nonce: a byte that HTML cannot contain.
var standIn = bytes.Repeat([]byte{1}, nonceLength)

// precompress cuts a page at every occurrence of mark, which must have the length
// of a nonce.
func precompress(page []byte, mark string) (*precompressed, error) {
	if len(mark) != nonceLength || bytes.IndexByte(page, standIn[0]) >= 0 {
		return nil, errors.New("storefront: page cannot be spliced")
	}
	sum := sha256.Sum256(page)
	s := &precompressed{plain: bytes.Split(page, []byte(mark)), tag: base64.RawURLEncoding.EncodeToString(sum[:9])}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	for i, piece := range s.plain {
		if i > 0 {
			// The stand-in goes through the compressor, its output is dropped.
			if _, err := w.Write(standIn); err != nil {
				return nil, err
			}
			if err := w.Flush(); err != nil {
				return nil, err
			}
			out.Reset()
		}
		if _, err := w.Write(piece); err != nil {
			return nil, err
		}
		end := w.Flush
		if i == len(s.plain)-1 {
			end = w.Close
		}
		if err := end(); err != nil {
			return nil, err
		}
		s.packed = append(s.packed, bytes.Clone(out.Bytes()))
		out.Reset()
	}
	return s, nil
}

// with returns the plain page carrying the nonce.
func (s *precompressed) with(nonce string) []byte { return bytes.Join(s.plain, []byte(nonce)) }

// gzipHeader is RFC 1952's, without a name or a time.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}

// gzip returns the page carrying the nonce, as one gzip member.
func (s *precompressed) gzip(nonce string) []byte {
	stored := make([]byte, 5, 5+len(nonce))
	binary.LittleEndian.PutUint16(stored[1:], uint16(len(nonce)))
	binary.LittleEndian.PutUint16(stored[3:], ^uint16(len(nonce)))
	stored = append(stored, nonce...)

	size := len(gzipHeader) + 8
	for _, p := range s.packed {
		size += len(p) + len(stored)
	}
	out := append(make([]byte, 0, size), gzipHeader...)
	sum, length := uint32(0), 0
	for i, p := range s.packed {
		if i > 0 {
			out = append(out, stored...)
			sum = crc32.Update(sum, crc32.IEEETable, stored[5:])
			length += len(nonce)
		}
		out = append(out, p...)
		sum = crc32.Update(sum, crc32.IEEETable, s.plain[i])
		length += len(s.plain[i])
	}
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, uint32(length))
}
