package templates

import (
	"fmt"
	"math"
	"strconv"
)

// rgb is a colour with channels 0 to 255.
type rgb [3]float64

var (
	black = rgb{0, 0, 0}
	white = rgb{255, 255, 255}
)

// parseColor reads #rrggbb; anything else is the default brand's green, since
// a page must never fail for its colour.
func parseColor(s string) rgb {
	if len(s) == 7 && s[0] == '#' {
		if n, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return rgb{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}
		}
	}
	return rgb{0x0b, 0x6e, 0x4f}
}

func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	var l [3]float64
	for i, v := range c {
		v = math.Round(v) / 255
		if v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

// contrast is WCAG's contrast ratio, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// toward mixes c with to in small steps until ok, or returns to.
func (c rgb) toward(to rgb, ok func(rgb) bool) rgb {
	for step := 0; step <= 50; step++ {
		share := float64(step) / 50
		var mixed rgb
		for i := range mixed {
			mixed[i] = c[i]*(1-share) + to[i]*share
		}
		if ok(mixed) {
			return mixed
		}
	}
	return to
}

// scheme is what one mode, light or dark, does with the brand colour.
type scheme struct {
	fill rgb // buttons
	text rgb // letters on fill
	link rgb // letters in the brand colour on page and card
}

// newScheme finds colours near the brand's that stay readable: letters at
// least 4.5:1 on every ground they stand on, buttons at least 3:1 against it.
func newScheme(brand rgb, grounds []rgb, away rgb) scheme {
	clear := func(c rgb, ratio float64) bool {
		for _, g := range grounds {
			if contrast(c, g) < ratio {
				return false
			}
		}
		return true
	}
	s := scheme{
		fill: brand.toward(away, func(c rgb) bool { return clear(c, 3) }),
		link: brand.toward(away, func(c rgb) bool { return clear(c, 4.5) }),
	}
	// One of black and white always reaches 4.5:1, whatever the colour.
	if s.text = white; contrast(white, s.fill) < 4.5 {
		s.text = black
	}
	return s
}
