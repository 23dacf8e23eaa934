package picture

// Bytes of error correction in each block, and how many blocks there are, by level and version.
var (
	correction = [3][40]int{
		{7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
		{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
		{13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	}
	blockCounts = [3][40]int{
		{1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
		{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
		{1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
	}
)

// smallest is the first version that holds so many characters, 0 where none does.
func smallest(l level, m mode, characters int) int {
	for v := 1; v <= 40; v++ {
		if characters < 1<<m.countBits(v) && 4+m.countBits(v)+m.bits(characters) <= blocksOf(v, l).data()*8 {
			return v
		}
	}
	return 0
}

// blocks says how the bytes of a code are divided.
type blocks struct {
	all, count, correction int // bytes of the code, blocks, bytes of correction in each
}

func blocksOf(version int, l level) blocks {
	free := (16*version+128)*version + 64 // modules that are no pattern
	if version >= 2 {
		n := version/7 + 2
		free -= (25*n-10)*n - 55
	}
	if version >= 7 {
		free -= 36
	}
	return blocks{free / 8, blockCounts[l][version-1], correction[l][version-1]}
}

// data is how many bytes are for the contents.
func (b blocks) data() int { return b.all - b.count*b.correction }

// arranged adds the correction to the contents, and has the blocks take turns: dirt on one
// place of a code damages each of them a little.
func (b blocks) arranged(data []byte) []byte {
	each, longer := len(data)/b.count, len(data)%b.count // the last ones have a byte more
	divisor := generator(b.correction)
	parts, extra := make([][]byte, b.count), make([][]byte, b.count)
	for i := range b.count {
		n := each
		if i >= b.count-longer {
			n++
		}
		parts[i], data = data[:n], data[n:]
		extra[i] = remainder(parts[i], divisor)
	}
	out := make([]byte, 0, b.all)
	for i := range each + 1 {
		for _, p := range parts {
			if i < len(p) {
				out = append(out, p[i])
			}
		}
	}
	for i := range b.correction {
		for _, e := range extra {
			out = append(out, e[i])
		}
	}
	return out
}

// powers and logs are of the field of 256 elements over x^8+x^4+x^3+x^2+1.
var powers, logs = func() (powers [510]byte, logs [256]int) {
	x := 1
	for i := range 255 {
		powers[i], powers[i+255], logs[x] = byte(x), byte(x), i
		if x <<= 1; x > 255 {
			x ^= 0x11d
		}
	}
	return powers, logs
}()

// generator is the polynomial of Reed and Solomon of a degree, as logarithms, without its first
// coefficient, which is 1.
func generator(degree int) []int {
	p := make([]byte, degree)
	p[degree-1] = 1
	for root := range degree {
		for i := range degree {
			if p[i] != 0 {
				p[i] = powers[logs[p[i]]+root]
			}
			if i+1 < degree {
				p[i] ^= p[i+1]
			}
		}
	}
	out := make([]int, degree)
	for i, c := range p {
		out[i] = logs[c]
	}
	return out
}

// remainder is what a division by a generator leaves.
func remainder(data []byte, divisor []int) []byte {
	n := len(divisor)
	left := make([]byte, len(data)+n)
	copy(left, data)
	for i := range data {
		if left[i] == 0 {
			continue
		}
		by, at := logs[left[i]], left[i+1:i+1+n]
		for j, d := range divisor {
			at[j] ^= powers[by+d]
		}
	}
	return left[len(data):]
}
