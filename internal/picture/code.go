package picture

import (
	"errors"
	"strings"

	"gerai/internal/fault"
)

// level is how much of a code may be damaged: 7, 15 or 25 per cent.
type level int

const (
	levelL level = iota
	levelM
	levelQ
)

// modules is a square of dark and light, without its quiet zone.
type modules struct {
	size int
	dark []bool
}

// encode makes the QR code of a payload: the smallest that holds it at a level, in the first of
// the three modes of ISO/IEC 18004 that knows its characters, with the mask that the standard
// finds the easiest to read.
func encode(payload string, l level) (modules, error) {
	if payload == "" {
		return modules{}, fault.Wrap(fault.Invalid, "picture.payload", errors.New("picture: empty payload"))
	}
	m := modeOf(payload)
	v := smallest(l, m, len(payload))
	if v == 0 {
		return modules{}, fault.Wrap(fault.Invalid, "picture.payload", errors.New("picture: the payload is too long for a code"))
	}
	b := blocksOf(v, l)
	s := drawn(v, b.arranged(contents(payload, m, v, b.data())))
	best := s.masked(l)
	out := modules{size: s.size, dark: make([]bool, s.size*s.size)}
	for y := range s.size {
		for x := range s.size {
			out.dark[y*s.size+x] = best[y].has(x)
		}
	}
	return out, nil
}

// mode is how characters are written.
type mode int

const (
	digits       mode = 1
	alphanumeric mode = 2
	octets       mode = 4
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

func modeOf(payload string) mode {
	m := digits
	for i := range len(payload) {
		switch n := strings.IndexByte(alphabet, payload[i]); {
		case n < 0:
			return octets
		case n > 9:
			m = alphanumeric
		}
	}
	return m
}

// countBits is how long the count of characters is.
func (m mode) countBits(version int) int {
	of := map[mode][3]int{digits: {10, 12, 14}, alphanumeric: {9, 11, 13}, octets: {8, 16, 16}}[m]
	switch {
	case version < 10:
		return of[0]
	case version < 27:
		return of[1]
	}
	return of[2]
}

// bits is how long so many characters are.
func (m mode) bits(n int) int {
	switch m {
	case digits:
		return n/3*10 + [3]int{0, 4, 7}[n%3]
	case alphanumeric:
		return n/2*11 + n%2*6
	}
	return n * 8
}

// writer collects bits.
type writer struct {
	out  []byte
	free int // bits of the last byte that are not written yet
}

func (w *writer) put(v, n int) {
	for n--; n >= 0; n-- {
		if w.free == 0 {
			w.out, w.free = append(w.out, 0), 8
		}
		w.free--
		w.out[len(w.out)-1] |= byte(v>>n&1) << w.free
	}
}

// contents is the payload as so many bytes, padded as the standard says.
func contents(payload string, m mode, version, size int) []byte {
	w := writer{out: make([]byte, 0, size)}
	w.put(int(m), 4)
	w.put(len(payload), m.countBits(version))
	value := func(i int) int { return strings.IndexByte(alphabet, payload[i]) }
	switch m {
	case digits:
		for i := 0; i < len(payload); i += 3 {
			n, v := min(3, len(payload)-i), 0
			for j := range n {
				v = v*10 + value(i+j)
			}
			w.put(v, digits.bits(n))
		}
	case alphanumeric:
		i := 0
		for ; i+1 < len(payload); i += 2 {
			w.put(value(i)*len(alphabet)+value(i+1), 11)
		}
		if i < len(payload) {
			w.put(value(i), 6)
		}
	case octets:
		for i := range len(payload) {
			w.put(int(payload[i]), 8)
		}
	}
	w.put(0, min(4, size*8-(len(w.out)*8-w.free))) // the end
	for pad := byte(0b11101100); len(w.out) < size; pad ^= 0b11101100 ^ 0b00010001 {
		w.out = append(w.out, pad)
	}
	return w.out
}
