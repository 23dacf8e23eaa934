package routerossim

import (
	"context"
	"time"
)

// stream is a command that goes on answering: listen, interval prints, and one
// that hangs.
type stream struct {
	tag  string
	stop context.CancelFunc
	over chan struct{}
}

// watcher feeds one listen.
type watcher struct {
	t  *table
	ch chan out
	c  *call
}

const listenBacklog = 8192 // events a slow client may be behind before it is cut

// start runs f until it returns or the stream is stopped.
func (s *session) start(tag string, f func(ctx context.Context)) {
	ctx, stop := context.WithCancel(s.ctx)
	st := &stream{tag: tag, stop: stop, over: make(chan struct{})}
	s.smu.Lock()
	s.streams[st] = struct{}{}
	s.smu.Unlock()
	go func() {
		defer close(st.over)
		f(ctx)
	}()
}

// take removes and returns the streams with the tag; "" means all.
func (s *session) take(tag string) []*stream {
	s.smu.Lock()
	defer s.smu.Unlock()
	var list []*stream
	for st := range s.streams {
		if tag == "" || st.tag == tag {
			list = append(list, st)
			delete(s.streams, st)
		}
	}
	return list
}

func (s *session) cutStreams() {
	for _, st := range s.take("") {
		st.stop()
		<-st.over
	}
}

// cancel interrupts running commands of its own connection. The order on the
// wire is the manual's: trap there, done here, done there.
func cancel(c *call) error {
	if err := c.only("tag"); err != nil {
		return err
	}
	list := c.s.take(c.args["tag"])
	c.finish = func() {
		for _, st := range list {
			st.stop()
			<-st.over
			c.s.write(trapError{{2, msgInterrupted}}.sentences()[0], st.tag)
		}
		c.s.write(done(), c.tag)
		for _, st := range list {
			c.s.write(done(), st.tag)
		}
	}
	return nil
}

// listen sends a row per change until cancelled.
func listen(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	return c.watch()
}

func (c *call) watch() error {
	w := &watcher{t: c.t, ch: make(chan out, listenBacklog), c: c}
	r := c.r
	r.watchers[w] = struct{}{}
	c.stream = func(ctx context.Context) {
		defer func() {
			r.mu.Lock()
			delete(r.watchers, w)
			r.mu.Unlock()
		}()
		for {
			select {
			case o := <-w.ch:
				c.s.write(o, c.tag)
			case <-ctx.Done():
				return
			}
		}
	}
	return nil
}

// publish tells listeners of a changed or removed row.
func (r *Router) publish(t *table, x *row) {
	for w := range r.watchers {
		if w.t != t {
			continue
		}
		o := out{word: "!re"}
		if x.gone {
			o.attrs = []string{attr(".id", x.id), attr(".dead", r.ver.dead())}
		} else {
			o.attrs = r.render(t, r.get(t, x), w.c.proplist(), w.c.seesSecrets())
		}
		select {
		case w.ch <- o:
		default:
			w.c.s.cut()
		}
	}
}

// tick ends due sessions and notifies listeners between requests.
func (r *Router) tick() {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			r.mu.Lock()
			r.applyDue()
			if err := r.journal.flush(); err != nil {
				r.log.Error("state is no longer kept", "error", err.Error())
			}
			r.mu.Unlock()
		case <-r.stop:
			return
		}
	}
}
