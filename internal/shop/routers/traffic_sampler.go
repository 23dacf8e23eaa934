package routers

import (
	"context"
	"slices"
	"sync"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// trafficSampler reads the traffic of interfaces whose page is open: one reader for
// each interface, for any number of viewers, and none without a viewer.
type trafficSampler struct {
	mu      sync.Mutex
	running map[samplerKey]*sampler
}

type samplerKey struct{ router, name string }

type sampler struct {
	stop    context.CancelFunc
	viewers map[chan Tick]bool
	past    []Tick // so that who comes later sees a line, not a dot
}

// Tick is one reading. Failure is a fault code, "" when the router answered.
type Tick struct {
	At time.Time
	hotspot.Rate
	Failure string
}

// tickPace is how often a router is asked, tickWait how long it may take,
// mostTicks how far back a graph goes, maxSamplers how many interfaces are read
// at a time in this process.
const (
	tickPace    = 2 * time.Second
	tickWait    = 4 * time.Second
	mostTicks   = 90
	maxSamplers = 40
)

// Traffic reads an interface once. Errors: router faults.
func (s *Service) Traffic(ctx context.Context, r catalog.Router, name string) (hotspot.Rate, error) {
	m, err := s.manager()
	if err != nil {
		return hotspot.Rate{}, err
	}
	return m.Traffic(ctx, panelAccess(r), name)
}

// WatchTraffic follows an interface. The channel first brings what was read so
// far; leave must be called, and closes it. A viewer who does not keep up
// misses readings. Errors: Limited "router.meters_full".
func (s *Service) WatchTraffic(r catalog.Router, name string) (ticks <-chan Tick, leave func(), err error) {
	m, err := s.manager()
	if err != nil {
		return nil, nil, err
	}
	l, key := &s.trafficSampler, samplerKey{r.ID, name}
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.running[key]
	if x == nil {
		if len(l.running) >= maxSamplers {
			return nil, nil, fault.TooOften("router.meters_full", time.Minute)
		}
		ctx, stop := context.WithCancel(context.Background())
		x = &sampler{stop: stop, viewers: map[chan Tick]bool{}}
		if l.running == nil {
			l.running = map[samplerKey]*sampler{}
		}
		l.running[key] = x
		go s.measure(ctx, m, r, name, x)
	}
	ch := make(chan Tick, mostTicks+1)
	for _, t := range x.past {
		ch <- t
	}
	x.viewers[ch] = true
	return ch, func() { l.leave(key, x, ch) }, nil
}

func (l *trafficSampler) leave(key samplerKey, x *sampler, ch chan Tick) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !x.viewers[ch] {
		return
	}
	delete(x.viewers, ch)
	close(ch)
	if len(x.viewers) == 0 {
		x.stop()
		delete(l.running, key)
	}
}

// TrafficSamplers is how many interfaces are being read.
func (s *Service) TrafficSamplers() int {
	s.trafficSampler.mu.Lock()
	defer s.trafficSampler.mu.Unlock()
	return len(s.trafficSampler.running)
}

func (s *Service) measure(ctx context.Context, m hotspot.Manager, r catalog.Router, name string, x *sampler) {
	pace := time.NewTicker(tickPace)
	defer pace.Stop()
	for {
		t := Tick{At: s.Clock.Now()}
		wait, cancel := context.WithTimeout(ctx, tickWait)
		rate, err := m.Traffic(wait, panelAccess(r), name)
		cancel()
		if t.Rate = rate; err != nil {
			t.Failure = fault.CodeOf(err)
		}
		s.trafficSampler.tell(x, t)
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
	}
}

func (l *trafficSampler) tell(x *sampler, t Tick) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.past = append(x.past, t); len(x.past) > mostTicks {
		x.past = slices.Clone(x.past[1:])
	}
	for ch := range x.viewers {
		select {
		case ch <- t:
		default:
		}
	}
}
