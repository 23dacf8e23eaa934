package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/priority"
	"gerai/internal/sheet"
)

const (
	// exportTime is how long one file may take; a million orders take about one
	// minute.
	exportTime = 10 * time.Minute
	// exportBuffer is what is written at once.
	exportBuffer = 32 << 10
)

// Stream sends a table as a file that is made while it is read. note is called before the
// first byte, to put on record who takes it. Errors: Unavailable "panel.busy".
func Stream(k *Request, name string, o sheet.Options, fill func(context.Context, sheet.Writer) error, note func() error) error {
	leave, err := k.export()
	if err != nil {
		return err
	}
	streams := false
	defer func() {
		if !streams {
			leave()
		}
	}()
	if err := note(); err != nil {
		return err
	}
	k.Set(fiber.HeaderContentType, sheet.Types[o.Format])
	k.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	streams = true
	k.Context().SetBodyStream(produce(k.Handler, o, fill, leave), -1)
	return nil
}

// produce makes a file while it is being read. What goes wrong breaks the
// connection off, so that half a file never looks like a whole one.
func produce(d *Handler, o sheet.Options, fill func(context.Context, sheet.Writer) error, leave func()) io.Reader {
	in, out := io.Pipe()
	go func() {
		defer leave()
		ctx, cancel := context.WithTimeout(priority.With(context.Background(), priority.Report), exportTime)
		defer cancel()
		err := func() (err error) {
			defer func() { // a panic here is outside of every handler and would end the process
				if x := recover(); x != nil {
					err = fmt.Errorf("panic: %v", x)
				}
			}()
			b := bufio.NewWriterSize(out, exportBuffer)
			w, err := sheet.New(b, o)
			if err != nil {
				return err
			}
			if err := fill(ctx, w); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			return b.Flush()
		}()
		if err != nil {
			d.Log.Warn("export broke off", "error", err)
		}
		out.CloseWithError(err)
	}()
	return in
}
