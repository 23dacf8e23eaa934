package admin

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
)

// sample is one form filled in as it should be.
type sample struct {
	role string   // who fills it in; "" is the admin of all sites
	at   string   // what its address holds, or its thing is called
	says string   // what its page says, where several things look alike
	page string   // where it stands, for pages that no link leads to
	fill []string // pairs beside what the page filled in; none leaves a field out
	more func(s *busyShop, f form) []string
	// again says what a second, identical post may do once more, and why that
	// is right; everything else must stay as the first post left it.
	again []string
	file  string // field that takes a picture
}

const (
	none      = "\x00none"
	auditNote = "audit" // looking is on record each time
	onRouter  = "a router"
)

// onRecord are acts that are noted every time, because they are looks.
var onRecord = []string{auditNote}

// samples has one entry for every POST of the panel that a form leads to.
var samples = map[string]sample{
	"/login":            {role: signedOut, fill: []string{"name", "uji-kasir", "password", password}, again: onRecord},
	"/logout":           {role: "kasir"},
	"/prove":            {page: "/prove", fill: []string{"password", password}},
	"/second":           {role: elsewhen, more: func(s *busyShop, _ form) []string { return []string{"code", s.codes[0]} }},
	"/invite":           {role: signedOut, fill: []string{"password", "kopi manis pagi hari", "again", "kopi manis pagi hari"}, more: nil},
	"/account":          {fill: []string{"lang", "en"}},
	"/account/seen":     {role: "kabar"},
	"/account/password": {fill: []string{"current", password, "password", "kopi manis pagi hari", "again", "kopi manis pagi hari"}},
	"/account/second/app": {more: func(s *busyShop, f form) []string {
		return []string{"code", s.code(text(f.doc.Closest("main").Find("details .mono")))}
	}},
	"/account/second/app/remove":   {role: "lama"},
	"/account/second/codes":        {role: "lama", again: []string{auditNote, "recovery_codes", "staff"}}, // the answer shows them: the last ones shown are those that work
	"/account/sessions/end":        {},
	"/account/sessions/end-others": {again: onRecord},
	"/staff":                       {fill: []string{"name", "sari", "role", "kasir"}},
	"/staff/:id/post":              {at: "teknisi", fill: []string{"role", "kasir"}},
	"/staff/:id/disable":           {at: "teknisi"},
	"/staff/:id/enable":            {},
	"/staff/:id/reset-second":      {},
	"/staff/:id/link":              {at: "teknisi"},
	"/staff/:id/end-sessions":      {at: "teknisi"},
	"/policy":                      {fill: []string{"min_length", "14"}},
	"/filters":                     {fill: []string{"name", "baru"}},
	"/filters/:id/delete":          {},
	"/reports/export":              {fill: []string{"format", "csv"}, again: onRecord},
	"/reports/tech/export":         {fill: []string{"format", "csv"}, again: onRecord},
	"/reports/baseline":            {fill: []string{"revenue", "9.000.000", "vouchers", "1500", "complaints", "30"}},
	"/reports/fees":                {fill: []string{"qris_percent", "0,9"}},

	"/reconciliation/run":                 {again: []string{auditNote, "reconciliation_days"}}, // each press starts another comparison
	"/reconciliation/export":              {fill: []string{"format", "csv"}, again: onRecord},
	"/reconciliation/:id/assign":          {more: func(s *busyShop, _ form) []string { return []string{"owner", s.actorOf("uji-admin").ID} }},
	"/reconciliation/:id/note":            {fill: []string{"note", "saya tanya Xendit"}},
	"/reconciliation/:id/explain":         {fill: []string{"reason", "sudah dicek di bank"}},
	"/reconciliation/:id/ask":             {again: []string{auditNote, "reconciliation_days"}}, // each press starts another comparison
	"/reconciliation/months/:month/close": {},

	"/orders/:code/note":                 {fill: []string{"text", "pelanggan menelepon"}},
	"/orders/:code/check":                {again: onRecord},
	"/orders/:code/retry":                {again: []string{auditNote, "orders"}}, // each press tries at once; the voucher is ensured, never made twice
	"/orders/:code/cancel":               {},
	"/orders/:code/force":                {},
	"/orders/:code/credentials":          {again: onRecord},
	"/orders/:code/phone":                {again: onRecord},
	"/orders/:code/pay":                  {says: "1 Hari"},
	"/orders/:code/refund/:gateway/:key": {fill: []string{"typed", "5000"}},
	"/sell":                              {fill: []string{"phone", "081298765432"}},
	"/shift/open":                        {role: other, fill: []string{"opening", "50.000"}},
	"/shift/:id/cash":                    {fill: []string{"way", "out", "amount", "5.000", "reason", "beli kertas"}},
	"/shift/:id/close":                   {fill: []string{"counted", "105000", "note", "dihitung dua kali"}},
	"/shift/:id/export":                  {fill: []string{"format", "csv"}, again: onRecord},
	"/money/rules":                       {fill: []string{"second_above", "400.000"}},
	"/money/owed/:key":                   {fill: []string{"how", "transfer"}},
	"/money/stray/:gateway/:key/assign":  {more: func(s *busyShop, _ form) []string { return []string{"code", s.waiting, "typed", s.waiting} }},
	"/money/stray/:gateway/:key/refund":  {fill: []string{"typed", "5000"}},
	"/refunds/:id/approve":               {},
	"/refunds/:id/reject":                {fill: []string{"reason", "tidak cocok"}},
	"/refunds/:id/skip":                  {},
	"/refunds/:id/cash":                  {},
	"/refunds/:id/seen":                  {},
	"/refunds/:id/proof":                 {file: "proof"},

	"/refunds/:id/stop":    {},
	"/money/owed/:key/off": {},
	"/alerts/:id/ack":      {fill: []string{"note", "saya cek"}},
	"/backups/now":         {again: onRecord},
	"/backups/drill":       {again: onRecord},

	"/online/:id/kick": {at: "/pojok/"},
	"/bans/:site/:mac": {at: "/kopi/"},
	"/bans/:id/lift":   {},

	"/vouchers/:id/credentials":     {again: onRecord},
	"/vouchers/:id/disable":         {more: func(*busyShop, form) []string { return []string{"money", "keep"} }},
	"/vouchers/:id/enable":          {},
	"/vouchers/:id/suspend":         {},
	"/vouchers/:id/unsuspend":       {},
	"/vouchers/:id/extend":          {fill: []string{"validity", "3"}},
	"/vouchers/:id/move":            {fill: []string{"router", "melati-b"}},
	"/vouchers/:id/restore":         {},
	"/vouchers/levels":              {fill: []string{"low", "7"}},
	"/vouchers/new":                 {fill: []string{"count", "2", "router", "pojok"}},
	"/catalogue/promotions/new":     {fill: []string{"name", "Diskon pelajar", "cheaper", "percent", "value", "10"}},
	"/catalogue/promotions/:id":     {fill: []string{"value", "1500"}},
	"/catalogue/promotions/:id/end": {},
	"/vouchers/outlets":             {fill: []string{"name", "Toko Maju", "phone", "081211112222"}},
	"/vouchers/sell":                {},
	"/vouchers/print":               {fill: []string{"note", "Terima kasih"}},
	"/vouchers/print/preview":       {fill: []string{"note", "Terima kasih"}},
	"/vouchers/batches/:id/pause":   {},
	"/vouchers/batches/:id/resume":  {},
	"/vouchers/batches/:id/cancel":  {},
	"/vouchers/batches/:id/assign":  {fill: []string{"first", "3", "last", "4"}},
	"/vouchers/batches/:id/disable": {},
	"/vouchers/batches/:id/print":   {fill: []string{"format", "csv", "first", "1", "last", "2"}, again: onRecord},

	"/setup/gateway":              {fill: []string{"key", "xnd_development_lain", "tokens", "token-webhook-lain", "typed", "xendit", "reason", "ganti kunci"}},
	"/setup/gateway/forget":       {},
	"/setup/trial":                {again: []string{}},
	"/catalogue/history/:id/back": {},
	"/catalogue/import": {file: "file", more: func(s *busyShop, _ form) []string {
		file, err := s.Shop.Catalogue.Export(ctx, s.actorOf("uji-admin"), true)
		s.fine(err)
		file = bytes.Replace(file, []byte("name: \"1 Hari\""), []byte("name: \"Satu Hari\""), 1)
		parsed, err := catalog.ParseDocument(file, func(string) string { return "" }, func(string) ([]byte, error) { return nil, errors.New("no file") })
		s.fine(err)
		all, err := s.Shop.Catalogue.PlanImport(ctx, catalogue.Import{Catalogue: parsed})
		s.fine(err)
		return []string{"document", string(file), "shown", catalogue.DifferencesDigest(all), "act", "apply"}
	}},
	"/catalogue/methods":           {fill: []string{"on-va:BNI", none, "min-qris", "1.000", "act", "save"}},
	"/catalogue/brand":             {fill: []string{"tagline", "Wi-Fi murah", "act", "save"}, file: "logo"},
	"/catalogue/add/plan":          {fill: []string{"name", "Paket Uji", "price", "7.000", "act", "save"}},
	"/catalogue/plans/:id":         {at: "/sehari", fill: []string{"price", "6.500", "act", "save"}},
	"/catalogue/plans/:id/move":    {at: "/sehari/"},
	"/catalogue/plans/:id/hide":    {at: "sehari"},
	"/catalogue/plans/:id/retire":  {at: "sehari"},
	"/catalogue/plans/:id/restore": {},
	"/catalogue/add/site":          {fill: []string{"name", "Pos Ronda", "slug", "pos-ronda"}},
	"/catalogue/sites/:id":         {at: "/kopi", fill: []string{"name", "Kopi Baru"}},
	"/catalogue/sites/:id/move":    {},
	"/catalogue/sites/:id/hide":    {at: "/kopi"},

	"/routers": {more: func(s *busyShop, _ form) []string {
		return []string{"name", "Kedai Baru", "site", "kopi", "address", s.blank["kosong"].Addr(), "user", "admin", "password", "rahasia-kosong", "tls", none, "act", "save"}
	}},
	"/routers/:id/edit":           {at: "/pojok/", fill: []string{"priority", "7", "act", "save"}},
	"/routers/failover":           {},
	"/routers/ended":              {fill: []string{"days", "30"}},
	"/routers/:id/review/restore": {at: "/pojok/"},
	"/routers/:id/restore":        {},
	"/routers/:id/secret":         {at: "/pojok/"},
	"/routers/:id/remove":         {at: "/pojok/"},
	"/routers/:id/reboot":         {at: "/kosong/"},
	"/routers/:id/kit/check":      {at: "/pojok/"},
	"/routers/:id/kit/plan":       {at: "/kosong/", fill: []string{"bare", "yes"}},
	"/routers/:id/kit/apply":      {at: "/kosong/"},
	"/routers/:id/kit/undo":       {at: "/siap/"},
	"/routers/:id/users/:row":     {at: "tamu", fill: []string{"limit-uptime", "3h", "profile", "default"}},

	"/routers/:id/active/:row/kick":      {at: "/pojok/"},
	"/routers/:id/cookies/:row/forget":   {at: "/pojok/"},
	"/routers/:id/users/:row/reset":      {at: "tamu", again: []string{auditNote, onRouter}},
	"/routers/:id/users/:row/toggle":     {at: "tamu"},
	"/routers/:id/users/:row/remove":     {at: "tamu", fill: []string{"force", "yes"}},
	"/routers/:id/profiles/new":          {at: "/pojok/", fill: []string{"name", "mingguan", "rate-limit", "2M/5M", "shared-users", "1"}, again: onRecord},
	"/routers/:id/profiles/:row":         {at: "harian", fill: []string{"rate-limit", "3M/3M"}},
	"/routers/:id/profiles/:row/remove":  {at: "harian"},
	"/routers/:id/bindings/new":          {at: "/pojok/", fill: []string{"mac-address", "AA:BB:CC:00:00:42", "comment", "printer"}, again: onRecord},
	"/routers/:id/bindings/:row":         {at: "/pojok/", fill: []string{"comment", "kasir"}},
	"/routers/:id/bindings/:row/toggle":  {at: "/pojok/"},
	"/routers/:id/bindings/:row/remove":  {at: "/pojok/"},
	"/routers/:id/garden/new":            {at: "/pojok/", fill: []string{"dst-host", "bank.example", "comment", "bank"}, again: onRecord},
	"/routers/:id/garden/:row":           {at: "/pojok/", fill: []string{"comment", "toko"}},
	"/routers/:id/garden/:row/toggle":    {at: "/pojok/"},
	"/routers/:id/garden/:row/remove":    {at: "/pojok/"},
	"/routers/:id/garden-ip/new":         {at: "/pojok/", fill: []string{"dst-host", "bank.example", "protocol", "tcp", "dst-port", "443"}, again: onRecord},
	"/routers/:id/garden-ip/:row":        {at: "/pojok/", fill: []string{"comment", "toko"}},
	"/routers/:id/garden-ip/:row/toggle": {at: "/pojok/"},
	"/routers/:id/garden-ip/:row/remove": {at: "/pojok/"},
	"/routers/:id/servers/:row/toggle":   {at: "/pojok/"},
}

// formless are the acts that no form of the busy shop leads to, and why.
var formless = map[string]string{
	"/setup/site":                  "the busy shop has a site: TestFirstRun",
	"/setup/plan":                  "the busy shop has plans: TestFirstRun",
	"/setup":                       "works only while nobody has an account: TestFirstAdminInTheBrowser",
	"/login/passkey/ask":           "the script's question to the authenticator; passkeys want https",
	"/login/passkey":               "what the authenticator answers: internal/staff's passkey tests",
	"/second/passkey":              "what the authenticator answers",
	"/passkey/ask":                 "the script's question",
	"/prove/passkey":               "what the authenticator answers",
	"/account/passkeys/ask":        "the script's question",
	"/account/passkeys":            "what the authenticator answers",
	"/account/passkeys/:id/remove": "there is none without an authenticator",
	"/compensations/:site":         "no voucher of the busy shop was running in an outage: TestCompensatingASite",
	"/backups/recovery/users":      "the busy shop was not restored: TestRecoveryUsers",
	"/backups/recovery/end":        "the busy shop was not restored, and nothing would end in it: TestRecoveryPage",
}

// choose finds the form that a sample means.
func (x sample) choose(forms map[string]form, path string) (form, bool) {
	var all []string
	for action, f := range forms {
		if f.route.Path == path && strings.Contains(text(f.doc.Closest("main")), x.says) && (strings.Contains(action, x.at) || strings.Contains(text(f.doc.Closest("main").Find("h2, label[for=typed]")), x.at) || strings.HasSuffix(text(f.doc.Closest("main").Find("h1")), x.at)) {
			all = append(all, action)
		}
	}
	if len(all) == 0 {
		return form{}, false
	}
	return forms[slices.Min(all)], true
}
