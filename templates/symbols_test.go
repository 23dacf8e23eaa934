package templates

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// Every icon that a page names is drawn.
func TestSymbolsAreDrawn(t *testing.T) {
	named := regexp.MustCompile(`\.Symbol "([^"]*)"`)
	found := 0
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".html") {
			return err
		}
		source, err := fs.ReadFile(files, path)
		for _, m := range named.FindAllSubmatch(source, -1) {
			found++
			if !bytes.Contains(symbolsSource, []byte(`<symbol id="`+string(m[1])+`"`)) {
				t.Errorf("%s names %s, which is not drawn", path, m[1])
			}
		}
		return err
	})
	if err != nil || found == 0 {
		t.Fatal(found, err)
	}
}
