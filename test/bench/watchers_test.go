package bench

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// watchers are open pages of orders that wait for their payment, and ask for their status as a page without a stream does.
type watchers struct {
	stop context.CancelFunc
	all  sync.WaitGroup

	mu     sync.Mutex
	took   times // from the time at which each question was due
	failed int
}

// placers is how many orders are placed at once before a measurement.
const placers = 16

// openPages places orders that stay unpaid and opens their pages; each asks every pagePoll, at a time of its own.
func (s *stage) openPages(n int) *watchers {
	s.Helper()
	w := &watchers{}
	if n == 0 {
		w.stop = func() {}
		return w
	}
	paths := s.unpaid(n)
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	start := time.Now()
	for i, path := range paths {
		first := start.Add(time.Duration(i) * pagePoll / time.Duration(n))
		w.all.Go(func() { w.poll(ctx, s.Shop+path+"/status", first) })
	}
	return w
}

// unpaid places orders and returns the paths of their pages.
func (s *stage) unpaid(n int) []string {
	s.Helper()
	paths := make([]string, n)
	var next atomic.Int64
	var placing sync.WaitGroup
	for range placers {
		placing.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				for range 100 { // the shop may be busy for a while
					var err error
					ctx, cancel := context.WithTimeout(context.Background(), patience)
					paths[i], err = s.place(ctx, i%len(s.sites))
					cancel()
					if err == nil {
						break
					}
					<-time.After(100 * time.Millisecond)
				}
			}
		})
	}
	placing.Wait()
	if slices.Contains(paths, "") {
		s.Fatal("the pages cannot be opened: no order can be placed")
	}
	return paths
}

// poll asks at fixed times until ctx ends, with the tag of the answer before.
func (w *watchers) poll(ctx context.Context, address string, due time.Time) {
	tag := ""
	for ; ; due = due.Add(pagePoll) {
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return
		}
		good := func() bool {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				return false
			}
			req.Header.Set("If-None-Match", tag)
			res, err := phones.Do(req)
			if err != nil {
				return false
			}
			defer res.Body.Close()
			_, _ = io.Copy(io.Discard, res.Body) // only its tag is of use
			tag = res.Header.Get("ETag")
			return res.StatusCode == http.StatusOK || res.StatusCode == http.StatusNotModified
		}()
		if ctx.Err() != nil {
			return
		}
		w.mu.Lock()
		if good {
			w.took = append(w.took, time.Since(due))
		} else {
			w.failed++
		}
		w.mu.Unlock()
	}
}

// answered is how soon the pages were answered since it was asked last, and how many questions failed.
func (w *watchers) answered() (took times, failed int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	took, failed, w.took, w.failed = w.took, w.failed, nil, 0
	return took, failed
}

// close ends the pages.
func (w *watchers) close() {
	w.stop()
	w.all.Wait()
}
