package routerossim

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Options say what router to imitate. The zero value is a RouterOS 7.16 board
// named "router" without StateFile, listening nowhere.
type Options struct {
	Name      string // for the HTTP controls and /system/identity
	User      string // first API account, in group full (default "admin")
	Password  string
	Version   string // "6.49", "7.16", "7.22", "7.24" or another 6.40..7.x; default "7.16"
	OldLogin  bool   // before 6.43: MD5 challenge instead of name and password; only with version 6
	Addr      string // TCP address of the plain API; port 0 is allowed
	TLSAddr   string // address of api-ssl; "" = off
	StateFile string // append-only journal; "" = memory only

	Now     func() time.Time // default time.Now; Advance adds to it
	Latency time.Duration    // every answer waits this long after its command arrived
	Seed    int64            // for everything random: garbage, traffic figures
	Log     *slog.Logger     // default: silent

	Board         string        // default "CCR2004-16G-2S+"; "CHR" has no /system/routerboard
	LicenseLevel  int           // hotspot sessions: 3 allows 1, 4 200, 5 500; default 6, no limit
	BadLoginDelay time.Duration // a wrong password is answered this much later
	HideSensitive bool          // from 7.21 on: passwords only with =show-sensitive=
	Flash         bool          // only files under flash/ outlive a reboot
	ErrorSentence bool          // $(error-orig) is the untranslated sentence, as the manual has it, instead of its key in errors.txt
}

// Router is one simulated router. Its methods are safe for concurrent use.
type Router struct {
	o   Options
	ver version
	log *slog.Logger

	mu           sync.Mutex
	tables       map[string]*table
	online       map[string][]*row // active rows by the id of their user row
	timed        map[*row]struct{} // address list entries with a timeout
	joined       map[string]Device // what is on the Wi-Fi, by MAC, host row or not
	chaps        map[string]*chap  // unanswered challenges of the login page, by MAC
	ports        map[string]*port  // opened phones, by MAC
	journal      journal
	notes        map[string]string
	offset       time.Duration // Advance on top of Now
	nextEnd      time.Time
	appliedUntil time.Time // up to here every ending has been dealt with

	schedulersDone time.Time      // up to here every scheduler has run
	zone           *time.Location // that of the clock, once it was asked for
	moment         time.Time      // of the scheduler that runs, zero else
	scripts        map[string]compiled
	rand           *rand.Rand
	faults         Faults
	left           int // times the command faults may still strike; -1 no limit
	bootReal       time.Time
	bootSim        time.Time
	watchers       map[*watcher]struct{}
	sessions       map[*session]struct{}
	record         commandLog
	cert           tls.Certificate
	print256       string

	plain, secure net.Listener
	closed        bool
	stop          chan struct{}
	wg            sync.WaitGroup
}

var setup sync.Once

// New builds the router and replays its StateFile; it does not listen yet.
// Errors: an unknown version, an unreadable or damaged StateFile.
func New(o Options) (*Router, error) {
	setup.Do(buildRefs)
	ver, err := parseVersion(o.Version)
	if err != nil {
		return nil, err
	}
	if o.OldLogin && ver.major != 6 {
		return nil, errors.New("routerossim: OldLogin needs version 6")
	}
	o.Name, o.User, o.Board = or(o.Name, "router"), or(o.User, "admin"), or(o.Board, "CCR2004-16G-2S+")
	if o.LicenseLevel == 0 {
		o.LicenseLevel = 6
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Router{o: o, ver: ver, log: o.Log.With("router", o.Name), tables: map[string]*table{}, timed: map[*row]struct{}{},
		joined: map[string]Device{}, chaps: map[string]*chap{}, ports: map[string]*port{}, notes: map[string]string{}, scripts: map[string]compiled{},
		left: -1, stop: make(chan struct{}), watchers: map[*watcher]struct{}{}, sessions: map[*session]struct{}{},
		rand: rand.New(rand.NewPCG(uint64(o.Seed), 0x726f75746572))}
	for path, m := range menus {
		r.tables[path] = newTable(m)
	}
	fresh := true
	if o.StateFile != "" {
		if fresh, err = r.openJournal(o.StateFile); err != nil {
			return nil, err
		}
		r.offset, _ = time.ParseDuration(r.notes["offset"])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.indexSessions()
	r.nextEnd, r.schedulersDone = r.now(), r.now() // look once at what the journal left
	if fresh {
		r.seed()
	}
	r.ensureSingles()
	r.ensureAccount()
	if err = r.loadCertificate(); err != nil {
		return nil, err
	}
	return r, r.journal.flush()
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// now is the router's own time: the injected clock plus what Advance added, and while a
// scheduler runs late the moment at which it was due.
func (r *Router) now() time.Time {
	if !r.moment.IsZero() {
		return r.moment
	}
	return r.o.Now().Add(r.offset)
}

// Start listens on the given addresses and serves until Close.
func (r *Router) Start() error {
	var err error
	if r.o.Addr != "" {
		if r.plain, err = net.Listen("tcp", r.o.Addr); err != nil {
			return fmt.Errorf("routerossim: %s: %w", r.o.Name, err)
		}
	}
	if r.o.TLSAddr != "" {
		if r.secure, err = net.Listen("tcp", r.o.TLSAddr); err != nil {
			return errors.Join(fmt.Errorf("routerossim: %s: %w", r.o.Name, err), r.Close())
		}
	}
	if r.plain != nil {
		r.wg.Go(func() { r.serve(r.plain, "api") })
	}
	if r.secure != nil {
		r.wg.Go(func() { r.serve(r.secure, "api-ssl") })
	}
	r.wg.Go(r.tick)
	return nil
}

// Addr is where the plain API listens, "" before Start.
func (r *Router) Addr() string { return addrOf(r.plain) }

// TLSAddr is where api-ssl listens, "" when it is off.
func (r *Router) TLSAddr() string { return addrOf(r.secure) }

// Fingerprint is the SHA-256 of the certificate that api-ssl serves, in
// lower-case hex, "" without one. It is kept in the StateFile.
func (r *Router) Fingerprint() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.print256
}

// Name is the name given in Options.
func (r *Router) Name() string { return r.o.Name }

func addrOf(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// Close stops listening, cuts every connection, waits for them and closes the
// StateFile. A second call does nothing.
func (r *Router) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	close(r.stop)
	for s := range r.sessions {
		_ = s.raw.Close() // TLS would wait for a client that does not read
	}
	r.cutAll()
	r.mu.Unlock()
	errs := []error{r.closePorts()}
	for _, l := range []net.Listener{r.plain, r.secure} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	r.wg.Wait()
	if r.journal.file != nil {
		errs = append(errs, r.journal.flush(), r.journal.file.Close())
	}
	return errors.Join(errs...)
}
