package vouchers

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"gerai/internal/store"
)

// watched remembers when each router's sessions were last listed, and of whom among them no
// voucher waited: until the next whole look nothing is asked of the database for them. The
// review, which reads all counters, is the net below: it notes a first login that was passed
// over because a voucher came to have a name that was online already.
type watched struct {
	mu sync.Mutex
	of map[string]seenOnline // by router id
}

// seenOnline is what a look at one router leaves to the next one.
type seenOnline struct {
	at    time.Duration // by the time that passes
	whole time.Duration // when the whole list was last asked of the database
	known []uint64      // digests of user names, in order
}

const (
	// unwatched is how long a router may go without a look before its sessions no longer tell
	// when a device first logged in: it may have come and gone between two looks.
	unwatched = time.Minute
	// wholeEvery is how often the whole list of who is online is asked of the database.
	wholeEvery = 5 * time.Minute
	// mostKnown bounds what is remembered of one router; more are asked of each time.
	mostKnown = 50_000
)

var onlineSeed = maphash.MakeSeed()

// look is one look at one router's sessions.
type look struct {
	seenOnline
	away bool // the last look is longer ago than unwatched
	now  []uint64
}

// look begins one.
func (w *watched) look(router string, now time.Duration) *look {
	w.mu.Lock()
	defer w.mu.Unlock()
	last, known := w.of[router]
	l := &look{seenOnline: last, away: !known || now-last.at > unwatched}
	if l.at = now; l.away || now-last.whole >= wholeEvery {
		l.whole, l.known = now, nil
	}
	return l
}

// fresh reports whether a user was not among those of the last look.
func (l *look) fresh(user []byte) bool {
	digest := maphash.Bytes(onlineSeed, user)
	l.now = append(l.now, digest)
	_, known := slices.BinarySearch(l.known, digest)
	return !known
}

// note keeps what a look has found: all but those who waited, of whom the next look sees what
// has become.
func (w *watched) note(router string, l *look, waiting []store.Voucher) {
	left := make(map[uint64]bool, len(waiting))
	for _, v := range waiting {
		left[maphash.String(onlineSeed, v.Username)] = true
	}
	l.known = slices.DeleteFunc(l.now, func(digest uint64) bool { return left[digest] })
	slices.Sort(l.known)
	l.known = slices.Clip(slices.Compact(l.known))
	if len(l.known) > mostKnown {
		l.known = nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[string]seenOnline{}
	}
	w.of[router] = l.seenOnline
}
