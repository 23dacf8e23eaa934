package templates

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gerai/internal/catalog"
)

func TestContrastFormula(t *testing.T) {
	if c := contrast(black, white); c < 20.99 || c > 21.01 {
		t.Errorf("black on white is %.2f, WCAG says 21", c)
	}
	// #767676 is the known lightest grey that passes on white.
	if c := contrast(parseColor("#767676"), white); c < 4.5 || c > 4.6 {
		t.Errorf("%.3f", c)
	}
}

// TestEveryBrandColourIsReadable walks the whole cube of colours.
func TestEveryBrandColourIsReadable(t *testing.T) {
	for r := 0; r < 256; r += 17 {
		for g := 0; g < 256; g += 17 {
			for b := 0; b < 256; b += 17 {
				brand := rgb{float64(r), float64(g), float64(b)}
				for mode, grounds := range map[string][]rgb{"light": lightGrounds, "dark": darkGrounds} {
					away := black
					if mode == "dark" {
						away = white
					}
					s := newScheme(brand, grounds, away)
					// What the browser gets is rounded to whole channels.
					fill, text, link := parseColor(s.fill.String()), parseColor(s.text.String()), parseColor(s.link.String())
					if contrast(fill, text) < 4.5 {
						t.Fatalf("%s %s: letters on a button %.2f", mode, brand, contrast(fill, text))
					}
					for _, ground := range grounds {
						if contrast(fill, ground) < 3 || contrast(link, ground) < 4.5 {
							t.Fatalf("%s %s: button %.2f, link %.2f on %s", mode, brand, contrast(fill, ground), contrast(link, ground), ground)
						}
					}
				}
			}
		}
	}
}

// TestSheetIsReadable checks every pair of letters and ground in the sheet, in
// both modes.
func TestSheetIsReadable(t *testing.T) {
	modes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(sheet, -1)
	if len(modes) != 2 {
		t.Fatalf("%d colour blocks, want light and dark", len(modes))
	}
	for i, grounds := range [][]rgb{lightGrounds, darkGrounds} {
		v := map[string]rgb{}
		for _, m := range regexp.MustCompile(`--(\w+):(#[0-9a-f]{6})`).FindAllStringSubmatch(modes[i][1], -1) {
			v[m[1]] = parseColor(m[2])
		}
		if v["bg"] != grounds[0] || v["card"] != grounds[1] {
			t.Errorf("mode %d: theme.go computes against other grounds than the sheet has", i)
		}
		for _, pair := range []string{"ink bg", "ink card", "dim bg", "dim card", "ink soft", "wi w", "wi bg", "gi g", "gi bg", "bi b"} {
			a, b, _ := strings.Cut(pair, " ")
			if c := contrast(v[a], v[b]); c < 4.5 {
				t.Errorf("mode %d: %s is %.2f", i, pair, c)
			}
		}
		if c := contrast(v["field"], v["card"]); c < 3 {
			t.Errorf("mode %d: frame of a field is %.2f", i, c)
		}
	}
}

// TestLettersOnColouredGrounds: notes and tags have grounds of their own, for
// which the colours of links and small print are not made. What may stand inside
// one takes the ground's own ink, unless its colour is readable there in both
// modes and with every brand.
func TestLettersOnColouredGrounds(t *testing.T) {
	for name, source := range map[string]string{"shop": sheet, "panel": squeeze(panelSheetSource)} {
		modes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(source, -1)
		if len(modes) < 2 {
			t.Fatalf("%s: no colours", name)
		}
		inherits := map[string]bool{}
		for _, m := range regexp.MustCompile(`([^{}]+)\{color:inherit\}`).FindAllStringSubmatch(source, -1) {
			for s := range strings.SplitSeq(m[1], ",") {
				if inner, ok := strings.CutPrefix(s, ".note "); ok && (name == "shop" || strings.Contains(m[1], ".tag "+inner)) {
					inherits[inner] = true
				}
			}
		}
		for _, rule := range regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`).FindAllStringSubmatch(source, -1) {
			colour := regexp.MustCompile(`(?:^|;)color:var\(--(\w+)\)`).FindStringSubmatch(rule[2])
			if colour == nil || strings.Contains(rule[2], "background") {
				continue // has a ground of its own
			}
			for selector := range strings.SplitSeq(rule[1], ",") {
				if inherits[selector] || strings.ContainsAny(selector, " >~+:[(") || slices.Contains([]string{"body", "summary", ".go"}, selector) || strings.HasPrefix(selector, "h1") {
					continue // stands elsewhere: a note is a paragraph and holds neither headings nor what opens, nor the arrow of a row
				}
				for mode := range 2 {
					if c := worstOnColoured(modes[mode][1], colour[1], mode); c < 4.5 {
						t.Errorf("%s, mode %d: %s (--%s) inside a note or tag is %.2f", name, mode, selector, colour[1], c)
					}
				}
			}
		}
	}
}

// worstOnColoured is the least contrast of a colour on the grounds of notes and
// tags; that of links depends on the brand.
func worstOnColoured(block, colour string, mode int) float64 {
	v := map[string]rgb{}
	for _, m := range regexp.MustCompile(`--(\w+):(#[0-9a-f]{6})`).FindAllStringSubmatch(block, -1) {
		v[m[1]] = parseColor(m[2])
	}
	letters := []rgb{v[colour]}
	if colour == "link" {
		letters = nil
		for _, brand := range []string{"#0b6e4f", "#1d4ed8", "#b91c1c", "#7c3aed", "#fbbf24", "#111827"} {
			if mode == 0 {
				letters = append(letters, newScheme(parseColor(brand), lightGrounds, black).link)
			} else {
				letters = append(letters, newScheme(parseColor(brand), darkGrounds, white).link)
			}
		}
	}
	worst := 21.0
	for _, ground := range []string{"w", "g", "b", "soft"} {
		for _, c := range letters {
			worst = min(worst, contrast(c, v[ground]))
		}
	}
	return worst
}

// TestPaperIsReadable checks the sheet of receipts and posters the same way.
func TestPaperIsReadable(t *testing.T) {
	modes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(squeeze(paperSource), -1)
	if len(modes) != 3 {
		t.Fatalf("%d colour blocks, want light, dark and paper", len(modes))
	}
	for i, m := range modes {
		v := map[string]rgb{}
		for _, m := range regexp.MustCompile(`--(\w+):(#[0-9a-f]{3,6})`).FindAllStringSubmatch(m[1], -1) {
			if len(m[2]) == 4 { // #abc is #aabbcc
				m[2] = "#" + strings.Repeat(m[2][1:2], 2) + strings.Repeat(m[2][2:3], 2) + strings.Repeat(m[2][3:4], 2)
			}
			v[m[1]] = parseColor(m[2])
		}
		for _, pair := range []string{"ink bg", "ink card", "dim card"} {
			a, b, _ := strings.Cut(pair, " ")
			if c := contrast(v[a], v[b]); c < 4.5 {
				t.Errorf("mode %d: %s is %.2f", i, pair, c)
			}
		}
		if c := contrast(v["line"], v["card"]); c < 3 {
			t.Errorf("mode %d: lines are %.2f", i, c)
		}
	}
}

// TestA04SystemFontsOnly: no font is ever fetched.
func TestA04SystemFontsOnly(t *testing.T) {
	for _, css := range []string{sheet, squeeze(paperSource)} {
		for _, m := range regexp.MustCompile(`font(-family)?:([^;}]*)`).FindAllStringSubmatch(css, -1) {
			if m[2] != "inherit" && m[2] != "ui-monospace,monospace" && !strings.HasSuffix(m[2], "system-ui,Roboto,sans-serif") {
				t.Errorf("font %q", m[2])
			}
		}
		if strings.Contains(css, "@font-face") || strings.Contains(css, "url(") {
			t.Error("something is fetched")
		}
	}
}

func TestThemeSurvivesBadColours(t *testing.T) {
	for _, c := range []string{"", "red", "#12", "#gggggg", "url(x)", "#0b6e4f;}"} {
		b := catalog.DefaultBrand
		b.Color = c
		style := string(NewTheme(b).Style)
		if !strings.HasPrefix(style, ":root{--a:#0b6e4f;") {
			t.Errorf("%q: %s", c, style[:60])
		}
	}
	for _, c := range []string{"#ffffff", "#000000", "#ffee00"} {
		b := catalog.DefaultBrand
		b.Color = c
		if theme := NewTheme(b); !strings.HasPrefix(theme.StyleHash, "'sha256-") || theme.LogoPath != "" {
			t.Errorf("%s: %+v", c, fmt.Sprint(theme.StyleHash, theme.LogoPath))
		}
	}
}
