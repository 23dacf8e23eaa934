package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/httpx"
	"gerai/internal/jobs/runner"
	"gerai/internal/shop"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/payments"
)

// App is the whole program.
type App struct {
	Config   config.Config
	Store    *store.Store
	Cache    cache.Cache
	Shop     *shop.Shop
	Accounts *staff.Accounts
	Gateway  *payments.Connection
	Hotspot  *routeros.Driver
	// Verifier is what outside sources make of the clock.
	Verifier *clock.Verifier

	log       *slog.Logger
	clock     clock.Clock
	limits    *shop.Limits
	metrics   *httpx.Metrics
	streams   *httpx.Streams
	web       *fiber.App
	listener  net.Listener
	runner    *runner.Runner
	draining  atomic.Bool
	readiness *readiness
	database  *database // nil for a file
	closers   []func()
	random    io.Reader
	bounds    httpx.Bounds
	byHand    bool
	process   string // names this process among all that run on the database
}

// Option changes how an App is built.
type Option func(*App)

// WithClock runs the program on another clock.
func WithClock(c clock.Clock) Option { return func(a *App) { a.clock = c } }

// WithLimits replaces the shop's limits, for the demo and for load tests.
func WithLimits(l shop.Limits) Option { return func(a *App) { a.limits = &l } }

// WithOpenPages allows so many open event streams, and twice as many connections, for load
// tests.
func WithOpenPages(n int) Option {
	return func(a *App) { a.streams, a.bounds.Max = httpx.NewStreams(n), 2*n }
}

// WithListener serves on a port that is open already; the App owns it then.
func WithListener(l net.Listener) Option { return func(a *App) { a.listener = l } }

// WithRandom draws codes, tokens and ids from another source than crypto/rand.
func WithRandom(r io.Reader) Option { return func(a *App) { a.random = r } }

// WithoutBackground leaves periodic tasks and jobs to calls of Tasks and Jobs,
// so that a test decides when they run.
func WithoutBackground() Option { return func(a *App) { a.byHand = true } }

// drain is how long requests and work under way may take after a stop signal.
const drain = 20 * time.Second

// Open builds every package's part and connects the database; it does not listen yet.
func Open(ctx context.Context, c config.Config, log *slog.Logger, options ...Option) (*App, error) {
	a := &App{Config: c, log: log, clock: clock.System{}, metrics: httpx.NewMetrics(), streams: httpx.NewStreams(httpx.MostStreams(httpx.OpenFiles())), random: rand.Reader}
	for _, o := range options {
		o(a)
	}
	a.Verifier = clock.NewVerifier(a.clock)
	a.process = fmt.Sprintf("%s/%d/%s", instance(), os.Getpid(), rand.Text()[:6])
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	c := a.Config
	if a.Store, err = store.Open(ctx, store.Options{Database: c.Database, Keys: c.Keys, Clock: a.clock, Random: a.random, Log: a.log}); err != nil {
		return err
	}
	a.readiness = &readiness{ask: a.dependencies, clock: a.clock}
	if a.Store.Engine() == "postgres" {
		a.database = newDatabase(a.Store.Answers, a.log)
	}
	if a.Cache, err = openCache(c, a.clock, a.log); err != nil {
		return err
	}
	a.Gateway = payments.NewConnection(gatewayName)
	if c.XenditKey != "" {
		account, err := a.connect(c.XenditKey, c.CallbackTokens)
		if err != nil {
			return err
		}
		a.Gateway.Use(environmentID, account)
	}
	a.Hotspot = routeros.New(routeros.Options{Clock: a.clock, Log: a.log, Called: routerCalled})
	saved, err := backupSettings(c, a.log)
	if err != nil {
		return err
	}
	saved.Told = a.backupDone
	limits := shop.DefaultLimits
	if a.limits != nil {
		limits = *a.limits
	} else {
		limits.OrdersPerClient = cache.Limit{Count: c.OrdersPerMin, Per: time.Minute}
		limits.GatewayReads = cache.Limit{Count: c.MostReads(), Per: time.Minute}
		limits.CreatesPerGateway = cache.Limit{Count: c.MostReads(), Per: time.Minute}
		if c.GatewayReads == 0 {
			limits.TestShare = config.TestShare
		}
		limits.UnpaidPerClient = max(limits.UnpaidPerClient, c.OrdersPerMin) // a hotspot that may order more at once may have more unpaid
	}
	a.Shop = shop.New(shop.Options{Store: a.Store, Gateway: a.Gateway, GatewayCall: gatewayCalled, Hotspot: a.Hotspot, Cache: a.Cache, Clock: a.clock, Keys: c.Keys, Random: a.random, Log: a.log, Limits: &limits,
		BaseURL: strings.TrimRight(c.BaseURL, "/"), Zone: c.Zone, OrderTTL: c.OrderTTL, VAMinimum: c.VAMinimum, PayerName: c.PayerName, Patience: c.Patience, RefundDays: c.RefundDays, Live: a.Gateway.Live,
		Verifier: a.Verifier, Instance: instance(), Backup: saved, Setup: a.setupSettings()})
	a.confirm()
	a.Accounts = staff.New(a.Store, a.Cache, a.clock)
	a.Accounts.UseKeys(a.Config.Keys)
	if err := a.Accounts.UsePasskeys(a.Shop.BaseURL, "Gerai"); err != nil {
		return err
	}
	a.watch()
	a.runner = runner.New(runner.Options{Store: a.Store, Bus: a.Cache, Topic: shop.TopicJobs, Clock: a.clock, Log: a.log, Handlers: handlers(a.Shop), Long: shop.Long(), OnDead: a.Shop.Alerts.JobDead, Done: a.jobDone})
	a.Shop.StartJobsAt(a.runner)
	return nil
}

func openCache(c config.Config, k clock.Clock, log *slog.Logger) (cache.Cache, error) {
	if c.RedisURL == "" {
		return cache.NewMemory(k), nil
	}
	return cache.NewRedis(c.RedisURL, "gerai:", k, log)
}

// Migrate brings the schema up to date, seals what older programs left readable and
// numbers the receipts of orders older than receipts.
func (a *App) Migrate(ctx context.Context) (steps int, err error) {
	return migrate(ctx, a.Store, a.Shop)
}

func migrate(ctx context.Context, s *store.Store, sh *shop.Shop) (steps int, err error) {
	if steps, err = s.Migrate(ctx); err != nil {
		return steps, err
	}
	if _, err = sh.Orders.NumberReceipts(ctx); err != nil {
		return steps, err
	}
	_, err = sh.Counter.KeyReferences(ctx)
	return steps, err
}

// SetupLink is where the first admin is made, "" when there is any account. It
// works once and for a day, so it is for the terminal and not for a log that is
// kept.
func (a *App) SetupLink(ctx context.Context) (string, error) {
	token, err := a.Accounts.SetupToken(ctx)
	if err != nil || token == "" {
		return "", err
	}
	return a.Shop.BaseURL + "/admin/setup?token=" + token, nil
}

// Listen opens the port; Addr is known afterwards.
func (a *App) Listen() error {
	l, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return fault.Wrap(fault.Config, "app.listen", err)
	}
	a.listener = l
	return nil
}

// Addr is the address listened on.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run serves until ctx ends, then drains: no new work, open pages closed,
// requests and jobs under way finished.
func (a *App) Run(ctx context.Context) error {
	if err := a.rescue(ctx); err != nil {
		return err
	}
	a.followGateway(ctx)
	if err := a.announce(ctx); err != nil {
		return err
	}
	defer a.withdraw(ctx)
	if err := a.mount(); err != nil {
		return err
	}
	background, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	if !a.byHand {
		a.background(background, &work)
	}
	if a.database != nil {
		work.Go(func() { a.database.watch(background) })
	}
	served := make(chan error, 1)
	go func() {
		a.bounds.Trusted, a.bounds.Log = a.Config.TrustedProxies, a.log
		served <- a.web.Listener(httpx.Bound(a.listener, a.bounds))
	}()
	if files := httpx.OpenFiles(); files < httpx.FewFiles {
		a.log.Warn("the limit of open files is low", "files", files, "connections", httpx.Connections(files))
	}
	a.log.Info("serving", "addr", a.Addr(), "database", a.Store.Engine(), "live", a.Gateway.Live(), "online", a.Gateway.Connected())

	select {
	case err := <-served:
		stop()
		work.Wait()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.draining.Store(true)
	a.log.Info("draining")
	err := httpx.Shutdown(a.web, a.streams, drain)
	stop()
	work.Wait()
	return err
}

// background starts the periodic tasks and the job runner.
func (a *App) background(ctx context.Context, work *sync.WaitGroup) {
	work.Go(func() { runner.RunTasks(ctx, a.log, a.tasks()) })
	work.Go(func() {
		if err := a.runner.Run(ctx); err != nil {
			a.log.Error("runner stopped", "error", err)
		}
	})
}

// Tasks runs every periodic task once. It is for a program WithoutBackground.
func (a *App) Tasks(ctx context.Context) error {
	for _, t := range a.tasks() {
		if err := t.Run(ctx); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

// Jobs runs the jobs that are due and returns how many that were. It is for a
// program WithoutBackground.
func (a *App) Jobs(ctx context.Context) (int, error) { return a.runner.RunDue(ctx) }

// Routes lists what Run serves, middleware left out; it is empty before.
func (a *App) Routes() []fiber.Route {
	if a.web == nil {
		return nil
	}
	return a.web.GetRoutes(true)
}

// Close ends connections. It may be called after a failed Open.
func (a *App) Close() error {
	var errs []error
	for _, fn := range a.closers {
		fn()
	}
	if a.Hotspot != nil {
		errs = append(errs, a.Hotspot.Close())
	}
	if a.Cache != nil {
		errs = append(errs, a.Cache.Close())
	}
	if a.Store != nil {
		errs = append(errs, a.Store.Close())
	}
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
