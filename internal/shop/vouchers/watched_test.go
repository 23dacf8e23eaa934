package vouchers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gerai/internal/store"
)

func TestWatched(t *testing.T) {
	var w watched
	at := time.Duration(0)
	// round looks at users online, of whom some wait, and returns of whom the database is asked.
	round := func(after time.Duration, waiting []string, online ...string) (asked []string, away bool) {
		at += after
		l := w.look("r1", at)
		for _, name := range online {
			if l.fresh([]byte(name)) {
				asked = append(asked, name)
			}
		}
		var vouchers []store.Voucher
		for _, name := range waiting {
			vouchers = append(vouchers, store.Voucher{Username: name})
		}
		w.note("r1", l, vouchers)
		return asked, l.away
	}
	const pace = 30 * time.Second
	many := make([]string, mostKnown+1)
	for i := range many {
		many[i] = fmt.Sprint("user", i)
	}
	for i, c := range []struct {
		after   time.Duration
		waiting []string
		online  []string
		asked   []string
		away    bool
	}{
		{0, nil, []string{"a", "b"}, []string{"a", "b"}, true},
		{pace, nil, []string{"b", "a", "a"}, nil, false},
		{pace, []string{"c"}, []string{"a", "c", "b"}, []string{"c"}, false},
		{pace, nil, []string{"a", "c"}, []string{"c"}, false}, // once more: what has become of it
		{pace, nil, []string{"a", "c"}, nil, false},
		{pace, nil, []string{"a", "b", "c"}, []string{"b"}, false}, // it was gone
		{unwatched + 1, nil, []string{"a"}, []string{"a"}, true},
		{pace, nil, []string{"a"}, nil, false},
		{pace, nil, many, many, false},
		{pace, nil, many, many, false}, // more than are kept
		{pace, nil, []string{"a"}, []string{"a"}, false},
	} {
		if asked, away := round(c.after, c.waiting, c.online...); !slices.Equal(asked, c.asked) || away != c.away {
			t.Errorf("round %d: asked of %d %.3q, away %v", i, len(asked), asked, away)
		}
	}
	rounds := 0
	for {
		rounds++
		if asked, _ := round(pace, nil, "a"); len(asked) > 0 {
			break
		}
		if rounds > 20 {
			t.Fatal("never asked of everybody again")
		}
	}
	if most := int(wholeEvery / pace); rounds > most {
		t.Errorf("asked of everybody again after %d rounds", rounds)
	}
}
