package storefront

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// Pages that are kept packed are gzip members (RFC 1952) put together from packed pieces and,
// between them, what differs from one answer to the next as stored blocks.

// gzipHeader has neither a name nor a time.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}

// mostStored is the longest stored block (RFC 1951, 3.2.4).
const mostStored = 65535

// appendStored appends a text as stored blocks, which begin and end on a byte.
func appendStored(out, text []byte) []byte {
	for block := range slices.Chunk(text, mostStored) {
		out = append(out, 0)
		out = binary.LittleEndian.AppendUint16(out, uint16(len(block)))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(len(block)))
		out = append(out, block...)
	}
	return out
}

// gzipSum is the end of a member, which tells of all that is in it, unpacked.
type gzipSum struct{ sum, length uint32 }

func (s *gzipSum) add(text []byte) {
	s.sum = crc32.Update(s.sum, crc32.IEEETable, text)
	s.length += uint32(len(text))
}

func (s gzipSum) appendTo(out []byte) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(out, s.sum), s.length)
}
