package picture

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// Another library reads every version at every level in every mode, filled to the last byte.
func TestEveryVersionReadsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sets := map[mode]string{digits: alphabet[:10], alphanumeric: alphabet, octets: "0123abcXYZ{}~"}
	modes := []mode{digits, alphanumeric, octets}
	for v := 1; v <= 40; v++ {
		for l := levelL; l <= levelQ; l++ {
			m := modes[(v+int(l))%len(modes)]
			n := 1
			for ; smallest(l, m, n+1) <= v && smallest(l, m, n+1) > 0; n++ {
			}
			var b strings.Builder
			for b.Len() < n {
				b.WriteByte(sets[m][random.IntN(len(sets[m]))])
			}
			text := b.String()
			if modeOf(text) != m {
				text = sets[m][len(sets[m])-1:] + text[1:]
			}
			code, err := encode(text, l)
			if err != nil || code.size != 17+4*v {
				t.Fatalf("version %d, level %d: %d modules, %v", v, l, code.size, err)
			}
			img := image.NewPaletted(image.Rect(0, 0, code.side()*2, code.side()*2), color.Palette{color.White, color.Black})
			code.draw(img.Pix, img.Stride, image.Point{}, 2, 1)
			bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
			if err != nil {
				t.Fatal(err)
			}
			got, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
			if err != nil || got.GetText() != text {
				t.Errorf("version %d, level %d, mode %d, %d characters: %v", v, l, m, n, err)
				continue
			}
			if said := got.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; said != "LMQ"[l:l+1] {
				t.Errorf("version %d: level %v", v, said)
			}
		}
	}
}

// The mask is the one that the rules of the standard, applied module by module, find best.
func TestTheMaskIsTheBest(t *testing.T) {
	for _, n := range []int{1, 30, 90, 232, 500, 1400} {
		v := smallest(levelM, octets, n)
		b := blocksOf(v, levelM)
		text := payload(max(n, 13))[max(n, 13)-n:]
		s := drawn(v, b.arranged(contents(text, octets, v, b.data())))
		got, lowest := s.masked(levelM), -1
		var best string
		for m := range 8 {
			dark := make([]bool, s.size*s.size)
			for y := range s.size {
				for x := range s.size {
					dark[y*s.size+x] = s.dark[y].has(x) != (inMask(m, x, y) && !s.patterns[y].has(x))
				}
			}
			for i := range 15 {
				for _, at := range s.format(i) {
					dark[at[1]*s.size+at[0]] = formatOf(levelM, m)>>i&1 == 1
				}
			}
			if p := slowPenalty(dark, s.size); lowest < 0 || p < lowest {
				lowest, best = p, fmt.Sprint(dark)
			}
		}
		dark := make([]bool, s.size*s.size)
		for i := range dark {
			dark[i] = got[i/s.size].has(i % s.size)
		}
		if fmt.Sprint(dark) != best {
			t.Errorf("version %d has another mask than the best", v)
		}
	}
}

// slowPenalty is penalty as the standard tells it.
func slowPenalty(dark []bool, size int) (sum int) {
	at := func(turned bool, i, j int) bool {
		if turned {
			return dark[j*size+i]
		}
		return dark[i*size+j]
	}
	all := 0
	for i := range size {
		for _, turned := range []bool{false, true} {
			var line strings.Builder
			run := 0
			for j := range size {
				line.WriteByte("01"[map[bool]int{true: 1}[at(turned, i, j)]])
				if j > 0 && at(turned, i, j) == at(turned, i, j-1) {
					run++
				} else {
					run = 1
				}
				if run == 5 {
					sum += 3
				} else if run > 5 {
					sum++
				}
			}
			for j := range size - 10 {
				if part := line.String()[j : j+11]; part == "10111010000" || part == "00001011101" {
					sum += 40
				}
			}
		}
		for j := range size {
			if at(false, i, j) {
				all++
			}
			if i > 0 && j > 0 && at(false, i, j) == at(false, i-1, j) && at(false, i, j) == at(false, i, j-1) && at(false, i, j) == at(false, i-1, j-1) {
				sum += 3
			}
		}
	}
	off := 0
	for share := all * 100; share < (45-5*off)*size*size || share > (55+5*off)*size*size; off++ {
	}
	return sum + 10*off
}
