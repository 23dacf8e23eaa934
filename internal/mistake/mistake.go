package mistake

import "fmt"

// Mistake is an English sentence with its values, one of which may be a Mistake.
type Mistake struct {
	Format string // as fmt takes it
	Args   []any
}

// New is an error that says a sentence. Format is English and a constant, by
// which the message files know the sentence.
func New(format string, args ...any) error { return &Mistake{Format: format, Args: args} }

// Error is the sentence in English.
func (m *Mistake) Error() string { return m.In(func(format string) string { return format }) }

// In is the sentence with its formats translated.
func (m *Mistake) In(translate func(format string) string) string {
	args := make([]any, len(m.Args))
	for i, a := range m.Args {
		args[i] = a
		if inner, ok := a.(*Mistake); ok {
			args[i] = inner.In(translate)
		}
	}
	return fmt.Sprintf(translate(m.Format), args...)
}

// Text is what an error says with the formats of its mistakes translated, one
// line each where several are joined. Other errors are as they are.
func Text(err error, translate func(format string) string) string {
	switch e := err.(type) { //nolint:errorlint // each layer is looked at in turn
	case *Mistake:
		return e.In(translate)
	case interface{ Unwrap() []error }:
		text := ""
		for i, inner := range e.Unwrap() {
			if i > 0 {
				text += "\n"
			}
			text += Text(inner, translate)
		}
		return text
	}
	return err.Error()
}
