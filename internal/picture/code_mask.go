package picture

import (
	"math/bits"
	"sync"
)

// grid is a code by its rows or by its columns.
type grid [largest]row

// masks are the patterns that even out a code, by row and by column; each repeats itself after
// twelve.
var masks = sync.OnceValue(func() (out [8]struct{ rows, columns [12]row }) {
	for m := range out {
		for y := range 12 {
			for x := range largest {
				out[m].rows[y].put(x, inMask(m, x, y))
				out[m].columns[y].put(x, inMask(m, y, x))
			}
		}
	}
	return out
})

func inMask(m, x, y int) bool {
	switch m {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (y/2+x/3)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// masked is the code with the mask that gives the lowest penalty.
func (s *symbol) masked(l level) (best grid) {
	var dark, free struct{ rows, columns grid }
	for y := range s.size {
		dark.rows[y] = s.dark[y]
		for x := range s.size {
			dark.columns[x].put(y, s.dark[y].has(x))
			free.rows[y].put(x, !s.patterns[y].has(x))
			free.columns[x].put(y, !s.patterns[y].has(x))
		}
	}
	lowest := -1
	all := masks()
	for m := range all {
		var rows, columns grid
		for i := range s.size {
			rows[i] = dark.rows[i].xor(all[m].rows[i%12].and(free.rows[i]))
			columns[i] = dark.columns[i].xor(all[m].columns[i%12].and(free.columns[i]))
		}
		format := formatOf(l, m)
		for i := range 15 {
			for _, at := range s.format(i) {
				rows[at[1]].put(at[0], format>>i&1 == 1)
				columns[at[0]].put(at[1], format>>i&1 == 1)
			}
		}
		if p := penalty(&rows, &columns, s.size); lowest < 0 || p < lowest {
			lowest, best = p, rows
		}
	}
	return best
}

// formatOf is the level and the mask, with their correction.
func formatOf(l level, mask int) int {
	said := [3]int{1, 0, 3}[l]<<3 | mask
	rest := said
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	return (said<<10 | rest) ^ 0x5412
}

func (r row) xor(o row) row { return row{r[0] ^ o[0], r[1] ^ o[1], r[2] ^ o[2]} }
func (r row) and(o row) row { return row{r[0] & o[0], r[1] & o[1], r[2] & o[2]} }
func (r row) not() row      { return row{^r[0], ^r[1], ^r[2]} }
func (r row) count() int {
	return bits.OnesCount64(r[0]) + bits.OnesCount64(r[1]) + bits.OnesCount64(r[2])
}

// next has each module's place hold the one that is n further on.
func (r row) next(n int) row {
	return row{r[0]>>n | r[1]<<(64-n), r[1]>>n | r[2]<<(64-n), r[2] >> n}
}

// first is a row whose first n modules are set.
func first(n int) (r row) {
	for i := range r {
		r[i] = 1<<min(64, max(0, n-64*i)) - 1
	}
	return r
}

// penalty is what ISO/IEC 18004 holds against a code: lines and squares of one colour, what
// looks like a finder, and more of one colour than of the other.
func penalty(rows, columns *grid, size int) (sum int) {
	dark, pairs, fives, elevens := 0, first(size-1), first(size-4), first(size-10)
	for _, g := range [2]*grid{rows, columns} {
		for _, r := range g[:size] {
			same := r.xor(r.next(1)).not().and(pairs) // as the next one
			five := same.and(same.next(1))
			five = five.and(five.next(2)).and(fives) // five of a colour begin here
			sum += five.count() + 2*five.and(five.before().not()).count()
			sum += 40 * finders(r, elevens)
		}
	}
	for y, r := range rows[:size] {
		dark += r.count()
		if y+1 < size {
			below := rows[y+1]
			square := r.xor(r.next(1)).not().and(below.xor(below.next(1)).not()).and(r.xor(below).not())
			sum += 3 * square.and(pairs).count()
		}
	}
	twentieths, rest := dark*20/(size*size), dark*20%(size*size)
	off := max(twentieths-10, 10-twentieths)
	if above := twentieths + 1; rest > 0 {
		off = min(off, max(above-10, 10-above))
	}
	return sum + 10*off
}

// before has each module's place hold the one before it.
func (r row) before() row {
	return row{r[0] << 1, r[1]<<1 | r[0]>>63, r[2]<<1 | r[1]>>63}
}

// finders counts 1011101 with four light modules before or behind it, within starts.
func finders(r, starts row) int {
	light := r.not()
	two := light.and(light.next(1))
	four := two.and(two.next(2))
	core := r.and(light.next(1)).and(r.next(2)).and(r.next(3)).and(r.next(4)).and(light.next(5)).and(r.next(6))
	return core.and(four.next(7)).and(starts).count() + four.and(core.next(4)).and(starts).count()
}
