package vouchers

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"

	"gerai/internal/clock"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// rosters remember how each router's users were found to be right, so that a review reads
// from the books only what changed, on the router or in the books, since it last looked.
type rosters struct {
	mu sync.Mutex
	of map[string]*roster // by router id
}

// roster is one router's. One review of it runs at a time.
type roster struct {
	busy  sync.Mutex
	rows  map[string]seenRow // by user name
	clean bool               // what earlier processes noted was compared with what is found

	bounded bool // one of its users has an end that the router keeps
	held    bool // its scheduler of ends was seen to run

	mu     sync.Mutex
	repeat map[string]repeats     // by voucher id
	use    map[string]voucher.Use // what the router counted of vouchers, by user name
}

// seenRow is a row that was as it should be, or is not ours to judge.
type seenRow struct {
	digest uint64 // of the row
	key    uint64 // of the books, or one of the keys below
	ended  int64  // when its voucher ended, Unix milliseconds, 0 where it did not
}

// Keys of rows that no living voucher has.
const (
	keyStranger = 1
	keyEnded    = 2
)

// repeats counts corrections of one voucher.
type repeats struct {
	since time.Time
	n     int
}

// A user that was corrected mostRepeats times within repeatWindow and is wrong again is
// left to a person: another hand or program wants it so. What has ended is kept out anyway.
const (
	mostRepeats  = 3
	repeatWindow = 10 * time.Minute
)

// take returns the roster of a router, locked; free is false while another review has it.
func (x *rosters) take(router string) (r *roster, free bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.of == nil {
		x.of = map[string]*roster{}
	}
	r = x.of[router]
	if r == nil {
		r = &roster{rows: map[string]seenRow{}, repeat: map[string]repeats{}}
		x.of[router] = r
	}
	return r, r.busy.TryLock()
}

// counted keeps what the router said of its vouchers' use.
func (r *roster) counted(use map[string]voucher.Use) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.use = use
}

// useOf is what a router counted of a user when its users were last compared.
func (x *rosters) useOf(router, name string) (use voucher.Use, known bool) {
	x.mu.Lock()
	r := x.of[router]
	x.mu.Unlock()
	if r == nil {
		return use, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	use, known = r.use[name]
	return use, known
}

// tired reports whether a voucher was corrected too often lately.
func (r *roster) tired(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := r.repeat[id]
	return x.n >= mostRepeats && clock.Within(x.since, now, repeatWindow)
}

func (r *roster) corrected(id string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := r.repeat[id]
	if !clock.Within(x.since, now, repeatWindow) {
		x = repeats{since: now}
	}
	x.n++
	r.repeat[id] = x
}

// forgetOld drops what has run out, so that the map does not grow for ever.
func (r *roster) forgetOld(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, x := range r.repeat {
		if !clock.Within(x.since, now, repeatWindow) {
			delete(r.repeat, id)
		}
	}
}

// rested forgets the corrections of a voucher: a person has put it right.
func (x *rosters) rested(router, id string) {
	x.mu.Lock()
	r := x.of[router]
	x.mu.Unlock()
	if r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.repeat, id)
	}
}

var rosterSeed = maphash.MakeSeed()

// keyOf stands for all that the books say of a voucher and that can change. over is whether
// its time is over.
func keyOf(x store.ReviewRow, over, ending bool) uint64 {
	var h maphash.Hash
	h.SetSeed(rosterSeed)
	for _, s := range []string{x.ID, string(x.State), string(x.OrderID)} {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	var b [8 * 6]byte
	binary.LittleEndian.PutUint64(b[:], uint64(x.Extended))
	binary.LittleEndian.PutUint64(b[8:], uint64(x.Given))
	binary.LittleEndian.PutUint64(b[24:], uint64(x.Carried))
	for i, is := range []bool{x.Unmade, x.Off, over, ending, x.Suspended} {
		if is {
			b[16] |= 1 << i
		}
	}
	binary.LittleEndian.PutUint64(b[32:], uint64(x.ValidUntil))
	binary.LittleEndian.PutUint64(b[40:], uint64(x.PlanDevices))
	_, _ = h.Write(b[:])
	return max(h.Sum64(), keyEnded+1)
}
