package mistake

import (
	"errors"
	"testing"
)

func TestTextTranslatesEveryLayer(t *testing.T) {
	words := map[string]string{"line %d: %s": "baris %d: %s", "%q is wrong": "%q salah"}
	err := errors.Join(errors.Join(New("line %d: %s", 2, New("%q is wrong", "x"))), errors.New("raw"))
	got := Text(err, func(format string) string { return words[format] })
	if want := "baris 2: \"x\" salah\nraw"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if want := "line 2: \"x\" is wrong\nraw"; err.Error() != want {
		t.Errorf("%q, want %q", err.Error(), want)
	}
}
