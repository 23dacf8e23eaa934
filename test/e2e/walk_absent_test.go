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
	"common.terms.now":                           answer,
	"common.terms.was":                           answer,
	"counter.sell.no_plans":                      empty,
	"counter.shift.older":                        "needs more shifts than a page holds",
	"refunds.money.gone":                         "needs books that do not add up",
	"refunds.money.no_owed":                      empty,
	"refunds.money.no_refunds":                   empty,
	"refunds.money.no_stray":                     empty,
	"refunds.refund.reason.late":                 "no site of the demo refunds late payments",
	"reports.dashboard.more_alerts":              "needs more open alerts than the dashboard lists",
	"routers.field.lock-user":                    "no profile of the demo's routers locks users to a device",
	"routers.found":                              answer,
	"routers.found_why":                          answer,
	"routers.list.cut":                           "needs a router with more rows than are read",
	"routers.list.reading":                       moment,
	"routers.list.wait":                          moment,
	"routers.no_site":                            empty,
	"routers.none":                               empty,
	"routers.pin_changed":                        answer,
	"routers.pin_yes":                            answer,
	"routers.provisioning.apply":                 answer,
	"routers.provisioning.blocked":               answer,
	"routers.provisioning.findings":              answer,
	"routers.provisioning.fine":                  answer,
	"routers.provisioning.password_of":           answer,
	"routers.provisioning.plan":                  answer,
	"routers.secret_note":                        answer,
	"routers.tested":                             answer,
	"routers.untested":                           answer,
	"routers.walled_garden.sure":                 answer,
	"staff.audit.none_yet":                       moment,
	"staff.link.once":                            answer,
	"staff.link.send":                            answer,
	"staff.passkey.failed":                       passkeys,
	"staff.passkey.sign_in":                      passkeys,
	"staff.passkey.use":                          passkeys,
	"staff.password.expired":                     policy,
	"staff.password.given":                       "needs a password set from the command line",
	"staff.recovery_codes.done":                  answer,
	"staff.recovery_codes.keep":                  answer,
	"staff.recovery_codes.once":                  answer,
	"staff.setup.go":                             empty,
	"staff.setup.why":                            empty,
	"staff.sites_some":                           narrow,
	"staff.two_factor.recovery":                  passkeys,
	"staff.two_factor_settings.forced":           policy,
	"staff.two_factor_settings.key_add":          passkeys,
	"staff.two_factor_settings.key_hint":         passkeys,
	"staff.two_factor_settings.key_name":         passkeys,
	"staff.two_factor_settings.key_remove_named": passkeys,
	"staff.two_factor_settings.key_script":       passkeys,
	"stock.batch.drawing":                        moment,
	"stock.batch.no_plans":                       empty,
	"stock.batch.none":                           empty,
	"stock.delivery.stock":                       stocked,
	"stock.delivery.stock_only":                  stocked,
	"stock.none":                                 empty,
	"stock.outlet.none":                          empty,
	"web.home":                                   "is on error pages",
}
