package priority

import "context"

// Level is how urgent work is. A higher one goes first.
type Level int

const (
	// Report is work that no customer waits for and that reads much: reports, exports, sums.
	Report Level = iota
	// Ordinary is everything that has no other level: orders being placed, pages, the panel.
	Ordinary
	// Urgent is money that has come and what was bought with it.
	Urgent

	// Levels is how many there are.
	Levels int = iota
)

type key struct{}

// With returns a context whose work has a level.
func With(ctx context.Context, l Level) context.Context {
	if Of(ctx) == l {
		return ctx
	}
	return context.WithValue(ctx, key{}, l)
}

// Of is the level of a context's work: Ordinary where none was set.
func Of(ctx context.Context) Level {
	if l, set := ctx.Value(key{}).(Level); set {
		return l
	}
	return Ordinary
}
