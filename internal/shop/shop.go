package shop

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/payments"
)

// Topics on the bus. Messages carry no data: receivers read the row again.
const (
	// TopicJobs says that a queue, named in the message, has work.
	TopicJobs = "jobs"
	// TopicCatalogue says that sites, plans or the brand changed.
	TopicCatalogue = "catalogue"
	topicOrder     = "order:"
)

// OrderTopic is where changes of one order are announced.
func OrderTopic(id order.ID) string { return topicOrder + string(id) }

// Limits bound what one customer, one device and the whole shop may ask.
type Limits struct {
	OrdersPerClient   cache.Limit // per network address; a whole hotspot may share one
	OrdersPerDevice   cache.Limit // per claimed hardware address and site
	PollsPerOrder     cache.Limit
	ClaimsPerOrder    cache.Limit // wrong codes for one order by one client
	ClaimsGuessed     cache.Limit // wrong codes for one order by all clients together
	ClaimsStrict      cache.Limit // what is left to each client after that
	ClaimsPerClient   cache.Limit
	ConnectsPerOrder  cache.Limit
	MovesPerOrder     cache.Limit // devices thrown out by the customer
	GatewayReads      cache.Limit // all reads of all replicas together
	AttemptsPerOrder  int
	UnpaidPerClient   int         // orders at the same time
	UnpaidPerDevice   int         // from then on served from what the client has to spare
	CreatesPerGateway cache.Limit // charge creations of all replicas together
}

// DefaultLimits suit a small operator; app overrides the gateway budgets.
var DefaultLimits = Limits{
	OrdersPerClient:   cache.Limit{Count: 120, Per: time.Minute},
	OrdersPerDevice:   cache.Limit{Count: 10, Per: 10 * time.Minute},
	PollsPerOrder:     cache.Limit{Count: 1, Per: 5 * time.Second},
	ClaimsPerOrder:    cache.Limit{Count: 5, Per: 15 * time.Minute},
	ClaimsGuessed:     cache.Limit{Count: 20, Per: time.Hour},
	ClaimsStrict:      cache.Limit{Count: 1, Per: 15 * time.Minute},
	ClaimsPerClient:   cache.Limit{Count: 30, Per: time.Hour},
	ConnectsPerOrder:  cache.Limit{Count: 5, Per: 30 * time.Second},
	MovesPerOrder:     cache.Limit{Count: 3, Per: 24 * time.Hour},
	GatewayReads:      cache.Limit{Count: 300, Per: time.Minute},
	CreatesPerGateway: cache.Limit{Count: 300, Per: time.Minute},
	AttemptsPerOrder:  6,
	UnpaidPerClient:   120, // a hotspot behind one address, for half an hour
	UnpaidPerDevice:   5,
}

// Options is everything the shop needs; every field is required except Random,
// Limits, Log, Verifier and Instance.
type Options struct {
	Store   *store.Store
	Gateway payments.Gateway
	Hotspot hotspot.Driver
	Cache   cache.Cache
	Clock   clock.Clock
	Keys    secret.Keys
	Random  io.Reader
	Log     *slog.Logger
	Limits  *Limits
	// GatewayCall is told about every call of the gateway, for metrics.
	GatewayCall func(op string, took time.Duration, err error)

	BaseURL   string         // public URL of the shop, no trailing slash
	Zone      *time.Location // the operator's time zone
	OrderTTL  time.Duration  // how long the customer has to pay
	VAMinimum money.Rupiah   // smallest order payable by virtual account
	PayerName string         // shop name printed at the bank
	Patience  time.Duration  // how long a paid order may wait for its router
	// RefundDays is within how many days refunds due are paid; 0 promises no day.
	RefundDays int
	// Verifier judges the clock before anything ends because its time is over; nil
	// believes it. Instance names this process among replicas.
	Verifier *clock.Verifier
	Instance string
	Live     bool // real money; false marks every order as test

	Hooks
}

// Shop is the one place where orders change.
type Shop struct {
	Options
	limits         Limits
	calls          *gatewayCalls
	viewCache      viewCache
	usages         usages
	lists          lists
	trafficSampler trafficSampler
	samples        samples
	dashboardCache dashboardCache
	sums           sums
}

// New returns a shop.
func New(o Options) *Shop {
	s := &Shop{Options: o, limits: DefaultLimits}
	if o.Limits != nil {
		s.limits = *o.Limits
	}
	if o.Gateway != nil {
		s.calls = &gatewayCalls{Gateway: o.Gateway, clock: o.Clock, told: o.GatewayCall}
		s.Gateway = s.calls
	}
	s.Views = &s.viewCache
	s.RefundEvent = s.refundNews
	s.RouterBack = []func(context.Context, catalog.Router, hotspot.Health) error{
		func(ctx context.Context, r catalog.Router, _ hotspot.Health) error { return s.freeStopped(ctx, r) },
		func(ctx context.Context, r catalog.Router, _ hotspot.Health) error { return s.sweepPasses(ctx, r) },
		s.reviewAfterReboot,
	}
	s.CorrectTimes = s.correctTimes
	s.AlertAcknowledged = s.dashboardCache.drop
	if s.Random == nil {
		s.Random = rand.Reader
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Patience == 0 {
		s.Patience = 24 * time.Hour
	}
	return s
}

// announce tells open pages, on every replica, that an order changed.
func (s *Shop) announce(id order.ID) {
	s.dropView(id)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.Cache.Publish(ctx, OrderTopic(id), "")
}

// dropView forgets what is kept of an order's page in this process.
func (s *Shop) dropView(id order.ID) { s.Views.Drop(id) }

// wake tells runners, on every replica, that a queue has work.
func (s *Shop) wake(queue string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.Cache.Publish(ctx, TopicJobs, queue)
}
