package bench

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// times are durations of many calls.
type times []time.Duration

func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	return s[min(len(s)-1, int(share*float64(len(s))))]
}

// throughput asks one URL as often as 16 clients can for a while and returns
// answers per second.
func throughput(url string, span time.Duration, header http.Header) float64 {
	const clients = 16
	var all sync.WaitGroup
	var mu sync.Mutex
	total := 0
	began := time.Now()
	for range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			n := 0
			for time.Since(began) < span {
				req, err := http.NewRequest(http.MethodGet, url, nil)
				if err != nil {
					return
				}
				for k, v := range header {
					req.Header[k] = v
				}
				res, err := client.Do(req)
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, res.Body) // counted by its status
				res.Body.Close()
				if res.StatusCode == http.StatusOK {
					n++
				}
			}
			mu.Lock()
			total += n
			mu.Unlock()
		}()
	}
	all.Wait()
	return float64(total) / time.Since(began).Seconds()
}

// paced calls fn at a rate for a while, each call in a goroutine of its own,
// and returns how long they took.
func paced(rate int, span time.Duration, fn func(i int) (time.Duration, error)) (times, int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var took times
	failed := 0
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	n := int(span.Seconds() * float64(rate))
	for i := range n {
		<-tick.C
		all.Add(1)
		go func() {
			defer all.Done()
			d, err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
				return
			}
			took = append(took, d)
		}()
	}
	all.Wait()
	return took, failed
}

// median of three rounds, alternating with a control.
func rounds(measured, control func() float64) (m, c float64) {
	var ms, cs []float64
	for range 3 {
		ms = append(ms, measured())
		cs = append(cs, control())
	}
	slices.Sort(ms)
	slices.Sort(cs)
	return ms[1], cs[1]
}
