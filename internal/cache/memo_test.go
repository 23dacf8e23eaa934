package cache

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/clock"
)

type key string

var errLoad = errors.New("cannot be read")

// Whatever happens in whatever order, a Memo serves nothing older than its life on
// either clock, nothing from before a drop, nothing of a failed load, and holds no more
// than its bound.
func TestMemoKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const life, bound = 10 * time.Second, 3
		now := clock.NewFixed(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
		m := NewMemo[key, int](now, life, bound)
		keys := rapid.SampledFrom([]key{"a", "b", "c", "d", "e"})
		read := map[int]moment{} // when each value was read
		gone := map[int]bool{}   // dropped since, or failed
		last := 0
		drop := func(k key, all bool) {
			for v := range read {
				gone[v] = true // values of other keys are loaded again at worst
			}
			if all {
				m.Clear()
				return
			}
			m.Drop(k)
			for _, other := range []key{"a", "b", "c", "d", "e"} {
				if v, found := m.Cached(other); found && other != k {
					gone[v] = false
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				if m.Len() > bound {
					t.Fatalf("holds %d", m.Len())
				}
				if len(m.loads) > 0 {
					t.Fatal("a load is listed for ever")
				}
			},
			"get": func(t *rapid.T) {
				k := keys.Draw(t, "key")
				during := rapid.SampledFrom([]string{"", "", "", "fail", "drop", "clear", "wait"}).Draw(t, "during")
				loaded := 0
				v, err := m.Get(context.Background(), k, func(context.Context) (int, error) {
					last++
					loaded, read[last] = last, m.now()
					switch during {
					case "fail":
						gone[last] = true
						return last, errLoad
					case "drop", "clear":
						drop(k, during == "clear")
					case "wait":
						now.Add(life / 2)
					}
					return loaded, nil
				})
				switch {
				case loaded != 0 && during == "fail":
					if !errors.Is(err, errLoad) {
						t.Fatal(err)
					}
				case err != nil:
					t.Fatal(err)
				case loaded != 0:
					if v != loaded {
						t.Fatalf("%d instead of %d", v, loaded)
					}
				case gone[v]:
					t.Fatalf("served %d, which was dropped or failed", v)
				default:
					at := m.now()
					if age := at.elapsed - read[v].elapsed; age >= life {
						t.Fatalf("served after %v", age)
					}
					if age := at.at.Sub(read[v].at); age >= life || age < -clock.Skew {
						t.Fatalf("served %v later by the wall clock", age)
					}
				}
			},
			"drop":  func(t *rapid.T) { drop(keys.Draw(t, "key"), false) },
			"clear": func(*rapid.T) { drop("", true) },
			"wait":  func(t *rapid.T) { now.Add(time.Duration(rapid.IntRange(1, 6000).Draw(t, "ms")) * time.Millisecond) },
			"set": func(t *rapid.T) {
				now.Step(time.Duration(rapid.SampledFrom([]int{-20, -4, -4, -4, 4, 20}).Draw(t, "s")) * time.Second)
			},
		})
	})
}

// Neither clock alone decides that a value is young enough.
func TestMemoBelievesNoClockAlone(t *testing.T) {
	const life = 10 * time.Second
	for name, pass := range map[string]func(*clock.Fixed){
		"time passes":              func(c *clock.Fixed) { c.Add(life) },
		"the clock is set forward": func(c *clock.Fixed) { c.Step(life) },
		"the clock is set back":    func(c *clock.Fixed) { c.Step(-clock.Skew - time.Second) },
		"the clock is set back steadily": func(c *clock.Fixed) {
			for range 10 {
				c.Step(-time.Second)
				c.Add(time.Second)
			}
		},
	} {
		now := clock.NewFixed(time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC))
		m := NewMemo[key, int](now, life, 2)
		m.Put("a", 1)
		now.Add(life - time.Millisecond)
		if _, found := m.Cached("a"); !found {
			t.Fatal("a young value is gone")
		}
		m.Put("a", 1)
		if pass(now); m.Len() != 1 {
			t.Fatal(m.Len())
		}
		if _, found := m.Cached("a"); found || m.Len() != 0 {
			t.Errorf("%s, and the value is served", name)
		}
	}
}

// What is asked for after a drop was loaded after it, however many read and drop.
func TestMemoLosesNoDrop(t *testing.T) {
	m := NewMemo[key, int64](clock.System{}, time.Minute, 2)
	var truth, dropped atomic.Int64
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 2000 {
				if n == 0 {
					if v := truth.Add(1); v%7 == 0 {
						m.Clear()
					} else {
						m.Drop("a")
					}
					dropped.Store(truth.Load())
				}
				known := dropped.Load()
				v, err := m.Get(context.Background(), "a", func(context.Context) (int64, error) { return truth.Load(), nil })
				if err != nil || v < known {
					t.Errorf("%d is served after the drop for %d (%v)", v, known, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// One load serves all callers that come while it runs; a caller after a drop does not join it.
func TestMemoLoadsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemo[key, int](nil, 0, 2)
		began, finish := make(chan struct{}), make(chan struct{})
		var loads atomic.Int64
		slow := func(context.Context) (int, error) {
			loads.Add(1)
			close(began)
			<-finish
			return 1, nil
		}
		var all sync.WaitGroup
		get := func(want int, load func(context.Context) (int, error)) {
			all.Go(func() {
				if v, err := m.Get(context.Background(), "a", load); err != nil || v != want {
					t.Errorf("%d instead of %d: %v", v, want, err)
				}
			})
		}
		get(1, slow)
		<-began
		for range 5 {
			get(1, func(context.Context) (int, error) { loads.Add(1); return 1, nil })
		}
		synctest.Wait() // they join: none of them may load
		if loads.Load() != 1 {
			t.Fatalf("%d loads", loads.Load())
		}
		m.Drop("a")
		if v, err := m.Get(context.Background(), "a", func(context.Context) (int, error) { return 2, nil }); err != nil || v != 2 {
			t.Fatal(v, err)
		}
		close(finish)
		all.Wait()
		if v, found := m.Cached("a"); !found || v != 2 {
			t.Fatal("the load from before the drop replaced the one after it:", v, found)
		}
	})
}

// A cancelled load fails its own caller and no other.
func TestMemoOutlivesACancelledLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemo[key, int](nil, 0, 2)
		ctx, cancel := context.WithCancel(context.Background())
		began := make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			_, err := m.Get(ctx, "a", func(ctx context.Context) (int, error) {
				close(began)
				<-ctx.Done()
				return 0, ctx.Err()
			})
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		<-began
		all.Go(func() {
			if v, err := m.Get(context.Background(), "a", func(context.Context) (int, error) { return 3, nil }); err != nil || v != 3 {
				t.Error(v, err)
			}
		})
		synctest.Wait()
		cancel()
		all.Wait()
	})
}

// A load that panics leaves nothing behind.
func TestMemoSurvivesAPanic(t *testing.T) {
	m := NewMemo[key, error](nil, 0, 2)
	func() {
		defer func() { _ = recover() }()
		_, _ = m.Get(context.Background(), "a", func(context.Context) (error, error) { panic("broken") })
	}()
	if len(m.loads) > 0 || m.Len() > 0 {
		t.Fatal("something is left")
	}
	if v, err := m.Get(context.Background(), "a", func(context.Context) (error, error) { return nil, nil }); v != nil || err != nil {
		t.Fatal(v, err)
	}
	m.Put("b", errLoad)
	if v, found := m.Cached("b"); !found || v != errLoad {
		t.Fatal(v, found)
	}
}
