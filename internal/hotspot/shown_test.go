package hotspot

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShown(t *testing.T) {
	for v, want := range map[string]string{
		"": "", "biasa": "biasa", "é 😀": "é 😀", "Kam\xE9ra": "Kaméra", "\x80 5": "€ 5", "a\nb\tc": "a␊b␉c", "\x00\x7F": "␀␡", "C3: \xC3\xA9\xFF": "C3: Ã©ÿ",
	} {
		if got := Shown(v); got != want {
			t.Errorf("%q is shown as %q, want %q", v, got, want)
		}
	}
}

// Every byte comes back from a page that was left as it is.
func TestBytesComeBack(t *testing.T) {
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	for _, v := range []string{string(all), "Kam\xE9ra", "baris\nbaru", "é", "␊ ditulis\n", "␊\xE9", ""} {
		shown := Shown(v)
		if !utf8.ValidString(shown) || strings.ContainsAny(shown, "\r\n\x00") {
			t.Errorf("%q is shown as %q", v, shown)
		}
		if v == "␊ ditulis\n" { // ambiguous: the picture stays a picture
			continue
		}
		if got := BytesLike(shown, v); v != "␊\xE9" && got != v {
			t.Errorf("%q came back as %q", v, got)
		}
		if got := KeyName(NameKey(v)); got != v {
			t.Errorf("key of %q is %q", v, got)
		}
	}
	if got := BytesLike("Kaméra 2", "Kam\xE9ra"); got != "Kam\xE9ra 2" {
		t.Errorf("%q", got)
	}
	if got := BytesLike("Kaméra 😀", "Kam\xE9ra"); got != "Kaméra 😀" {
		t.Errorf("%q", got)
	}
	if got := BytesLike("␊", "biasa"); got != "␊" {
		t.Errorf("%q", got)
	}
}

func TestInput(t *testing.T) {
	for _, c := range []struct {
		f       Field
		v, want string
	}{
		{Field{Kind: FieldCount}, "", "1"}, {Field{Kind: FieldSpan}, "0s", ""}, {Field{Kind: FieldBytes}, "0", ""}, {Field{Kind: FieldServer}, "all", ""},
		{Field{Kind: FieldPool}, "none", ""}, {Field{Kind: FieldProfile}, "none", "none"}, {Field{Kind: FieldProfile}, "5M/5M", "5M/5M"},
		{Field{Kind: FieldProfile}, "\xE9", "hex:e9"}, {Field{Kind: FieldChoice, Choices: []string{"allow", "deny"}}, "", "allow"},
		{Field{Kind: FieldChoice, Choices: []string{"tcp", ""}}, "", ""}, {Field{Kind: FieldText}, "a\nb", "a␊b"},
	} {
		if got := c.f.Input(c.v); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.f.Kind, c.v, got, c.want)
		}
	}
}

// A mark tells rows apart that a page cannot, and is the same for the same row.
func TestMarks(t *testing.T) {
	spec, _ := SpecOf(MenuUsers)
	of := func(name, comment string) func(string) string {
		return func(c string) string { return map[string]string{"name": name, "comment": comment}[c] }
	}
	if spec.Mark(of("\xE9", "")) == spec.Mark(of("\xE8", "")) || spec.Mark(of("a", "1")) != spec.Mark(of("a", "2")) {
		t.Error("Mark")
	}
	if spec.FormMark(of("a", "1")) == spec.FormMark(of("a", "2")) || spec.FormMark(of("a", "1")) != spec.FormMark(of("a", "1")) {
		t.Error("FormMark")
	}
}
