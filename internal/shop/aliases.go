package shop

import "gerai/internal/shop/internal/ledger"

// Limits bound what one customer, one device and the whole shop may ask.
type Limits = ledger.Limits

// DefaultLimits suit a small operator; app overrides the gateway budgets.
var DefaultLimits = ledger.DefaultLimits

// Topics on the bus.
const (
	TopicJobs      = ledger.TopicJobs
	TopicCatalogue = ledger.TopicCatalogue
)

var (
	// OrderTopic is where changes of one order are announced.
	OrderTopic = ledger.OrderTopic
	// Confirmed reports whether a code was typed again as it is.
	Confirmed = ledger.Confirmed
)
