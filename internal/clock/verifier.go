package clock

import (
	"context"
	"crypto/rand"
	"sync"
	"time"
)

const (
	// Tolerance is how far the clock and an outside source may differ and agree.
	Tolerance = 5 * time.Minute
	// trusted is how long a source's word holds. What the clock is set to in
	// between is noticed at once, because the time that passes is measured.
	trusted = time.Hour
	// Silence is how long ends wait while no source can be asked.
	Silence = 24 * time.Hour
	// reask is when a source is asked again that can be asked, askPause the
	// shortest pause between two rounds of questions, askFor their deadline.
	reask    = 5 * time.Minute
	askPause = 10 * time.Second
	askFor   = 5 * time.Second
)

// SourceGateway is the payment gateway. Where it was heard within the last hour
// it decides alone: a router or a database may take its time from this machine.
const SourceGateway = "gateway"

// unset is the earliest time a source may tell: a router that was switched on
// and has no time yet counts as silent.
var unset = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// State says whether a clock may be believed.
type State int

const (
	// Unverified: no source was heard within the last hour.
	Unverified State = iota
	// Agreed: an outside source tells the same time.
	Agreed
	// Disagreed: the outside tells another time.
	Disagreed
	// Alone: no source was heard for a day.
	Alone
)

// Verdict is what outside sources make of a clock.
type Verdict struct {
	State  State
	Source string        // who decided, "" where no source was heard
	Offset time.Duration // the clock minus the source's time
}

// Ends reports whether something may be ended because its time is over.
func (v Verdict) Ends() bool { return v.State == Agreed || v.State == Alone }

// Ask asks a source for the time.
type Ask func(ctx context.Context) (time.Time, error)

// Verifier compares a clock with what outside sources tell. The time since its
// start proves nothing: until a source is heard the clock is unverified. It is
// safe for use by several goroutines.
type Verifier struct {
	clock Clock
	run   string

	mu     sync.Mutex
	heard  time.Duration // when a source was last heard, or the start
	told   map[string]word
	asks   map[string]Ask
	asking bool
	asked  word
}

// word is a told time less the time that had passed: told and clock agree later
// on, too, if neither is set.
type word struct {
	base time.Time
	at   time.Duration
}

// NewVerifier returns a verifier that has heard nothing.
func NewVerifier(c Clock) *Verifier {
	return &Verifier{clock: c, run: rand.Text(), heard: Elapsed(c), told: map[string]word{}, asks: map[string]Ask{}}
}

// Asks adds a source that can be asked.
func (v *Verifier) Asks(source string, ask Ask) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asks[source] = ask
}

// Tell notes the time that a source told just now.
func (v *Verifier) Tell(source string, t time.Time) {
	if t.Before(unset) {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	now := Elapsed(v.clock)
	for name, w := range v.told {
		if now-w.at > trusted {
			delete(v.told, name)
		}
	}
	v.heard = now
	v.told[source] = word{base: t.Add(-now), at: now}
}

// base is the clock less the time that passed: it changes when the clock is set.
func (v *Verifier) base() (time.Time, time.Duration) {
	passed := Elapsed(v.clock)
	return v.clock.Now().Add(-passed), passed
}

// Base names this verifier and tells its clock less the time that passed: the
// same later on says that the clock was not set in between.
func (v *Verifier) Base() (run string, base time.Time) {
	base, _ = v.base()
	return v.run, base
}

// Verdict judges by what was told so far.
func (v *Verifier) Verdict() Verdict {
	v.mu.Lock()
	defer v.mu.Unlock()
	base, now := v.base()
	var yes, no Verdict
	agree, against := 0, 0
	for source, w := range v.told {
		if now-w.at > trusted {
			continue
		}
		one := Verdict{State: Agreed, Source: source, Offset: base.Sub(w.base)}
		if one.Offset.Abs() > Tolerance {
			one.State = Disagreed
		}
		switch {
		case source == SourceGateway:
			return one
		case one.State == Agreed:
			yes, agree = one, agree+1
		default:
			no, against = one, against+1
		}
	}
	switch {
	case agree > 0 && agree >= against: // the others' clocks are wrong
		return yes
	case against > 0:
		return no
	case now-v.heard >= Silence:
		return Verdict{State: Alone}
	}
	return Verdict{State: Unverified}
}

// Verify is Verdict after the sources were asked, unless the clock is known to
// be right. It waits for them a few seconds at most.
func (v *Verifier) Verify(ctx context.Context) Verdict {
	if known := v.Verdict(); known.State == Agreed {
		return known
	}
	v.ask(ctx, 0)
	return v.Verdict()
}

// Refresh is Verify that also asks sources not heard for some minutes, so that
// the verdict is there when it is needed.
func (v *Verifier) Refresh(ctx context.Context) Verdict {
	known := v.Verdict()
	if known.State != Agreed {
		return v.Verify(ctx)
	}
	v.ask(ctx, reask)
	return v.Verdict()
}

// ask asks every source not heard for so long, all at once, and not again within
// a pause unless the clock was set since.
func (v *Verifier) ask(ctx context.Context, silent time.Duration) {
	v.mu.Lock()
	base, now := v.base()
	if v.asking || (!v.asked.base.IsZero() && now-v.asked.at < askPause && base.Sub(v.asked.base).Abs() < time.Second) {
		v.mu.Unlock()
		return
	}
	v.asking, v.asked = true, word{base: base, at: now}
	due := map[string]Ask{}
	for source, ask := range v.asks {
		if w, known := v.told[source]; !known || now-w.at >= silent {
			due[source] = ask
		}
	}
	v.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	var all sync.WaitGroup
	for source, ask := range due {
		all.Go(func() {
			if t, err := ask(ctx); err == nil {
				v.Tell(source, t)
			}
		})
	}
	all.Wait()
	v.mu.Lock()
	v.asking = false
	v.mu.Unlock()
}
