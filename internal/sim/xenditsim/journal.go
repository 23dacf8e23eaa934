package xenditsim

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// journal appends one JSON line per changed object and per delivery; the
// newest line of an object counts. What a kill tears in half is the last line only.
type journal struct {
	file *os.File
}

type line struct {
	Request *paymentRequest `json:"request,omitempty"`
	Refund  *refund         `json:"refund,omitempty"`
	Hook    *webhook        `json:"hook,omitempty"`
	Attempt *Attempt        `json:"attempt,omitempty"`
}

func (s *Sim) openJournal() error {
	s.journal = &journal{}
	if s.o.StateFile == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.o.StateFile), 0o700); err != nil {
		return fmt.Errorf("xenditsim: state: %w", err)
	}
	if err := s.replay(); err != nil {
		return err
	}
	return s.compact()
}

func (s *Sim) replay() error {
	f, err := os.Open(s.o.StateFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("xenditsim: state: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil // a line without its end was torn by a kill: it never counted
		}
		if err != nil {
			return fmt.Errorf("xenditsim: state line %d: %w", n, err)
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("xenditsim: state line %d is damaged: %w", n, err)
		}
		s.restore(l)
	}
}

func (s *Sim) restore(l line) {
	switch {
	case l.Request != nil:
		s.index(l.Request)
	case l.Refund != nil:
		if s.refunds[l.Refund.ID] == nil {
			s.refOrder = append(s.refOrder, l.Refund)
		} else {
			*s.refunds[l.Refund.ID] = *l.Refund
			return
		}
		s.refunds[l.Refund.ID] = l.Refund
	case l.Hook != nil:
		if l.Hook.Done {
			delete(s.hooks, l.Hook.ID)
		} else {
			s.hooks[l.Hook.ID] = l.Hook
		}
	case l.Attempt != nil:
		s.note(*l.Attempt)
	}
}

// index puts a charge where it is looked for, or updates the one there.
func (s *Sim) index(p *paymentRequest) {
	s.expiresAt(p.ExpiresAt)
	if old := s.requests[p.ID]; old != nil {
		*old = *p
		return
	}
	s.requests[p.ID] = p
	s.order = append(s.order, p)
	s.byRef[p.ReferenceID] = append(s.byRef[p.ReferenceID], p)
	s.byMethod[p.MethodID] = p
	if p.VA != "" {
		s.byVA[p.VA] = p
	}
	if p.Key != "" {
		s.byKey[p.Key] = keyed{Body: p.KeyBody, ID: p.ID}
	}
}

// compact rewrites the journal with one line per object and opens it.
func (s *Sim) compact() error {
	tmp := s.o.StateFile + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("xenditsim: state: %w", err)
	}
	s.journal.file = f
	for _, p := range s.order {
		s.keep(p)
	}
	for _, r := range s.refOrder {
		s.write(line{Refund: r})
	}
	ids := make([]string, 0, len(s.hooks))
	for id := range s.hooks {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		s.write(line{Hook: s.hooks[id]})
	}
	for i := range s.attempts {
		s.write(line{Attempt: &s.attempts[i]})
	}
	if err := os.Rename(tmp, s.o.StateFile); err != nil {
		return fmt.Errorf("xenditsim: state: %w", err)
	}
	return nil
}

func (s *Sim) keep(p *paymentRequest) { s.write(line{Request: p}) }

// write appends a line in one call, so that only the last one can be torn.
func (s *Sim) write(l line) {
	if s.journal.file == nil {
		return
	}
	text, err := json.Marshal(l)
	if err == nil {
		_, err = s.journal.file.Write(append(text, '\n'))
	}
	if err != nil {
		s.o.Log.Error("xenditsim: state not written", "error", err)
	}
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}
