package e2e

// Reasons why a sentence of the templates does not occur on the walk.
const (
	answer   = "is in the answer to a form, not on a GET page"
	empty    = "needs an empty shop"
	passkeys = "needs a device with passkeys"
	moment   = "is shown for a moment only and may be missed"
	policy   = "needs a policy that would lock out the other roles"
	narrow   = "needs an admin of one site, as in test/golden"
	stocked  = "no plan of the demo is delivered from stock"
)

// absentSentences are the keys in the panel's templates that do not occur on the walk.
var absentSentences = map[string]string{
	"adm.audit.none_yet":            moment,
	"adm.batch.drawing":             moment,
	"adm.batch.no_plans":            empty,
	"adm.batch.none":                empty,
	"adm.board.more_alerts":         "needs more open alerts than the dashboard lists",
	"adm.codes.done":                answer,
	"adm.codes.keep":                answer,
	"adm.codes.once":                answer,
	"adm.factors.forced":            policy,
	"adm.factors.key_add":           passkeys,
	"adm.factors.key_hint":          passkeys,
	"adm.factors.key_name":          passkeys,
	"adm.factors.key_remove_named":  passkeys,
	"adm.factors.key_script":        passkeys,
	"adm.field.lock-user":           "no profile of the demo's routers locks users to a device",
	"adm.garden.sure":               answer,
	"adm.first.go":                  empty,
	"adm.first.why":                 empty,
	"adm.home":                      "is on error pages",
	"adm.kit.apply":                 answer,
	"adm.kit.blocked":               answer,
	"adm.kit.findings":              answer,
	"adm.kit.fine":                  answer,
	"adm.kit.password_of":           answer,
	"adm.kit.plan":                  answer,
	"adm.link.once":                 answer,
	"adm.link.send":                 answer,
	"adm.list.cut":                  "needs a router with more rows than are read",
	"adm.list.reading":              moment,
	"adm.list.wait":                 moment,
	"adm.money.gone":                "needs books that do not add up",
	"adm.money.no_owed":             empty,
	"adm.money.no_refunds":          empty,
	"adm.money.no_stray":            empty,
	"adm.outlet.none":               empty,
	"adm.passkey.failed":            passkeys,
	"adm.passkey.sign_in":           passkeys,
	"adm.passkey.use":               passkeys,
	"adm.password.expired":          policy,
	"adm.password.given":            "needs a password set from the command line",
	"adm.refund.reason.late":        "no site of the demo refunds late payments",
	"adm.router.found":              answer,
	"adm.router.found_why":          answer,
	"adm.router.no_site":            empty,
	"adm.router.none":               empty,
	"adm.router.pin_changed":        answer,
	"adm.router.pin_yes":            answer,
	"adm.router.secret_note":        answer,
	"adm.router.tested":             answer,
	"adm.router.untested":           answer,
	"adm.second.recovery":           passkeys,
	"adm.sell.no_plans":             empty,
	"adm.shift.older":               "needs more shifts than a page holds",
	"adm.staff.sites_some":          narrow,
	"adm.stock.delivery.stock":      stocked,
	"adm.stock.delivery.stock_only": stocked,
	"adm.stock.none":                empty,
	"terms.now":                     answer,
	"terms.was":                     answer,
}
