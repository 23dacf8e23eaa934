package cache

import (
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"testing"
)

func TestOwnSubscribersHearAtOnceAndOnce(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		got, cancel := b.Subscribe("order:1", "catalogue", "order:1")
		defer cancel()
		b.Publish(t.Context(), "order:1", "a")
		b.Publish(t.Context(), "order:2", "not mine")
		b.Publish(t.Context(), "catalogue", "b")
		want := []Message{{"order:1", "a"}, {"catalogue", "b"}}
		if now := waiting(got); fmt.Sprint(now) != fmt.Sprint(want) {
			t.Fatalf("%v", now)
		}
	})
}

func TestSlowSubscriberIsToldToReadAgain(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		slow, cancel := b.Subscribe("t")
		defer cancel()
		for i := range 3 * backlog { // no reader; must not block
			b.Publish(t.Context(), "t", fmt.Sprint(i))
		}
		got := waiting(slow)
		if len(got) != backlog+1 || got[backlog].Topic != TopicResync || got[0].Body != "0" {
			t.Fatalf("%d messages, last %v", len(got), got[len(got)-1])
		}
		b.Publish(t.Context(), "t", "after")
		if m := next(t, slow); m != (Message{"t", "after"}) {
			t.Fatalf("%v", m)
		}
		b.Publish(t.Context(), TopicResync, "")
		if m := next(t, slow); m.Topic != TopicResync {
			t.Fatalf("%v", m)
		}
	})
}

func TestSubscriptionsEnd(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		got, cancel := b.Subscribe("t")
		other, cancelOther := b.Subscribe("t")
		cancel()
		cancel()
		if _, open := <-got; open {
			t.Fatal("cancelled and still open")
		}
		b.Publish(t.Context(), "t", "x")
		if m := next(t, other); m.Body != "x" {
			t.Fatalf("%v", m)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if _, open := <-other; open {
			t.Fatal("closed and still open")
		}
		cancelOther()
		b.Publish(t.Context(), "t", "nobody")
		late, cancelLate := b.Subscribe("t")
		defer cancelLate()
		if _, open := <-late; open {
			t.Fatal("a closed bus took a subscriber")
		}
	})
}

func TestPublishersAndCancelsRace(t *testing.T) {
	forEach(t, func(t *testing.T, b backend) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for i := range 100 {
					_, cancel := b.Subscribe("t", "u")
					b.Publish(t.Context(), "t", fmt.Sprint(i))
					cancel()
				}
			})
		}
		all.Wait()
	})
}

func TestMessagesCrossProcesses(t *testing.T) {
	url, prefix := redisURL(t), rand.Text()
	a, b := open(t, url, prefix, io.Discard), open(t, url, prefix, io.Discard)
	stranger := open(t, url, prefix+"x", io.Discard)
	atA, cancelA := a.Subscribe("order:1", "ready")
	defer cancelA()
	atB, cancelB := b.Subscribe("order:1", "ready")
	defer cancelB()
	atStranger, cancelStranger := stranger.Subscribe("order:1")
	defer cancelStranger()
	handshake(t, a, atB)
	handshake(t, b, atA)
	waiting(atA)
	waiting(atB)

	for i := range backlog {
		a.Publish(t.Context(), "order:1", fmt.Sprint(i))
	}
	for i := range backlog {
		if m := next(t, atB); m != (Message{"order:1", fmt.Sprint(i)}) {
			t.Fatalf("message %d is %v", i, m)
		}
	}
	if own := waiting(atA); len(own) != backlog {
		t.Fatalf("the publisher's own subscriber got %d of %d", len(own), backlog)
	}
	// A message of b that arrives at a proves that a's own have come back over
	// the wire by now and were skipped.
	b.Publish(t.Context(), "order:1", "end")
	if m := next(t, atA); m.Body != "end" {
		t.Fatalf("came back: %v", m)
	}
	if m := waiting(atStranger); len(m) != 0 {
		t.Fatalf("another prefix heard %v", m)
	}
}

// handshake publishes until the other side hears it, for its subscription is
// made in the background.
func handshake(t *testing.T, from Cache, at <-chan Message) {
	t.Helper()
	heard := func() bool { return len(waiting(at)) > 0 }
	until(t, "the processes hear each other", func() { from.Publish(t.Context(), "ready", "") }, heard)
	// Everything said before this mark has arrived once the mark has.
	mark := rand.Text()
	from.Publish(t.Context(), "ready", mark)
	for next(t, at).Body != mark {
	}
}
