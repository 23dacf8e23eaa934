package staff

import (
	"context"
	"strings"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/store/storetest"
)

// last gives up waiting once everything has been counted.
type last struct {
	cache.Limiter
	giveUp func()
}

func (l last) Allow(ctx context.Context, key string, limit cache.Limit) (bool, time.Duration) {
	if strings.HasPrefix(key, "signin:account:") {
		defer l.giveUp()
	}
	return l.Limiter.Allow(ctx, key, limit)
}

// Too many sign-ins at once are refused instead of filling the memory.
func TestCrowd(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	o := New(f.Store, cache.NewMemory(f.Clock), f.Clock)
	for range atOnce {
		o.hashing <- struct{}{}
	}
	tired, cancel := context.WithCancel(context.Background())
	o.Cache = last{o.Cache, cancel}
	if _, err := o.SignIn(tired, "nobody", "a long enough password", From{Address: "10.0.0.9"}); !fault.Is(err, fault.Limited) {
		t.Fatal(err)
	}
	<-o.hashing // one place is free again
	if _, err := o.SignIn(context.Background(), "nobody", "a long enough password", From{Address: "10.0.0.9"}); fault.CodeOf(err) != "staff.sign_in_wrong" {
		t.Fatal(err)
	}
}

// A sign-in from a browser that is not known waits for a place of a stranger.
func TestStrangersWaitForTheirPlaces(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	o := New(f.Store, cache.NewMemory(f.Clock), f.Clock)
	for range cap(o.unknownDevices) {
		o.unknownDevices <- struct{}{}
	}
	tired, cancel := context.WithCancel(context.Background())
	o.Cache = last{o.Cache, cancel}
	if _, err := o.SignIn(tired, "nobody", "a long enough password", From{Address: "10.0.0.9"}); !fault.Is(err, fault.Limited) {
		t.Fatal(err)
	}
}

// Guesses from ever new addresses take half of the places: who is known, by the
// browser or by a session, has the others.
func TestACrowdLeavesRoomForTheKnown(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	o := New(f.Store, cache.NewMemory(f.Clock), f.Clock)
	waiting, stop := context.WithCancel(context.Background())
	taken := make(chan func(), atOnce+1)
	for range atOnce + 1 {
		go func() {
			leave, err := o.placeOfUnknownDevice(waiting)
			if err != nil {
				leave = func() {}
			}
			taken <- leave
		}()
	}
	first, second := <-taken, <-taken
	for range atOnce / 2 {
		leave, err := o.place(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	stop() // those that still wait are told so
	for range atOnce - 1 {
		(<-taken)()
	}
	first()
	second()
	if len(o.unknownDevices) != 0 || len(o.hashing) != atOnce/2 {
		t.Errorf("%d and %d places are taken", len(o.unknownDevices), len(o.hashing))
	}
}
