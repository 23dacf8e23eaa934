package shop

import (
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/secret"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/catalogue"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/reconciliation"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/reports"
	"gerai/internal/shop/routers"
	"gerai/internal/shop/setup"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
)

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
	// Live reports whether orders are about real money; where it does not they are marked as
	// test. It is asked for each order, since the gateway's keys may be exchanged; nil never does.
	Live func() bool

	Backup backups.Settings // without a place there are no backups
	Setup  setup.Settings   // what is known of the gateway's keys
}

// Shop is the use cases by area. An area calls those above it and never those
// below it.
type Shop struct {
	Options
	ledger    *ledger.Ledger
	Alerts    *alerts.Service
	Routers   *routers.Service
	Vouchers  *vouchers.Service
	Stock     *stock.Service
	Catalogue *catalogue.Service
	Orders    *orders.Service
	Refunds   *refunds.Service
	Counter   *counter.Service
	Reports   *reports.Service
	// Reconciliation compares gateway, books and routers.
	Reconciliation *reconciliation.Service
	Backups        *backups.Service
	// Setup leads to the first sale.
	Setup *setup.Service
}

// New returns a shop.
func New(o Options) *Shop {
	if o.Limits == nil {
		o.Limits = &DefaultLimits
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Patience == 0 {
		o.Patience = 24 * time.Hour
	}
	if o.Live == nil {
		o.Live = func() bool { return false }
	}
	var calls *orders.GatewayCalls
	if o.Gateway != nil {
		calls = orders.ObserveGateway(o.Gateway, o.Clock, o.GatewayCall)
		o.Gateway = calls
	}
	s := &Shop{Options: o}
	s.ledger = ledger.New(ledger.Options{Store: o.Store, Cache: o.Cache, Clock: o.Clock, Random: o.Random, Log: o.Log,
		Zone: o.Zone, OrderTTL: o.OrderTTL, Verifier: o.Verifier, Live: o.Live})
	s.Alerts = alerts.New(alerts.Options{Store: o.Store, Clock: o.Clock, Log: o.Log}, s.ledger)
	s.Routers = routers.New(routers.Options{Store: o.Store, Hotspot: o.Hotspot, Cache: o.Cache, Clock: o.Clock, Random: o.Random,
		Log: o.Log, BaseURL: o.BaseURL, Verifier: o.Verifier}, s.ledger)
	s.Vouchers = vouchers.New(vouchers.Options{Store: o.Store, Hotspot: o.Hotspot, Cache: o.Cache, Clock: o.Clock, Keys: o.Keys,
		Log: o.Log, Limits: *o.Limits, Patience: o.Patience, Verifier: o.Verifier, Instance: o.Instance}, s.ledger, s.Alerts, s.Routers)
	s.Stock = stock.New(stock.Options{Store: o.Store, Hotspot: o.Hotspot, Clock: o.Clock, Random: o.Random, Zone: o.Zone}, s.ledger, s.Vouchers)
	s.Catalogue = catalogue.New(catalogue.Options{Store: o.Store, Hotspot: o.Hotspot, Cache: o.Cache})
	s.Orders = orders.New(orders.Options{Store: o.Store, Gateway: o.Gateway, Calls: calls, Cache: o.Cache, Clock: o.Clock, Keys: o.Keys,
		Log: o.Log, Limits: *o.Limits, BaseURL: o.BaseURL, Zone: o.Zone, OrderTTL: o.OrderTTL, VAMinimum: o.VAMinimum,
		PayerName: o.PayerName, RefundDays: o.RefundDays, Instance: o.Instance, Live: o.Live}, s.ledger, s.Vouchers)
	s.Refunds = refunds.New(refunds.Options{Store: o.Store, Gateway: o.Gateway, Clock: o.Clock, Log: o.Log},
		s.ledger, s.Alerts, s.Vouchers, s.Orders)
	s.Counter = counter.New(counter.Options{Store: o.Store, Clock: o.Clock}, s.ledger, s.Vouchers, s.Orders)
	s.Reports = reports.New(reports.Options{Store: o.Store, Clock: o.Clock, Zone: o.Zone}, s.Alerts)
	s.Reconciliation = reconciliation.New(reconciliation.Options{Store: o.Store, Gateway: o.Gateway, Clock: o.Clock, Log: o.Log, Zone: o.Zone, Live: o.Live},
		s.ledger, s.Alerts, s.Orders, s.Reports)
	s.Backups = backups.New(backups.Options{Settings: o.Backup, Store: o.Store, Clock: o.Clock, Random: o.Random, Keys: o.Keys, Log: o.Log, Zone: o.Zone, Gateway: o.Gateway},
		s.ledger, s.Vouchers, s.Orders, s.Refunds)
	s.Setup = setup.New(setup.Options{Settings: o.Setup, Store: o.Store, Hotspot: o.Hotspot, Cache: o.Cache, Clock: o.Clock, Random: o.Random, Log: o.Log, BaseURL: o.BaseURL},
		s.ledger, s.Vouchers, s.Catalogue)
	s.register()
	return s
}
