package glyph

import "testing"

func TestWhatCanBePrinted(t *testing.T) {
	for text, missing := range map[string]string{
		"Kopi Pojok – 1 hari · Rp5.000": "", "Café Ünal, Łódź, Ελλάδα, Москва": "", "": "",
		"Terima kasih 😀": "😀", "قهوة": "قهوة", "漢字 漢": "漢字", "a\u200bb": "\u200b", "tab\there": "\t", "👍🏽👍": "👍🏽", "\U0010ffff": "\U0010ffff", "a\x00": "\x00",
	} {
		if got := Missing(text); got != missing {
			t.Errorf("%q misses %q, want %q", text, got, missing)
		}
		if got := Missing(Printable(text)); got != "" || len([]rune(Printable(text))) != len([]rune(text)) {
			t.Errorf("%q becomes %q", text, Printable(text))
		}
	}
	if got := Printable("Terima kasih 😀\xff"); got != "Terima kasih ?\ufffd" {
		t.Errorf("%q", got)
	}
}
