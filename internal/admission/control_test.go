package admission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/testenv"
)

var errBusy = fault.New(fault.Unavailable, "test.busy")

// patience is one that no test waits for.
const patience = time.Hour

func newControl(rule Rule) *Control { return New(rule, errBusy, clock.NewFixed(time.Time{})) }

// entered is a request that was admitted.
type entered struct {
	ctx   context.Context
	leave func()
}

func enter(t *testing.T, c *Control, client string) entered {
	t.Helper()
	ctx, leave, err := c.Enter(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	return entered{ctx, leave}
}

func refused(t *testing.T, c *Control, client string) {
	t.Helper()
	if _, leave, err := c.Enter(t.Context(), client); !errors.Is(err, errBusy) || leave != nil {
		t.Fatalf("%s was not refused: %v", client, err)
	}
}

// waiters has requests of clients wait, one behind the other, and tells in which order they are served.
type waiters struct {
	t        *testing.T
	c        *Control
	all      sync.WaitGroup
	mu       sync.Mutex
	told     []string
	requests []entered
}

func (l *waiters) wait(ctx context.Context, client string) {
	l.t.Helper()
	before := l.c.Numbers().Waiting
	l.all.Go(func() {
		ctx, leave, err := l.c.Enter(ctx, client)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.told = append(l.told, "no "+client)
			return
		}
		l.told = append(l.told, client)
		l.requests = append(l.requests, entered{ctx, leave})
	})
	waiting(l.t, l.c, before+1)
}

func (l *waiters) said() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.told, ", ")
}

// next ends the work of a request and waits until another has been answered.
func (l *waiters) next(leave func()) (next entered) {
	l.t.Helper()
	l.mu.Lock()
	before := len(l.requests)
	l.mu.Unlock()
	leave()
	testenv.Eventually(l.t, time.Minute, func() (bool, string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.requests) == before {
			return false, fmt.Sprint(l.told)
		}
		next = l.requests[before]
		return true, ""
	})
	return next
}

func waiting(t *testing.T, c *Control, n int) {
	t.Helper()
	testenv.Eventually(t, time.Minute, func() (bool, string) {
		got := c.Numbers()
		return got.Waiting == n, fmt.Sprintf("%+v", got)
	})
}

func numbers(t *testing.T, c *Control, want Numbers) {
	t.Helper()
	if got := c.Numbers(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestBoundQueueAndRefusal(t *testing.T) {
	c := newControl(Rule{AtOnce: 2, Waiting: 2, Patience: patience})
	first, second := enter(t, c, "a"), enter(t, c, "a")
	l := &waiters{t: t, c: c}
	l.wait(t.Context(), "b")
	l.wait(t.Context(), "b")
	refused(t, c, "b")
	numbers(t, c, Numbers{Admitted: 2, Refused: 1, Working: 2, Waiting: 2})
	third := l.next(first.leave)
	first.leave() // twice is once
	numbers(t, c, Numbers{Admitted: 3, Waited: 1, Refused: 1, Working: 2, Waiting: 1})
	fourth := l.next(second.leave)
	third.leave()
	fourth.leave()
	l.all.Wait()
	numbers(t, c, Numbers{Admitted: 4, Waited: 2, Refused: 1})
}

// A request waits for its patience, and no longer than its request lives.
func TestWaitsEnd(t *testing.T) {
	c := newControl(Rule{AtOnce: 1, Waiting: 2, Patience: time.Millisecond})
	held := enter(t, c, "a")
	refused(t, c, "a")
	c.rule.Patience = patience
	ctx, cancel := context.WithCancel(t.Context())
	l := &waiters{t: t, c: c}
	l.wait(ctx, "a")
	cancel()
	l.all.Wait()
	if got := l.said(); got != "no a" {
		t.Error(got)
	}
	if _, _, err := c.Enter(ctx, "a"); !errors.Is(err, errBusy) {
		t.Error(err)
	}
	held.leave()
	numbers(t, c, Numbers{Admitted: 1, Refused: 3})
}

// One client never takes the queue from the others, and each keeps its order.
func TestFairness(t *testing.T) {
	c := newControl(Rule{AtOnce: 1, Waiting: 4, Patience: patience})
	held := enter(t, c, "crowd")
	l := &waiters{t: t, c: c}
	for range 4 {
		l.wait(t.Context(), "crowd")
	}
	refused(t, c, "crowd")
	l.all.Go(func() { // makes one of the crowd leave, though the queue is full
		_, leave, err := c.Enter(t.Context(), "one")
		l.mu.Lock()
		defer l.mu.Unlock()
		l.told, l.requests = append(l.told, fmt.Sprint("one ", err)), append(l.requests, entered{nil, leave})
	})
	testenv.Eventually(t, time.Minute, func() (bool, string) { return l.said() == "no crowd", l.said() })
	for range 4 {
		held = l.next(held.leave)
	}
	held.leave()
	l.all.Wait()
	if got := l.said(); got != "no crowd, crowd, one <nil>, crowd, crowd" {
		t.Error(got)
	}
	numbers(t, c, Numbers{Admitted: 5, Waited: 4, Refused: 2})
}

// The queue is as long as what is served within the patience.
func TestQueueFollowsTheWork(t *testing.T) {
	at := clock.NewFixed(time.Time{})
	c := New(Rule{AtOnce: 1, Waiting: 100, Patience: time.Hour}, errBusy, at)
	work := func(took time.Duration) {
		v := enter(t, c, "a")
		at.Add(took)
		v.leave()
	}
	work(20 * time.Minute)
	held := enter(t, c, "a")
	l := &waiters{t: t, c: c}
	for range 3 {
		l.wait(t.Context(), "a")
	}
	refused(t, c, "a")
	at.Add(1000 * time.Hour) // a stall, whose end lets some wait again
	for range 3 {
		held = l.next(held.leave)
	}
	l.wait(t.Context(), "a")
	refused(t, c, "a")
	held = l.next(held.leave)
	held.leave()
	l.all.Wait()
	for range 100 {
		work(time.Minute)
	}
	held = enter(t, c, "a")
	for range 20 {
		l.wait(t.Context(), "a")
	}
	for range 20 {
		held = l.next(held.leave)
	}
	held.leave()
}

// While one waits for the outside world, others work; it goes on before new ones begin.
func TestAside(t *testing.T) {
	c := newControl(Rule{AtOnce: 1, Waiting: 3, Patience: patience})
	first := enter(t, c, "a")
	l := &waiters{t: t, c: c}
	l.wait(t.Context(), "b")
	called, end, done := make(chan bool), make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		Aside(first.ctx, func() {
			Aside(first.ctx, func() {}) // inside another it changes nothing
			close(called)
			<-end
		})
	}()
	<-called
	testenv.Eventually(t, time.Minute, func() (bool, string) { return l.said() == "b", l.said() })
	numbers(t, c, Numbers{Admitted: 2, Waited: 1, Working: 1})
	l.wait(t.Context(), "c")
	close(end)
	testenv.Eventually(t, time.Minute, func() (bool, string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.stepping) == 1, "it does not ask for its place"
	})
	l.requests[0].leave()
	<-done
	numbers(t, c, Numbers{Admitted: 2, Waited: 1, Working: 1, Waiting: 1})
	l.next(first.leave).leave()
	l.all.Wait()
	Aside(t.Context(), func() { called = nil })
	if called != nil {
		t.Error("a context without a request runs nothing")
	}
	numbers(t, c, Numbers{Admitted: 3, Waited: 2})
}

// A request that ends while it is aside goes on without a place and leaves none behind.
func TestAsideOfAnEndedRequest(t *testing.T) {
	c := newControl(Rule{AtOnce: 1, Waiting: 1, Patience: patience})
	ctx, cancel := context.WithCancel(t.Context())
	ctx, leave, err := c.Enter(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	var other entered
	Aside(ctx, func() {
		other = enter(t, c, "b")
		cancel()
	})
	Aside(ctx, func() {})
	numbers(t, c, Numbers{Admitted: 2, Working: 1})
	leave()
	numbers(t, c, Numbers{Admitted: 2, Working: 1})
	other.leave()
	numbers(t, c, Numbers{Admitted: 2})
}

// Whatever requests do, every place comes back.
func TestNoPlaceIsLost(t *testing.T) {
	c := New(Rule{AtOnce: 3, Waiting: 5, Patience: time.Millisecond}, errBusy, clock.System{})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			client := fmt.Sprint(i % 5)
			for n := range 200 {
				ctx, cancel := context.WithCancel(t.Context())
				if n%7 == 0 {
					cancel()
				}
				ctx, leave, err := c.Enter(ctx, client)
				if err == nil {
					if n%2 == 0 {
						Aside(ctx, func() {
							if n%3 == 0 {
								cancel()
							}
						})
					}
					leave()
				}
				cancel()
			}
		})
	}
	all.Wait()
	n := c.Numbers()
	if n.Working != 0 || n.Waiting != 0 || n.Admitted+n.Refused != 16*200 {
		t.Errorf("%+v", n)
	}
	if len(c.stepping) != 0 || len(c.queue.byClient) != 0 || len(c.queue.turns) != 0 {
		t.Errorf("left behind: %v %v", c.stepping, slices.Clone(c.queue.turns))
	}
}
