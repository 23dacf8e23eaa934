package routers

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// lists keeps what routers said about their menus. A router has no paging, and fifty
// thousand users take it seconds to list: one read serves all pages of a list, the page
// shows its age, and no page waits for it longer than listWait.
type lists struct {
	mu   sync.Mutex
	held map[listKey]*heldList
	busy chan struct{} // bounds how many are read at a time
}

type listKey struct {
	router string
	menu   hotspot.Menu
}

// heldList is replaced as a whole; its items never change under a reader.
type heldList struct {
	items []hotspot.Item
	at    time.Time // zero: never read
	used  time.Time
	stale bool
	cut   bool
	err   error         // of the last read
	done  chan struct{} // nil while no read is under way
}

const (
	listWait   = 2500 * time.Millisecond
	listLimit  = 30 * time.Second
	listPage   = 50
	mostRows   = 100_000 // of one list; what is beyond is left out, and said
	mostHeld   = 300_000 // rows of all lists together
	mostLists  = 24
	usersLife  = time.Minute
	othersLife = 5 * time.Second
	readAtOnce = 2
	longestKey = 200 // bytes of a name in a cursor: it travels in an address
)

// ListQuery asks for one page of a menu.
type ListQuery struct {
	Menu  hotspot.Menu
	By    string // "name", "prefix", "comment", "profile" or "" for any column
	Text  string
	After string // cursor of the page before
	Fresh bool   // read the router again
}

// ListPage is one page of a menu.
type ListPage struct {
	Items   []hotspot.Item
	Matches int
	All     int
	At      time.Time // when the router said so; zero: never
	Reading bool      // a newer answer is on its way
	Cut     bool      // the router has more rows than are kept
	Next    string    // cursor, "" at the end
	Err     error     // why the last read failed; Items may still hold what was known before
}

// ListItems returns a page of a menu. The router's troubles are in the page's
// Err; the error is for a menu that is none: NotFound "router.no_menu".
func (s *Service) ListItems(ctx context.Context, r catalog.Router, q ListQuery) (ListPage, error) {
	m, err := s.manager()
	if err != nil {
		return ListPage{}, err
	}
	spec, known := hotspot.SpecOf(q.Menu)
	if !known {
		return ListPage{}, fault.New(fault.NotFound, "router.no_menu")
	}
	if q.By == "name" && q.Text != "" { // the router itself finds one name fastest
		items, err := find(ctx, m, r, q)
		return ListPage{Items: items, Matches: len(items), All: len(items), At: s.Clock.Now(), Err: err}, nil
	}
	h := s.lists.get(s, m, r, q.Menu, q.Fresh)
	if h.done != nil {
		wait := time.NewTimer(listWait)
		defer wait.Stop()
		select {
		case <-h.done:
		case <-wait.C:
		case <-ctx.Done():
		}
		h = s.lists.peek(listKey{r.ID, q.Menu})
	}
	p := ListPage{All: len(h.items), At: h.at, Reading: h.done != nil, Cut: h.cut, Err: h.err}
	p.cut(spec, h.items, q)
	return p, nil
}

// find lets the router search for a name, in the code page of old consoles too
// where that writes it differently.
func find(ctx context.Context, m hotspot.Manager, r catalog.Router, q ListQuery) ([]hotspot.Item, error) {
	items, err := m.Find(ctx, panelAccess(r), q.Menu, q.Text)
	if old := hotspot.BytesLike(q.Text, "\xE9"); err == nil && len(items) == 0 && old != q.Text {
		items, err = m.Find(ctx, panelAccess(r), q.Menu, old)
	}
	return items, err
}

// cut picks the page out of the whole list.
func (p *ListPage) cut(spec hotspot.Spec, items []hotspot.Item, q ListQuery) {
	match := q.matcher(spec)
	started := q.After == ""
	for _, x := range items {
		if !match(x) {
			continue
		}
		p.Matches++
		key := cursorOf(spec, x)
		switch {
		case !started && spec.Sorted && key > q.After:
			started = true
		case !started:
			started = !spec.Sorted && key == q.After
			continue
		}
		switch {
		case len(p.Items) < listPage:
			p.Items = append(p.Items, x)
		case p.Next == "":
			p.Next = cursorOf(spec, p.Items[listPage-1])
		}
	}
}

// cursorOf is where a page ends: by name where the list is sorted, so that a
// row that went away does not lose the place.
func cursorOf(spec hotspot.Spec, x hotspot.Item) string {
	if spec.Sorted {
		return x.Values[0][:min(len(x.Values[0]), longestKey)] + "\x1f" + x.ID
	}
	return x.ID
}

func (q ListQuery) matcher(spec hotspot.Spec) func(hotspot.Item) bool {
	text := lower(strings.TrimSpace(q.Text))
	if text == "" {
		return func(hotspot.Item) bool { return true }
	}
	switch q.By {
	case "prefix":
		return func(x hotspot.Item) bool { return strings.HasPrefix(lower(x.Values[0]), text) }
	case "comment", "profile":
		return func(x hotspot.Item) bool { return strings.Contains(lower(spec.Of(x, q.By)), text) }
	}
	return func(x hotspot.Item) bool {
		return slices.ContainsFunc(x.Values, func(v string) bool { return strings.Contains(lower(v), text) })
	}
}

// lower is a value as it is compared in a search.
func lower(v string) string { return strings.ToLower(hotspot.Shown(v)) }

// get returns what is known of a menu and has it read again when that is old.
func (l *lists) get(s *Service, m hotspot.Manager, r catalog.Router, menu hotspot.Menu, fresh bool) heldList {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, key := s.Clock.Now(), listKey{r.ID, menu}
	h := l.held[key]
	if h == nil {
		h = &heldList{}
		if l.held == nil {
			l.held, l.busy = map[listKey]*heldList{}, make(chan struct{}, readAtOnce)
		}
		l.held[key] = h
	}
	h.used = now
	life := othersLife
	if menu == hotspot.MenuUsers {
		life = usersLife
	}
	if old := h.at.IsZero() || h.stale || fresh || now.Sub(h.at) >= life || now.Before(h.at); old && h.done == nil {
		h.done, h.stale = make(chan struct{}), false
		go l.read(s, m, r, key, h)
	}
	return *h
}

func (l *lists) peek(key listKey) heldList {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.held[key]; h != nil {
		return *h
	}
	return heldList{}
}

func (l *lists) read(s *Service, m hotspot.Manager, r catalog.Router, key listKey, h *heldList) {
	ctx, cancel := context.WithTimeout(context.Background(), listLimit)
	defer cancel()
	var items []hotspot.Item
	var err error
	select {
	case l.busy <- struct{}{}:
		items, err = m.List(ctx, panelAccess(r), key.menu)
		<-l.busy
	case <-ctx.Done():
		err = hotspot.ErrBusy.With(ctx.Err())
	}
	if spec, _ := hotspot.SpecOf(key.menu); spec.Sorted {
		slices.SortFunc(items, func(a, b hotspot.Item) int { return strings.Compare(cursorOf(spec, a), cursorOf(spec, b)) })
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.err = err; err == nil {
		h.cut = len(items) > mostRows
		h.items, h.at = items[:min(len(items), mostRows)], s.Clock.Now()
	}
	close(h.done)
	h.done = nil
	l.evict(h)
}

// evict drops the lists that were not used for the longest time.
func (l *lists) evict(keep *heldList) {
	for {
		rows, oldest := 0, listKey{}
		var first *heldList
		for key, h := range l.held {
			rows += len(h.items)
			if h != keep && h.done == nil && (first == nil || h.used.Before(first.used)) {
				first, oldest = h, key
			}
		}
		if first == nil || rows <= mostHeld && len(l.held) <= mostLists {
			return
		}
		delete(l.held, oldest)
	}
}

// drop forgets everything about a router.
func (l *lists) drop(router string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key := range l.held {
		if key.router == router {
			delete(l.held, key)
		}
	}
}

// patch brings a list in step with a change of ours: nil values take the row
// out. A short list is read again as well.
func (l *lists) patch(key listKey, id string, values map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, spec := l.held[key], hotspot.Spec{}
	if h == nil {
		return
	}
	spec, _ = hotspot.SpecOf(key.menu)
	h.stale = len(h.items) < 2000
	n := slices.IndexFunc(h.items, func(x hotspot.Item) bool { return x.ID == id })
	if n < 0 {
		return
	}
	h.items = slices.Clone(h.items)
	if values == nil {
		h.items = slices.Delete(h.items, n, n+1)
		return
	}
	x := hotspot.Item{ID: id, Values: slices.Clone(h.items[n].Values)}
	for i, column := range spec.Columns {
		if v, given := values[column]; given && i < len(x.Values) {
			x.Values[i] = v
		}
	}
	h.items[n] = x
}
