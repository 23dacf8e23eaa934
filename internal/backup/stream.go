package backup

import (
	"context"
	"io"
)

// Until reads until the context ends.
func Until(ctx context.Context, r io.Reader) io.Reader { return until{ctx, r} }

type until struct {
	ctx context.Context
	io.Reader
}

// Read reads unless the context has ended.
func (r until) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Onto writes with errors that say what is wrong with the place, so that they are told
// from those of what is read.
func Onto(w io.Writer) io.Writer { return onto{w} }

type onto struct{ io.Writer }

// Write writes.
func (w onto) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	return n, Placed(err)
}
