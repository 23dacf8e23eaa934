package picture

// largest is the side of version 40.
const largest = 177

// row is a row or a column of a code, one bit for each module.
type row [3]uint64

func (r row) has(x int) bool { return r[x>>6]>>(x&63)&1 == 1 }

func (r *row) put(x int, dark bool) {
	bit := uint64(1) << (x & 63)
	if r[x>>6] &^= bit; dark {
		r[x>>6] |= bit
	}
}

// symbol is a code before its mask: what is dark, and which modules are patterns, which no mask
// changes.
type symbol struct {
	size           int
	dark, patterns [largest]row
}

// pattern sets a module of a pattern.
func (s *symbol) pattern(x, y int, dark bool) {
	s.dark[y].put(x, dark)
	s.patterns[y].put(x, true)
}

// drawn has the patterns of a version and the bytes.
func drawn(version int, bytes []byte) *symbol {
	s := &symbol{size: 17 + 4*version}
	for i := range s.size {
		s.pattern(6, i, i%2 == 0)
		s.pattern(i, 6, i%2 == 0)
	}
	s.finder(3, 3)
	s.finder(s.size-4, 3)
	s.finder(3, s.size-4)
	centres := alignments(version)
	for i, x := range centres {
		for j, y := range centres {
			last := len(centres) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			for dx := -2; dx <= 2; dx++ {
				for dy := -2; dy <= 2; dy++ {
					s.pattern(x+dx, y+dy, max(dx, -dx, dy, -dy) != 1)
				}
			}
		}
	}
	for i := range 15 {
		for _, at := range s.format(i) {
			s.pattern(at[0], at[1], false) // what they say depends on the mask
		}
	}
	s.pattern(8, s.size-8, true)
	s.number(version)
	s.fill(bytes)
	return s
}

// finder draws one of the three squares in the corners, with the light frame around it.
func (s *symbol) finder(x, y int) {
	for dx := -4; dx <= 4; dx++ {
		for dy := -4; dy <= 4; dy++ {
			if px, py := x+dx, y+dy; px >= 0 && py >= 0 && px < s.size && py < s.size {
				d := max(dx, -dx, dy, -dy)
				s.pattern(px, py, d != 2 && d != 4)
			}
		}
	}
}

// alignments are the rows, and the columns, of the small squares.
func alignments(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := (version*8 + n*3 + 5) / (n*4 - 4) * 2
	out := make([]int, n)
	out[0] = 6
	for i, at := n-1, version*4+10; i > 0; i, at = i-1, at-step {
		out[i] = at
	}
	return out
}

// format is where bit i of the level and the mask is, twice; bit 0 is the lowest.
func (s *symbol) format(i int) [2][2]int {
	n := s.size
	switch {
	case i < 6:
		return [2][2]int{{8, i}, {n - 1 - i, 8}}
	case i < 8:
		return [2][2]int{{8, i + 1}, {n - 1 - i, 8}}
	case i == 8:
		return [2][2]int{{7, 8}, {8, n - 7}}
	}
	return [2][2]int{{14 - i, 8}, {8, n - 15 + i}}
}

// number draws the number of the version, where it is large enough to say it.
func (s *symbol) number(version int) {
	if version < 7 {
		return
	}
	rest := version
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1f25
	}
	for i := range 18 {
		dark := (version<<12|rest)>>i&1 == 1
		a, b := s.size-11+i%3, i/3
		s.pattern(a, b, dark)
		s.pattern(b, a, dark)
	}
}

// fill puts the bytes into what is no pattern, in columns of two, up and down from the right.
func (s *symbol) fill(bytes []byte) {
	i, up := 0, true
	for right := s.size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for n := range s.size {
			y := n
			if up {
				y = s.size - 1 - n
			}
			for x := right; x > right-2; x-- {
				if s.patterns[y].has(x) {
					continue
				}
				if i < len(bytes)*8 && bytes[i>>3]>>(7-i&7)&1 == 1 {
					s.dark[y].put(x, true)
				}
				i++
			}
		}
		up = !up
	}
}
