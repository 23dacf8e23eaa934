package ledger

import (
	"time"

	"gerai/internal/cache"
)

// Limits bound what one customer, one device and the whole shop may ask.
type Limits struct {
	OrdersPerClient     cache.Limit // per network address; a whole hotspot may share one
	OrdersPerDevice     cache.Limit // per claimed hardware address and site
	PollsPerOrder       cache.Limit
	ChoicesPerOrder     cache.Limit // of a method, whether it changes anything or not
	ClaimsPerOrder      cache.Limit // wrong codes for one order by one client
	ClaimsGuessed       cache.Limit // wrong codes for one order by all clients together
	ClaimsStrict        cache.Limit // what is left to each client after that
	ClaimsPerClient     cache.Limit
	PromotionsPerClient cache.Limit // codes that no promotion has, by devices of one client that no router lists
	PromotionsPerDevice cache.Limit // by one device that a router lists; beyond that it counts as one that none lists
	PromotionsGuessed   cache.Limit // by all clients together
	PromotionsStrict    cache.Limit // what is left to each client after that
	PromotionsPerStaff  cache.Limit // what an account of the counter asks about customers who buy nothing
	ConnectsPerOrder    cache.Limit
	MovesPerOrder       cache.Limit // devices thrown out by the customer
	GatewayReads        cache.Limit // all reads of all replicas together
	TestShare           int         // the part of the gateway's budgets that a test key has; 0 is all
	AttemptsPerOrder    int
	UnpaidPerClient     int         // orders at the same time
	UnpaidPerDevice     int         // from then on served from what the client has to spare
	CreatesPerGateway   cache.Limit // charge creations of all replicas together
}

// DefaultLimits suit a small operator; app overrides the gateway budgets.
var DefaultLimits = Limits{
	OrdersPerClient:     cache.Limit{Count: 120, Per: time.Minute},
	OrdersPerDevice:     cache.Limit{Count: 10, Per: 10 * time.Minute},
	PollsPerOrder:       cache.Limit{Count: 1, Per: 5 * time.Second},
	ChoicesPerOrder:     cache.Limit{Count: 20, Per: time.Minute},
	ClaimsPerOrder:      cache.Limit{Count: 5, Per: 15 * time.Minute},
	ClaimsGuessed:       cache.Limit{Count: 20, Per: time.Hour},
	ClaimsStrict:        cache.Limit{Count: 1, Per: 15 * time.Minute},
	ClaimsPerClient:     cache.Limit{Count: 30, Per: time.Hour},
	PromotionsPerClient: cache.Limit{Count: 60, Per: time.Hour},
	PromotionsPerDevice: cache.Limit{Count: 5, Per: 15 * time.Minute},
	PromotionsGuessed:   cache.Limit{Count: 600, Per: time.Hour},
	PromotionsStrict:    cache.Limit{Count: 1, Per: 15 * time.Minute},
	PromotionsPerStaff:  cache.Limit{Count: 120, Per: time.Hour},
	ConnectsPerOrder:    cache.Limit{Count: 5, Per: 30 * time.Second},
	MovesPerOrder:       cache.Limit{Count: 3, Per: 24 * time.Hour},
	GatewayReads:        cache.Limit{Count: 300, Per: time.Minute},
	CreatesPerGateway:   cache.Limit{Count: 300, Per: time.Minute},
	AttemptsPerOrder:    6,
	UnpaidPerClient:     120, // a hotspot behind one address, for half an hour
	UnpaidPerDevice:     5,
}
