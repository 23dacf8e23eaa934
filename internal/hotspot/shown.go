package hotspot

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A router keeps bytes, not text: old consoles write Windows-1252, imports
// leave control characters. A page holds neither, so what it shows is a text
// made from the bytes, and a field counts as changed only when it differs from
// what was shown.

// windows1252 is the upper half of the code page that Winbox writes. The five
// bytes without a letter keep their own number, so that every byte has a rune
// of its own.
var windows1252 = [32]rune{'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ'}

// Control characters are shown as the pictures that Unicode has for them.
const (
	pictures      = 0x2400
	pictureDelete = 0x2421
)

// Shown is a value as a page can show it. Bytes that are no UTF-8 are read in
// Windows-1252, control characters become their pictures.
func Shown(v string) string {
	if plain(v) {
		return v
	}
	var b strings.Builder
	if utf8.ValidString(v) {
		for _, r := range v {
			b.WriteRune(picture(r))
		}
		return b.String()
	}
	for i := range len(v) {
		r := rune(v[i])
		if v[i] >= 0x80 && v[i] < 0xA0 {
			r = windows1252[v[i]-0x80]
		}
		b.WriteRune(picture(r))
	}
	return b.String()
}

func plain(v string) bool {
	return utf8.ValidString(v) && !strings.ContainsFunc(v, func(r rune) bool { return picture(r) != r })
}

func picture(r rune) rune {
	switch {
	case r < 0x20:
		return pictures + r
	case r == 0x7F:
		return pictureDelete
	}
	return r
}

// BytesLike returns a text that was typed over a value in the value's own
// bytes: its code page, its control characters. A text that the code page
// cannot hold is UTF-8.
func BytesLike(typed, was string) string {
	if plain(was) {
		return typed
	}
	if !literal(was) && Shown(was) != strings.Map(control, Shown(was)) {
		typed = strings.Map(control, typed)
	}
	if utf8.ValidString(was) {
		return typed
	}
	out := make([]byte, 0, len(typed))
	for _, r := range typed {
		n := slices.Index(windows1252[:], r)
		switch {
		case n >= 0:
			out = append(out, byte(0x80+n))
		case r < 0x80 || r >= 0xA0 && r <= 0xFF:
			out = append(out, byte(r))
		default:
			return typed
		}
	}
	return string(out)
}

// control is the character that a picture stands for.
func control(r rune) rune {
	switch {
	case r >= pictures && r < pictures+0x20:
		return r - pictures
	case r == pictureDelete:
		return 0x7F
	}
	return r
}

// literal reports whether a value holds such a picture itself.
func literal(v string) bool {
	return utf8.ValidString(v) && strings.ContainsFunc(v, func(r rune) bool { return control(r) != r })
}

// A name of another row is chosen, never typed, so it travels exactly: as
// itself where a page can hold it, else in hex.
const hexName = "hex:"

// NameKey is a name as the value of a choice.
func NameKey(v string) string {
	if plain(v) && !strings.HasPrefix(v, hexName) && !strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return v
	}
	return hexName + hex.EncodeToString([]byte(v))
}

// KeyName is the name behind a choice.
func KeyName(key string) string {
	if text, ok := strings.CutPrefix(key, hexName); ok {
		if raw, err := hex.DecodeString(text); err == nil {
			return string(raw)
		}
	}
	return key
}

// IsRef reports whether the field names a row of another menu.
func (f Field) IsRef() bool {
	return f.Kind == FieldProfile || f.Kind == FieldServer || f.Kind == FieldPool
}

// Input is a value of the router as the field's input shows and returns it.
func (f Field) Input(v string) string {
	switch {
	case v == "" && f.Kind == FieldCount:
		return "1" // what a router takes when nothing is said
	case (f.Kind == FieldBytes || f.Kind == FieldSpan) && (v == "0" || v == "0s" || v == "none"):
		return ""
	case f.Kind == FieldPool && v == "none", f.Kind == FieldServer && v == "all":
		return ""
	case f.Kind == FieldChoice && v == "" && !slices.Contains(f.Choices, ""):
		return f.Choices[0]
	case f.IsRef():
		return NameKey(v)
	}
	return Shown(v)
}

// Mark stands for what a row is about, so that a form can say which row it was
// made for without carrying the row's own bytes.
func (s Spec) Mark(of func(column string) string) string { return digest(s.Names, of) }

// FormMark stands for what a row is about and for every value of its form.
func (s Spec) FormMark(of func(column string) string) string {
	columns := slices.Clone(s.Names)
	for _, f := range s.Form {
		columns = append(columns, f.Name)
	}
	return digest(columns, of)
}

func digest(columns []string, of func(column string) string) string {
	h := sha256.New()
	for _, c := range columns {
		v := sha256.Sum256([]byte(of(c)))
		h.Write(v[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
