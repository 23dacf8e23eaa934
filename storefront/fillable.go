package storefront

import (
	"bytes"
	"compress/flate"
	"fmt"
)

// fillable is a page that is rendered and compressed once and has spaces that are filled
// in for each answer. Unlike the nonce of a precompressed page, what fills them has any
// length, so the pieces between are compressed apart from each other: nothing refers back
// over a space.
type fillable struct {
	plain  [][]byte
	packed [][]byte
	spaces []int // which value fills each
	// styleHash is the CSP source of the style in the page.
	styleHash string
}

// newFillable cuts a page at every occurrence of the marks; none may be part of another.
func newFillable(page []byte, marks []string) (*fillable, error) {
	f := &fillable{}
	for len(page) > 0 || len(f.plain) == len(f.spaces) {
		at, which := len(page), -1
		for i, mark := range marks {
			if found := bytes.Index(page, []byte(mark)); found >= 0 && found < at {
				at, which = found, i
			}
		}
		f.plain = append(f.plain, page[:at])
		page = page[at:]
		if which >= 0 {
			f.spaces = append(f.spaces, which)
			page = page[len(marks[which]):]
		}
	}
	for i, piece := range f.plain {
		packed, err := packPiece(piece, i == len(f.plain)-1)
		if err != nil {
			return nil, err
		}
		f.packed = append(f.packed, packed)
	}
	return f, nil
}

func packPiece(piece []byte, last bool) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = w.Write(piece)
	}
	switch {
	case err != nil:
	case last:
		err = w.Close()
	default:
		err = w.Flush() // ends on a byte
	}
	if err != nil {
		return nil, fmt.Errorf("storefront: compress a piece: %w", err)
	}
	return out.Bytes(), nil
}

func (f *fillable) with(values []string) []byte {
	var out bytes.Buffer
	for i, piece := range f.plain {
		if i > 0 {
			out.WriteString(values[f.spaces[i-1]])
		}
		out.Write(piece)
	}
	return out.Bytes()
}

// gzip returns the page as one gzip member.
func (f *fillable) gzip(values []string) []byte {
	out := append(make([]byte, 0, 8<<10), gzipHeader...)
	var sum gzipSum
	for i, p := range f.packed {
		if i > 0 {
			value := []byte(values[f.spaces[i-1]])
			sum.add(value)
			out = appendStored(out, value)
		}
		out = append(out, p...)
		sum.add(f.plain[i])
	}
	return sum.appendTo(out)
}
