package routerossim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"
)

// journal appends one line per executed command before its answer leaves, so
// that what a client was told survives kill -9. (The lines are not synced:
// they outlive the process, not a power cut.)
type journal struct {
	file    *os.File
	pending entry
	err     error
}

// entry is one line.
type entry struct {
	Ops  []op                `json:"ops,omitempty"`  // in the order they happened
	Next map[string]uint64   `json:"next,omitempty"` // compaction only: ids already used up
	Seq  map[string][]string `json:"seq,omitempty"`  // order of a menu after a move
	Note map[string]string   `json:"note,omitempty"` // boot time, clock shift, certificate
}

// op puts a row as it is now, or deletes it when it has no fields.
type op struct {
	Menu string            `json:"m"`
	ID   string            `json:"i"`
	F    map[string]string `json:"f,omitempty"`
	B    map[string][]byte `json:"b,omitempty"` // fields that are no UTF-8, which JSON cannot hold
	Del  bool              `json:"d,omitempty"`
}

// kept moves what JSON would change out of the fields.
func (o op) kept() op {
	for name, v := range o.F {
		if utf8.ValidString(v) {
			continue
		}
		if o.B == nil {
			o.F, o.B = maps.Clone(o.F), map[string][]byte{}
		}
		o.B[name] = []byte(v)
		delete(o.F, name)
	}
	return o
}

// whole puts it back.
func (o op) whole() op {
	for name, v := range o.B {
		if o.F == nil {
			o.F = map[string]string{}
		}
		o.F[name] = string(v)
	}
	return o
}

func (j *journal) put(t *table, x *row) { j.add(t, op{Menu: t.m.path, ID: x.id, F: x.f}) }

func (j *journal) del(t *table, x *row) { j.add(t, op{Menu: t.m.path, ID: x.id, Del: true}) }

func (j *journal) add(t *table, o op) {
	if j.file == nil || t.m.unlogged {
		return
	}
	// One command often touches a row several times; the map is shared, so the
	// line shows its last state anyway.
	for i := len(j.pending.Ops) - 1; i >= 0 && !o.Del; i-- {
		if p := &j.pending.Ops[i]; p.Menu == o.Menu && p.ID == o.ID {
			if p.Del {
				break
			}
			return
		}
	}
	j.pending.Ops = append(j.pending.Ops, o)
}

func (j *journal) note(key, value string) {
	if j.file == nil {
		return
	}
	if j.pending.Note == nil {
		j.pending.Note = map[string]string{}
	}
	j.pending.Note[key] = value
}

func (j *journal) seq(t *table) {
	if j.file == nil {
		return
	}
	ids := []string{}
	t.each(func(x *row) bool { ids = append(ids, x.id); return true })
	if j.pending.Seq == nil {
		j.pending.Seq = map[string][]string{}
	}
	j.pending.Seq[t.m.path] = ids
}

// flush writes what the command did. A failing disk is remembered and makes
// every later command fail: an unkept promise would be worse.
func (j *journal) flush() error {
	if j.file == nil || j.err != nil {
		return j.err
	}
	e := j.pending
	if len(e.Ops)+len(e.Note)+len(e.Seq) == 0 {
		return nil
	}
	j.pending = entry{}
	for i, o := range e.Ops {
		e.Ops[i] = o.kept()
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err != nil {
		j.err = fmt.Errorf("routerossim: journal: %w", err)
	}
	return j.err
}

// openJournal replays the file, rewrites it compactly beside itself and puts
// the new one in its place. A torn last line is what kill -9 leaves: its
// command was never answered, so it is dropped.
func (r *Router) openJournal(path string) (fresh bool, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		fresh, err = true, nil
	}
	if err != nil {
		return false, fmt.Errorf("routerossim: journal: %w", err)
	}
	if err = r.replay(raw); err != nil {
		return false, fmt.Errorf("routerossim: journal %s: %w", path, err)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		fresh = true
	}
	tmp, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return false, fmt.Errorf("routerossim: journal: %w", err)
	}
	r.journal.file = tmp
	w := bufio.NewWriter(tmp)
	if err = errors.Join(r.writeState(w), w.Flush(), tmp.Sync(), os.Rename(tmp.Name(), path)); err != nil {
		tmp.Close()
		return false, fmt.Errorf("routerossim: journal: %w", err)
	}
	if dir, derr := os.Open(filepath.Dir(path)); derr == nil {
		_ = dir.Sync() // best effort: some file systems refuse
		dir.Close()
	}
	return fresh, nil
}

func (r *Router) replay(raw []byte) error {
	for n := 1; len(raw) > 0; n++ {
		line, rest, whole := bytes.Cut(raw, []byte{'\n'})
		raw = rest
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			if !whole && len(rest) == 0 {
				return nil
			}
			return fmt.Errorf("line %d: %w", n, err)
		}
		r.apply(e)
	}
	return nil
}

func (r *Router) apply(e entry) {
	for _, o := range e.Ops {
		o = o.whole()
		t := r.tables[o.Menu]
		if t == nil {
			continue
		}
		x := t.byID[o.ID]
		switch {
		case o.Del && x != nil:
			t.drop(x)
		case o.Del:
		case x != nil:
			t.unindex(x.f["name"], x)
			x.f = fields(o.F)
			t.index(x.f["name"], x)
		default:
			t.insert(&row{id: o.ID, f: fields(o.F)})
		}
	}
	for path, n := range e.Next {
		if t := r.tables[path]; t != nil && n > t.next {
			t.next = n
		}
	}
	for path, ids := range e.Seq {
		if t := r.tables[path]; t != nil {
			t.reorder(ids)
		}
	}
	for k, v := range e.Note {
		r.notes[k] = v
	}
}

func (r *Router) writeState(w io.Writer) error {
	enc := json.NewEncoder(w)
	next := map[string]uint64{}
	for _, path := range menuOrder {
		t := r.tables[path]
		if next[path] = t.next; t.m.unlogged {
			continue
		}
		var err error
		t.each(func(x *row) bool {
			err = enc.Encode(entry{Ops: []op{op{Menu: path, ID: x.id, F: x.f}.kept()}})
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	return enc.Encode(entry{Next: next, Note: r.notes})
}

func (r *Router) setNote(key, value string) {
	r.notes[key] = value
	r.journal.note(key, value)
}

func (r *Router) noteTime(key string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, r.notes[key])
	if err != nil {
		return time.Time{}
	}
	return t
}

func fields(f map[string]string) map[string]string {
	if f == nil {
		return map[string]string{}
	}
	return f
}
