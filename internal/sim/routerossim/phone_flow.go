package routerossim

import (
	"errors"
	"io"
	"net/http"
)

// flow counts the bytes of one connection as the device's traffic and says
// when the router stops letting it through.
type flow struct {
	r   *Router
	mac string
	way way
}

var errCut = errors.New("routerossim: the device is not let through any more")

func (f *flow) up(n int) error   { return f.r.carry(f.mac, f.way, int64(n), 0) }
func (f *flow) down(n int) error { return f.r.carry(f.mac, f.way, 0, int64(n)) }

// carry moves bytes of a device if it may still send them.
func (r *Router) carry(mac string, way way, up, down int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errCut
	}
	r.applyDue()
	host := r.present(mac)
	if host == nil || way == toOnline && !r.isOnline(host) {
		return errCut
	}
	r.traffic(host, up, down)
	r.keep()
	return nil
}

// headerSize is about what a header takes on the wire.
func headerSize(h http.Header) int {
	n := len("HTTP/1.1\r\n\r\n")
	for name, list := range h {
		for _, v := range list {
			n += len(name) + len(v) + len(": \r\n")
		}
	}
	return n
}

// countedBody is a request body on its way up.
type countedBody struct {
	io.ReadCloser
	flow *flow
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		if cut := b.flow.up(n); cut != nil {
			return 0, cut
		}
	}
	return n, err
}

// countedWriter is an answer on its way down.
type countedWriter struct {
	http.ResponseWriter
	flow *flow
	sent bool
}

func (w *countedWriter) WriteHeader(status int) {
	if status >= 200 && !w.sent {
		w.sent = true
		_ = w.flow.down(headerSize(w.Header())) // the first bytes of the body will hear of a cut
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *countedWriter) Write(p []byte) (int, error) {
	if !w.sent {
		w.WriteHeader(http.StatusOK)
	}
	if err := w.flow.down(len(p)); err != nil {
		return 0, err
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets a response controller flush the real writer.
func (w *countedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush is for handlers that ask for an http.Flusher.
func (w *countedWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }
