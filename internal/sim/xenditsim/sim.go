package xenditsim

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Options configure a simulator; the zero value works in memory.
type Options struct {
	APIKey        string  // the only key accepted; "" accepts any xnd_development_ key
	CallbackToken string  // sent as x-callback-token
	WebhookURL    string  // where webhooks go; "" keeps them until SetWebhookURL
	TimeScale     float64 // the retry ladder runs this many times faster; 0 is 1
	StateFile     string  // append-only journal; "" keeps everything in memory
	MerchantName  string  // in the QR, at most 15 characters are used
	Now           func() time.Time
	Seed          uint64
	Client        *http.Client // delivers webhooks; default has a 30 s timeout
	Log           *slog.Logger
	QRISLife      time.Duration // until a QRIS request expires; default 48 h
	Deliverers    int           // webhooks under way at once; default 8
}

// Sim is one simulated account. Its methods are safe for concurrent use.
type Sim struct {
	o   Options
	mu  sync.Mutex
	rnd *rand.Rand

	requests map[string]*paymentRequest // by id
	order    []*paymentRequest          // oldest first
	byRef    map[string][]*paymentRequest
	byMethod map[string]*paymentRequest
	byKey    map[string]keyed // idempotency keys
	byVA     map[string]*paymentRequest
	refunds  map[string]*refund
	refOrder []*refund
	soonest  time.Time // no request expires before; zero: not known
	faults   Faults
	counts   map[string]int
	url      string
	journal  *journal

	hooks    map[string]*webhook
	attempts []Attempt
	queue    chan *webhook
	done     chan struct{}
	closing  sync.Once
	workers  sync.WaitGroup
	settled  *sync.Cond
	pending  int
}

// keyed is what an idempotency key stands for.
type keyed struct {
	Body string
	ID   string
}

// New starts a simulator and replays its journal.
func New(o Options) (*Sim, error) {
	if o.TimeScale <= 0 {
		o.TimeScale = 1
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Deliverers <= 0 {
		o.Deliverers = 8
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: o.Deliverers},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // a message is delivered where it was sent or not at all
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.QRISLife == 0 {
		o.QRISLife = 48 * time.Hour
	}
	s := &Sim{o: o, rnd: rand.New(rand.NewPCG(o.Seed, 0x58454E44)), requests: map[string]*paymentRequest{}, byRef: map[string][]*paymentRequest{},
		byMethod: map[string]*paymentRequest{}, byKey: map[string]keyed{}, byVA: map[string]*paymentRequest{}, refunds: map[string]*refund{},
		counts: map[string]int{}, url: o.WebhookURL, hooks: map[string]*webhook{}, queue: make(chan *webhook, 1<<16), done: make(chan struct{})}
	s.settled = sync.NewCond(&s.mu)
	if err := s.openJournal(); err != nil {
		return nil, err
	}
	for range o.Deliverers {
		s.workers.Add(1)
		go s.deliverer()
	}
	s.resume()
	return s, nil
}

// SetWebhookURL changes where webhooks go and sends those that waited for it.
func (s *Sim) SetWebhookURL(u string) {
	s.mu.Lock()
	s.url = u
	s.mu.Unlock()
	s.resume()
}

// Close stops deliveries and closes the journal.
func (s *Sim) Close() error {
	s.closing.Do(func() { close(s.done) })
	s.workers.Wait()
	s.o.Client.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

func (s *Sim) now() time.Time { return s.o.Now().UTC() }
