package catalog

import (
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"gerai/internal/mistake"
)

// The parser's work grows with the square of what stands side by side or in one
// another, and it recurses. A catalogue needs six levels and two dozen fields.
const (
	maxDepth  = 16
	maxFields = 100
	// patience is for what no bound names: a full file of catalogue takes two seconds.
	patience = 30 * time.Second
)

// bounded refuses a text that the parser would crawl through. Tokens are cheap.
func bounded(text []byte) error {
	var (
		depth, line, entries int
		open                 [maxDepth + 1]int // fields of each open flow collection
		keys                 = map[int]int{}   // fields of each open block mapping by column
		last                 token.Type
	)
	refuse := func(tk *token.Token, format string, args ...any) error {
		return mistake.New("catalogue: line %d: %s", tk.Position.Line, mistake.New(format, args...))
	}
	for _, tk := range lexer.Tokenize(string(text)) {
		if first := tk.Position.Line != line; first && depth == 0 {
			line, entries = tk.Position.Line, 0
			for column := range keys {
				if column > tk.Position.Column {
					delete(keys, column)
				}
			}
		}
		switch tk.Type {
		case token.InvalidType:
			return refuse(tk, "%s", tk.Error)
		case token.SequenceStartType, token.MappingStartType:
			if last == token.SequenceEndType || last == token.MappingEndType {
				return refuse(tk, "a comma is missing before %q", tk.Value)
			}
			if depth++; depth > maxDepth {
				return refuse(tk, "more than %d brackets are open", maxDepth)
			}
			open[depth] = 0
		case token.SequenceEndType, token.MappingEndType:
			if depth--; depth < 0 {
				return refuse(tk, "%q closes nothing", tk.Value)
			}
		case token.MappingValueType:
			if depth > 0 {
				if open[depth]++; open[depth] > maxFields {
					return refuse(tk, "more than %d fields in one place", maxFields)
				}
				break
			}
			entries++
			if column := column(tk); column > 0 {
				if keys[column]++; keys[column] > maxFields {
					return refuse(tk, "more than %d fields in one place", maxFields)
				}
			}
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.AliasType, token.TagType:
			entries++
		}
		if depth == 0 && entries > maxDepth {
			return refuse(tk, "more than %d entries begin on one line", maxDepth)
		}
		last = tk.Type
	}
	return nil
}

// column is where the key before a colon stands.
func column(colon *token.Token) int {
	if colon.Prev == nil {
		return 0
	}
	return colon.Prev.Position.Column
}

// within gives a parser an end. One that is given up works on until the command ends.
func within(patience time.Duration, parse func() (*ast.File, error)) (*ast.File, error) {
	type result struct {
		file *ast.File
		err  error
	}
	done := make(chan result, 1)
	go func() {
		f, err := parse()
		done <- result{f, err}
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case r := <-done:
		return r.file, r.err
	case <-late.C:
		return nil, mistake.New("the file could not be understood within %s; divide long lists over lines and check brackets and quotes", patience)
	}
}
