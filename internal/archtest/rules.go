// Package archtest proves that imports go down only and that every room keeps to what it is for.
// It knows rooms by their paths; what is inside them is none of its business.
// Only its own test calls it, as part of every test run.
package archtest

import "strings"

// class says what kind of room a package is.
type class int

const (
	words    class = iota // floor 0
	hands                 // floor 1
	useCases              // floor 2
	doors                 // floor 3
	roof                  // floor 4
	sims                  // simulators: import nothing of Gerai
	helpers               // only tests may import them
)

// rooms lists every package. A package that is not here fails the test: a new
// room is declared, not slipped in.
var rooms = map[string]class{
	"gerai/cmd/gerai": roof, "gerai/cmd/gerai-demo": roof, "gerai/internal/app": roof,
	"gerai/storefront": doors, "gerai/admin": doors, "gerai/payments/webhook": doors, "gerai/internal/jobs/runner": doors,
	"gerai/internal/shop": useCases, "gerai/internal/staff": useCases,
	"gerai/internal/store": hands, "gerai/payments/xendit": hands, "gerai/internal/hotspot/routeros": hands, "gerai/internal/cache": hands,
	"gerai/internal/httpx": hands, "gerai/internal/picture": hands, "gerai/templates": hands,
	"gerai/internal/order": words, "gerai/internal/catalog": words, "gerai/internal/money": words, "gerai/internal/fault": words,
	"gerai/internal/clock": words, "gerai/internal/config": words, "gerai/internal/secret": words, "gerai/internal/jobs": words,
	"gerai/internal/hotspot": words, "gerai/payments": words, "gerai/payments/qris": words,
	"gerai/internal/sim/xenditsim": sims, "gerai/internal/sim/routerossim": sims,
	"gerai/internal/archtest": helpers, "gerai/internal/testenv": helpers, "gerai/internal/shop/shoptest": helpers,
	"gerai/internal/store/storetest": helpers, "gerai/internal/hotspot/hotspottest": helpers,
	"gerai/test/clients": helpers, "gerai/test/e2e": helpers, "gerai/test/campaign": helpers, "gerai/test/bench": helpers, "gerai/test/replicas": helpers,
	"gerai/test/proc": helpers,
}

// only says which rooms may import an outside module, and why nobody else may.
var only = []struct {
	module string
	rooms  []string
	why    string
}{
	{"github.com/gofiber/fiber", []string{"gerai/storefront", "gerai/admin", "gerai/payments/webhook", "gerai/internal/httpx", "gerai/internal/app"}, "only doors, httpx and app speak HTTP through Fiber"},
	{"github.com/jackc/pgx", []string{"gerai/internal/store"}, "only the store imports database drivers"},
	{"modernc.org/sqlite", []string{"gerai/internal/store"}, "only the store imports database drivers"},
	{"database/sql", []string{"gerai/internal/store"}, "only the store speaks SQL"},
	{"github.com/go-routeros/routeros", []string{"gerai/internal/hotspot/routeros"}, "only hotspot/routeros imports go-routeros"},
	{"github.com/xendit/xendit-go", []string{"gerai/payments/xendit"}, "only payments/xendit imports the Xendit SDK"},
	{"github.com/redis/go-redis", []string{"gerai/internal/cache"}, "only the cache talks to Redis"},
}

// judge returns the rule that an import breaks, or "".
func judge(from, imported string) string {
	here, known := rooms[from]
	if !known {
		return "this package is no room: declare it in internal/archtest"
	}
	if here != helpers && here != sims {
		for _, o := range only {
			if strings.HasPrefix(imported, o.module) && !contains(o.rooms, from) {
				return o.why
			}
		}
	}
	if !strings.HasPrefix(imported, "gerai/") {
		return ""
	}
	there, known := rooms[imported]
	switch {
	case !known:
		return "imports a package that is no room"
	case here == sims:
		return "simulators speak the wire by themselves and import nothing of Gerai"
	case here == helpers:
		return ""
	case there == helpers:
		return "only tests may import test helpers"
	case there == sims && from != "gerai/cmd/gerai-demo":
		return "nothing in the product imports a simulator"
	case there == sims:
		return ""
	case there > here:
		return "imports go down only"
	case there == here && here == doors:
		return "doors don't know each other"
	case there == here && here == hands:
		return "hands don't know each other; what one needs of another, app hands in"
	case there == here && here == useCases:
		return "use cases don't know each other"
	}
	return ""
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
