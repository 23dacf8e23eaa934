package routeros

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	ros "github.com/go-routeros/routeros/v3"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// session is one method's turn on a router: at most one connection at a time.
type session struct {
	ctx      context.Context
	d        *Driver
	r        hotspot.Router
	x        *device
	c        *conn
	used     bool // the connection has answered in this session, so it is alive
	entered  bool
	patience time.Duration // for one slow sentence, 0 for the usual
	lane     *pool         // where its connection comes from
	calls    int           // sentences sent so far
	got      int64         // bytes of their answers
}

type row = map[string]string

// read runs a command without effect. A pooled connection may have died
// unnoticed; then one fresh connection is tried.
func (s *session) read(words ...string) ([]row, error) {
	rows, _, err := s.query(words)
	return rows, err
}

// ask is read for commands that answer with one value.
func (s *session) ask(words ...string) (string, error) {
	_, ret, err := s.query(words)
	return ret, err
}

func (s *session) query(words []string) ([]row, string, error) {
	for {
		if err := s.connect(); err != nil {
			return nil, "", err
		}
		stale := !s.used && !s.c.idle.IsZero()
		rows, ret, err := s.call(words)
		if err != nil && isTransport(err) && stale && s.ctx.Err() == nil {
			continue
		}
		if err != nil && isTransport(err) {
			return nil, "", fault.Wrap(fault.Unavailable, "router.unreachable", err)
		}
		return rows, ret, err
	}
}

// write runs a command with an effect, once. When the answer is lost the
// effect is unknown and the error says so.
func (s *session) write(words ...string) (ret string, err error) {
	if err := s.connect(); err != nil {
		return "", err
	}
	if strings.HasPrefix(words[0], profileMenu+"/") {
		defer s.x.profiles.forget()
	}
	_, ret, err = s.call(words)
	if err != nil && isTransport(err) {
		return "", fault.Wrap(fault.Unknown, "router.unreachable", err)
	}
	return ret, err
}

func (s *session) connect() error {
	if s.c != nil {
		return nil
	}
	if !s.entered {
		if err := s.lane.enter(s.ctx); err != nil {
			return err
		}
		s.entered = true
	}
	if s.c = s.lane.take(); s.c != nil {
		s.used = false
		return nil
	}
	c, err := s.d.dial(s.ctx, s.r)
	if fault.Is(err, fault.Config) {
		s.x.refuse(err, s.d.o.LoginPause)
	}
	if err != nil {
		return err
	}
	s.c, s.used = c, true
	return nil
}

// call sends one sentence and reads its reply. After anything but a reply or a
// trap the connection is gone.
func (s *session) call(words []string) ([]row, string, error) {
	c := s.c
	s.calls++
	stop := context.AfterFunc(s.ctx, func() { _ = c.cap.Conn.Close() })
	defer stop()
	c.cap.reply()
	if err := c.cap.SetDeadline(earlier(s.ctx, time.Now().Add(max(s.patience, s.d.o.CallTimeout)))); err != nil {
		s.discard()
		return nil, "", &transport{fmt.Errorf("%s: %w", words[0], err)}
	}
	reply, err := c.client.RunArgs(words)
	s.got += c.cap.taken
	var trap *ros.DeviceError
	if errors.As(err, &trap) && trap.Sentence.Word == "!trap" {
		s.used = true
		return nil, "", classify(words[0], message(trap))
	}
	if err == nil {
		err = s.ctx.Err() // a connection closed by our own deadline must not look alive
	}
	if err != nil {
		s.discard()
		return nil, "", &transport{fmt.Errorf("%s: %w", words[0], err)}
	}
	s.used = true
	rows := make([]row, len(reply.Re))
	for i, sentence := range reply.Re {
		rows[i] = sentence.Map
	}
	return rows, reply.Done.Map["ret"], nil
}

func (s *session) discard() {
	s.c.close()
	s.c = nil
}

func (s *session) release() {
	if s.c != nil {
		if s.ctx.Err() == nil && s.used {
			s.lane.put(s.c)
		} else {
			s.c.close()
		}
		s.c = nil
	}
	if s.entered {
		s.lane.leave()
	}
}

// transport marks errors after which nothing is known about the peer.
type transport struct{ err error }

func (t *transport) Error() string { return t.err.Error() }
func (t *transport) Unwrap() error { return t.err }

func isTransport(err error) bool {
	var t *transport
	return errors.As(err, &t) || fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Unknown)
}

func message(d *ros.DeviceError) string {
	m := d.Sentence.Map["message"]
	if m == "" {
		m = "trap without message"
	}
	return strings.TrimSpace(m)
}
