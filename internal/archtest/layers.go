package archtest

import (
	"slices"
	"strings"
)

// module is the first part of every import path of Gerai.
const module = "gerai/"

// layer is where a package belongs. The first five are ordered: imports go down only.
type layer int

const (
	domain      layer = iota // layer 0: imported by every other
	adapters                 // layer 1: each touches one outside thing
	useCases                 // layer 2: open transactions
	handlers                 // layer 3: speak HTTP, or run on a timer
	composition              // layer 4: build everything
	simulators               // simulators: import nothing of Gerai
	helpers                  // only tests may import them
)

// layers lists every package and nothing else: a package that is not here fails
// the test, and so does an entry without a package.
var layers = map[string]layer{
	"cmd/gerai": composition, "cmd/gerai-demo": composition, "internal/app": composition,
	"admin/web": handlers, "admin/staff": handlers, "admin/alerts": handlers, "admin/vouchers": handlers, "admin/stock": handlers,
	"admin/orders": handlers, "admin/refunds": handlers, "admin/counter": handlers, "admin/routers": handlers, "admin/reports": handlers, "admin/reconciliation": handlers, "admin/backups": handlers, "admin/catalogue": handlers, "admin/setup": handlers,
	"storefront": handlers, "admin": handlers, "payments/webhook": handlers, "internal/jobs/runner": handlers,
	"internal/shop": useCases, "internal/staff": useCases, "internal/shop/internal/ledger": useCases,
	"internal/shop/alerts": useCases, "internal/shop/routers": useCases, "internal/shop/vouchers": useCases, "internal/shop/stock": useCases,
	"internal/shop/catalogue": useCases, "internal/shop/orders": useCases, "internal/shop/refunds": useCases, "internal/shop/counter": useCases,
	"internal/shop/reports": useCases, "internal/shop/reconciliation": useCases, "internal/shop/backups": useCases, "internal/shop/setup": useCases,
	"internal/store": adapters, "payments/xendit": adapters, "payments/counter": adapters,
	"internal/hotspot/routeros": adapters, "internal/cache": adapters, "internal/httpx": adapters, "internal/picture": adapters, "internal/paper": adapters, "internal/sheet": adapters, "templates": adapters,
	"internal/order": domain, "internal/voucher": domain, "internal/catalog": domain, "internal/money": domain, "internal/fault": domain, "internal/mistake": domain,
	"internal/clock": domain, "internal/config": domain, "internal/secret": domain, "internal/jobs": domain,
	"internal/actor": domain, "internal/admission": domain, "internal/priority": domain, "internal/hotspot": domain, "internal/glyph": domain, "internal/typed": domain, "payments": domain, "payments/qris": domain, "internal/report": domain, "internal/reconcile": domain,
	"internal/backup": domain, "internal/pgtool": adapters,
	"internal/archive": adapters, "internal/archive/folder": adapters, "internal/archive/bucket": adapters,
	"internal/sim/xenditsim": simulators, "internal/sim/routerossim": simulators,
	"internal/archtest": helpers, "internal/testenv": helpers, "internal/shop/shoptest": helpers,
	"internal/archive/archivetest": helpers,
	"internal/store/storetest":     helpers, "internal/hotspot/hotspottest": helpers,
	"test/clients": helpers, "test/e2e": helpers, "test/campaign": helpers, "test/bench": helpers, "test/replicas": helpers, "test/golden": helpers,
	"test/proc": helpers,
}

// areas are the packages of use cases, bottom to top: an area may import those
// before it and never those after it.
var areas = []string{
	"internal/shop/internal/ledger", "internal/shop/alerts", "internal/shop/routers", "internal/shop/vouchers", "internal/shop/stock",
	"internal/shop/catalogue", "internal/shop/orders", "internal/shop/refunds", "internal/shop/counter", "internal/shop/reports", "internal/shop/reconciliation", "internal/shop/backups",
	"internal/shop/setup", "internal/shop",
}

// reserved says which packages may import an outside package or what lies below
// it, tests included, and why no other may.
type reserved struct {
	path     string
	packages []string
	why      string
}

// speakHTTP are the packages that may know Fiber.
var speakHTTP = []string{"storefront", "admin", "admin/web", "admin/staff", "admin/alerts", "admin/vouchers", "admin/stock", "admin/orders",
	"admin/refunds", "admin/counter", "admin/routers", "admin/reports", "admin/reconciliation", "admin/backups", "admin/catalogue", "admin/setup", "payments/webhook", "internal/httpx", "internal/app"}

var outside = []reserved{
	{"github.com/gofiber/fiber", speakHTTP, "only handlers, httpx and app speak HTTP through Fiber"},
	{"github.com/valyala/fasthttp", speakHTTP, "only handlers, httpx and app speak HTTP through Fiber"},
	{"github.com/jackc/pgx", []string{"internal/store"}, "only the store imports database drivers; tests ask testenv"},
	{"modernc.org/sqlite", []string{"internal/store"}, "only the store imports database drivers; tests ask testenv"},
	{"github.com/pressly/goose", []string{"internal/store"}, "only the store changes the schema"},
	{"database/sql", []string{"internal/store"}, "only the store speaks SQL"},
	{"github.com/go-routeros/routeros", []string{"internal/hotspot/routeros"}, "only hotspot/routeros imports go-routeros"},
	{"github.com/xendit/xendit-go", []string{"payments/xendit"}, "only payments/xendit imports the Xendit SDK"},
	{"codeberg.org/go-pdf", []string{"internal/paper"}, "only paper writes PDF"},
	{"github.com/xuri/excelize", []string{"internal/sheet", "admin"}, "only sheet writes spreadsheets; the panel's tests read them back"},
	{"filippo.io/age", []string{"internal/archive", "internal/config", "internal/shop/alerts", "internal/shop/backups", "internal/app", "cmd/gerai", "test/bench"}, "only archive encrypts; the configuration reads who for, and tests make keys"},
	{"github.com/minio/minio-go", []string{"internal/archive/bucket"}, "only the bucket speaks S3"},
	{"github.com/redis/go-redis", []string{"internal/cache"}, "only the cache talks to Redis"},
}

// pure are the packages that decide about orders, vouchers and money: what they answer
// depends on their arguments alone.
var pure = []string{"internal/actor", "internal/priority", "internal/order", "internal/voucher", "internal/glyph", "internal/typed", "internal/catalog", "internal/money", "internal/report", "internal/reconcile", "payments/qris"}

var impure = []string{"os", "os/exec", "net/http", "log", "log/slog", "math/rand", "math/rand/v2"}

// writers may open a store transaction.
var writers = append([]string{"internal/store", "internal/staff", "internal/jobs/runner"}, areas...)

// free reports whether a package may import any outside package: testenv makes
// databases, and simulators are compared with other people's clients.
func free(c layer) bool { return c == helpers || c == simulators }

// checkOutside returns the rule that importing an outside package breaks, or "".
func checkOutside(from, imported string, test bool) string {
	if imported == "unsafe" || imported == "C" {
		return "memory is left to the compiler: scripts/test leaves the check of unsafe pointers out"
	}
	if free(layers[from]) {
		return ""
	}
	for _, r := range outside {
		if below(imported, r.path) && !slices.Contains(r.packages, from) {
			return r.why
		}
	}
	if !test && slices.Contains(pure, from) && slices.Contains(impure, imported) {
		return "this package is pure: it takes what it needs as arguments"
	}
	return ""
}

// below reports whether an import path is root or lies under it.
func below(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// checkInside returns the rule that an import inside the module breaks, or "". Tests may
// import what they like, but not a simulator's: it must not lean on what it proves.
func checkInside(from, imported string, test bool) string {
	here := layers[from]
	there, known := layers[imported]
	switch {
	case !known:
		return "it is not declared: add it to the table in internal/archtest"
	case here == simulators && from != imported:
		return "simulators implement the protocol on their own and import nothing of Gerai"
	case here == helpers || test:
		return ""
	case there == helpers:
		return "only tests may import test helpers"
	case there == simulators && from != "cmd/gerai-demo":
		return "nothing in the product imports a simulator"
	case there == simulators:
		return ""
	case there > here:
		return "imports go down only"
	case there < here || here == domain || here == composition:
		return ""
	case slices.Contains(areas, from) && slices.Contains(areas, imported):
		if slices.Index(areas, imported) < slices.Index(areas, from) {
			return ""
		}
		return "areas import those before them in the list of areas only"
	case from == "admin" && below(imported, "admin"), below(from, "admin") && imported == "admin/web":
		return ""
	case here == handlers:
		return "handlers do not import each other"
	case here == adapters:
		return "adapters do not import each other; app passes in what one needs of another"
	}
	return "use cases do not import each other"
}
