package admin

import "gerai/internal/staff"

// Which debts a page may be seen with; see route.during.
var (
	inSecond   = []staff.Debt{staff.OwesSecond}
	inPassword = []staff.Debt{staff.OwesPassword}
	inFactor   = []staff.Debt{staff.OwesFactor}
	inAny      = []staff.Debt{staff.OwesSecond, staff.OwesPassword, staff.OwesFactor}
)

// linkDoorstep are the pages behind one-time links, and signing in by passkey.
var linkDoorstep = []route{
	{method: "POST", path: "/login/passkey/ask", act: (*Door).askSignInPasskey},
	{method: "POST", path: "/login/passkey", act: (*Door).signInPasskey},
	{method: "GET", path: "/invite", act: (*Door).inviteForm},
	{method: "POST", path: "/invite", act: (*Door).acceptInvite},
	{method: "GET", path: "/setup", act: (*Door).firstForm},
	{method: "POST", path: "/setup", act: (*Door).makeFirst},
}

// accountRoutes are for everybody, about themselves.
var accountRoutes = []route{
	{method: "GET", path: "/second", right: staff.OwnAccount, during: inSecond, act: (*Door).secondForm},
	{method: "POST", path: "/second", right: staff.OwnAccount, during: inSecond, act: (*Door).second},
	{method: "POST", path: "/second/passkey", right: staff.OwnAccount, during: inSecond, act: (*Door).secondPasskey},
	{method: "POST", path: "/passkey/ask", right: staff.OwnAccount, during: inSecond, act: (*Door).askPasskey},
	{method: "POST", path: "/prove/passkey", right: staff.OwnAccount, act: (*Door).provePasskey},
	{method: "GET", path: "/account", right: staff.OwnAccount, act: (*Door).account},
	{method: "POST", path: "/account", right: staff.OwnAccount, act: (*Door).saveAccount},
	{method: "POST", path: "/account/seen", right: staff.OwnAccount, act: (*Door).seenNews},
	{method: "GET", path: "/account/password", right: staff.OwnAccount, during: inPassword, act: (*Door).passwordForm},
	{method: "POST", path: "/account/password", right: staff.OwnAccount, during: inPassword, act: (*Door).changePassword},
	{method: "GET", path: "/account/second", right: staff.OwnAccount, during: inFactor, act: (*Door).factors},
	{method: "GET", path: "/account/second/app", right: staff.OwnAccount, fresh: true, during: inFactor, act: (*Door).totpForm},
	{method: "POST", path: "/account/second/app", right: staff.OwnAccount, fresh: true, during: inFactor, act: (*Door).enrolTOTP},
	{method: "POST", path: "/account/second/app/remove", right: staff.OwnAccount, fresh: true, act: (*Door).removeTOTP},
	{method: "POST", path: "/account/second/codes", right: staff.OwnAccount, fresh: true, act: (*Door).newCodes},
	{method: "POST", path: "/account/passkeys/ask", right: staff.OwnAccount, fresh: true, during: inFactor, act: (*Door).askNewPasskey},
	{method: "POST", path: "/account/passkeys", right: staff.OwnAccount, fresh: true, during: inFactor, act: (*Door).addPasskey},
	{method: "POST", path: "/account/passkeys/:id/remove", right: staff.OwnAccount, fresh: true, act: (*Door).removePasskey},
	{method: "POST", path: "/account/sessions/end", right: staff.OwnAccount, act: (*Door).endSession},
	{method: "POST", path: "/account/sessions/end-others", right: staff.OwnAccount, act: (*Door).endOtherSessions},
}

// staffRoutes are for those who manage people.
var staffRoutes = []route{
	{method: "GET", path: "/staff", right: staff.ManageStaff, act: (*Door).people},
	{method: "GET", path: "/staff/new", right: staff.ManageStaff, fresh: true, act: (*Door).hireForm},
	{method: "POST", path: "/staff", right: staff.ManageStaff, fresh: true, act: (*Door).hire},
	{method: "GET", path: "/staff/:id", right: staff.ManageStaff, fresh: true, act: (*Door).oneOfUs},
	{method: "POST", path: "/staff/:id/post", right: staff.ManageStaff, sure: askPerson("post"), act: (*Door).reassign},
	{method: "POST", path: "/staff/:id/disable", right: staff.ManageStaff, sure: askPerson("disable"), act: (*Door).disableStaff},
	{method: "POST", path: "/staff/:id/enable", right: staff.ManageStaff, fresh: true, act: (*Door).enableStaff},
	{method: "POST", path: "/staff/:id/reset-second", right: staff.ManageStaff, sure: askPerson("reset"), act: (*Door).resetSecond},
	{method: "POST", path: "/staff/:id/link", right: staff.ManageStaff, sure: askPerson("link"), act: (*Door).inviteAgain},
	{method: "POST", path: "/staff/:id/end-sessions", right: staff.ManageStaff, fresh: true, act: (*Door).endSessionsOf},
	{method: "GET", path: "/policy", right: staff.Settings, whole: true, act: (*Door).policyForm},
	{method: "POST", path: "/policy", right: staff.Settings, whole: true, fresh: true, act: (*Door).savePolicy},
}

var auditRoutes = []route{
	{method: "GET", path: "/audit", right: staff.SeeAudit, whole: true, act: (*Door).audit},
	{method: "GET", path: "/audit/export", right: staff.SeeAudit, whole: true, act: (*Door).exportAudit},
}
