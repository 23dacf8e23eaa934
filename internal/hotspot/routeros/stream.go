package routeros

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/go-routeros/routeros/v3/proto"

	"gerai/internal/fault"
)

// The library builds a map and starts two goroutines for each word of a reply. For one row
// that is no matter; for a listing of every user of fifty routers twice a minute it is most
// of a processor (docs/decisions/0013-review.md). stream sends a sentence and hands the
// rows on as they come, in place: their words are valid until each returns. Between two
// commands nothing of the connection lies in the library's buffers, because a router says
// nothing unasked in sync mode.

// streamBuffer holds what came and was not looked at; a longer word is copied.
const streamBuffer = 32 << 10

// mostStreamed is how many times a usual reply's bytes a listing may have: it is never in
// memory as a whole.
const mostStreamed = 8

var streamBuffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, streamBuffer) }}

// stream is read for a long listing. Each answer of the router has the usual time, the
// listing the time of the session. A pooled connection that died unnoticed is replaced, if
// no row was handed on.
func (s *session) stream(each func(word []byte, end bool) error, words ...string) error {
	for {
		if err := s.connect(); err != nil {
			return err
		}
		stale := !s.used && !s.c.idle.IsZero()
		begun := false
		err := s.streamOnce(func(word []byte, end bool) error { begun = true; return each(word, end) }, words)
		switch {
		case err == nil:
			s.used = true
			return nil
		case !isTransport(err):
			return err
		case stale && !begun && s.ctx.Err() == nil:
			continue
		}
		return fault.Wrap(fault.Unavailable, "router.unreachable", err)
	}
}

func (s *session) streamOnce(each func(word []byte, end bool) error, words []string) error {
	c := s.c
	s.calls++
	stop := context.AfterFunc(s.ctx, func() { _ = c.cap.Conn.Close() })
	defer stop()
	c.cap.listing()
	in := streamBuffers.Get().(*bufio.Reader)
	in.Reset(&unhurried{in: c.cap})
	defer func() { in.Reset(nil); streamBuffers.Put(in); s.got += c.cap.taken }()
	r := &wordReader{in: in, more: func() error {
		return c.cap.SetDeadline(earlier(s.ctx, time.Now().Add(max(s.patience, s.d.o.CallTimeout))))
	}}
	err := r.more()
	if err == nil {
		out := proto.NewWriter(c.cap)
		out.BeginSentence()
		for _, w := range words {
			out.WriteWord(w)
		}
		err = out.EndSentence()
	}
	trap := ""
	if err == nil {
		trap, err = r.reply(each)
	}
	if err == nil && in.Buffered() > 0 {
		err = errors.New("router said more than it was asked")
	}
	if err == nil {
		err = s.ctx.Err() // a connection closed by our own deadline must not look alive
	}
	if err != nil {
		s.discard()
		return &transport{fmt.Errorf("%s: %w", words[0], err)}
	}
	if trap != "" {
		s.used = true
		return classify(words[0], trap)
	}
	return nil
}

// A router sends a listing row by row. Who reads each as it comes is woken for each, which
// takes ten times as long as looking at it. So after a read that brought little the next one
// waits a moment for more; the first one, and one after a full buffer, does not.
const (
	little = streamBuffer / 8
	moment = time.Millisecond
)

// unhurried is a reader that waits for more to read at once.
type unhurried struct {
	in   io.Reader
	rest bool
}

// Read implements io.Reader.
func (u *unhurried) Read(b []byte) (int, error) {
	if u.rest {
		<-time.NewTimer(moment).C
	}
	n, err := u.in.Read(b)
	u.rest = n < little
	return n, err
}

// wordReader reads a reply word by word.
type wordReader struct {
	in   *bufio.Reader
	more func() error // gives the next part of the reply its time
	long []byte       // a word that does not fit the buffer
}

// reply hands the words of every row on, with end after each row, and returns at the end of
// the reply the text of its last trap. An error of each ends the connection's use: the rest
// of the reply is not read.
func (r *wordReader) reply(each func(word []byte, end bool) error) (trap string, err error) {
	for {
		kind, err := r.word()
		if err != nil {
			return trap, err
		}
		row := string(kind) == "!re"
		done, failed := string(kind) == "!done", string(kind) == "!trap"
		switch {
		case row, done, failed, string(kind) == "!empty":
		case len(kind) == 0: // an empty sentence
			continue
		default: // !fatal, or none of a router's words
			return trap, fmt.Errorf("router answered %q", kind[:min(len(kind), 32)])
		}
		if failed {
			trap = "trap without message"
		}
		for {
			word, err := r.word()
			if err != nil {
				return trap, err
			}
			if text, is := bytes.CutPrefix(word, []byte("=message=")); is && failed && len(text) > 0 {
				trap = string(bytes.TrimSpace(text))
			}
			if row {
				if err := each(word, len(word) == 0); err != nil {
					return trap, err
				}
			}
			if len(word) == 0 {
				break
			}
		}
		if done {
			return trap, nil
		}
	}
}

// word reads one word, valid until the next.
func (r *wordReader) word() ([]byte, error) {
	n, err := r.length()
	if err != nil || n == 0 {
		return nil, err
	}
	if err := r.fill(min(n, r.in.Size())); err != nil {
		return nil, err
	}
	if n > r.in.Size() {
		if cap(r.long) < n {
			r.long = make([]byte, n)
		}
		r.long = r.long[:n]
		_, err := io.ReadFull(r.in, r.long)
		return r.long, err
	}
	word, err := r.in.Peek(n)
	if err == nil {
		_, err = r.in.Discard(n)
	}
	return word, err
}

func (r *wordReader) length() (int, error) {
	if err := r.fill(1); err != nil {
		return 0, err
	}
	for need := 1; ; need++ {
		head, err := r.in.Peek(need)
		if err != nil {
			return 0, err
		}
		n, complete, ok := wordLength(head)
		switch {
		case !ok, complete && n > maxWord: // the guard below has said so before
			return 0, errLength
		case complete:
			_, err := r.in.Discard(need)
			return int(n), err
		}
	}
}

// fill gives the router its time again where it has to be waited for.
func (r *wordReader) fill(n int) error {
	if r.in.Buffered() >= n {
		return nil
	}
	return r.more()
}
