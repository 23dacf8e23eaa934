package admin

import "gerai/internal/staff"

// The required steps during which a page is open; see route.during.
var (
	duringTwoFactor      = []staff.RequiredStep{staff.StepTwoFactor}
	duringPassword       = []staff.RequiredStep{staff.StepPassword}
	duringTwoFactorSetup = []staff.RequiredStep{staff.StepTwoFactorSetup}
	duringAnyStep        = []staff.RequiredStep{staff.StepTwoFactor, staff.StepPassword, staff.StepTwoFactorSetup}
)

// publicLinkRoutes are the pages behind one-time links, and signing in by passkey.
var publicLinkRoutes = []route{
	{method: "POST", path: "/login/passkey/ask", handle: (*Handler).signInChallenge},
	{method: "POST", path: "/login/passkey", handle: (*Handler).signInPasskey},
	{method: "GET", path: "/invite", handle: (*Handler).inviteForm},
	{method: "POST", path: "/invite", handle: (*Handler).acceptInvite},
	{method: "GET", path: "/setup", handle: (*Handler).setupForm},
	{method: "POST", path: "/setup", handle: (*Handler).setup},
}

// accountRoutes are for every account, about itself.
var accountRoutes = []route{
	{method: "GET", path: "/second", right: staff.OwnAccount, during: duringTwoFactor, handle: (*Handler).twoFactorForm},
	{method: "POST", path: "/second", right: staff.OwnAccount, during: duringTwoFactor, handle: (*Handler).twoFactor},
	{method: "POST", path: "/second/passkey", right: staff.OwnAccount, during: duringTwoFactor, handle: (*Handler).twoFactorPasskey},
	{method: "POST", path: "/passkey/ask", right: staff.OwnAccount, during: duringTwoFactor, handle: (*Handler).passkeyChallenge},
	{method: "POST", path: "/prove/passkey", right: staff.OwnAccount, handle: (*Handler).reauthenticatePasskey},
	{method: "GET", path: "/account", right: staff.OwnAccount, handle: (*Handler).account},
	{method: "POST", path: "/account", right: staff.OwnAccount, handle: (*Handler).saveAccount},
	{method: "POST", path: "/account/seen", right: staff.OwnAccount, handle: (*Handler).seenNews},
	{method: "GET", path: "/account/password", right: staff.OwnAccount, during: duringPassword, handle: (*Handler).passwordForm},
	{method: "POST", path: "/account/password", right: staff.OwnAccount, during: duringPassword, handle: (*Handler).changePassword},
	{method: "GET", path: "/account/second", right: staff.OwnAccount, during: duringTwoFactorSetup, handle: (*Handler).twoFactorSettings},
	{method: "GET", path: "/account/second/app", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: (*Handler).totpForm},
	{method: "POST", path: "/account/second/app", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: (*Handler).enrolTOTP},
	{method: "POST", path: "/account/second/app/remove", right: staff.OwnAccount, reauthenticate: true, handle: (*Handler).removeTOTP},
	{method: "POST", path: "/account/second/codes", right: staff.OwnAccount, reauthenticate: true, handle: (*Handler).newCodes},
	{method: "POST", path: "/account/passkeys/ask", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: (*Handler).newPasskeyChallenge},
	{method: "POST", path: "/account/passkeys", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: (*Handler).addPasskey},
	{method: "POST", path: "/account/passkeys/:id/remove", right: staff.OwnAccount, reauthenticate: true, handle: (*Handler).removePasskey},
	{method: "POST", path: "/account/sessions/end", right: staff.OwnAccount, handle: (*Handler).endSession},
	{method: "POST", path: "/account/sessions/end-others", right: staff.OwnAccount, handle: (*Handler).endOtherSessions},
}

// staffRoutes are for accounts that manage staff.
var staffRoutes = []route{
	{method: "GET", path: "/staff", right: staff.ManageStaff, handle: (*Handler).staffList},
	{method: "GET", path: "/staff/new", right: staff.ManageStaff, reauthenticate: true, handle: (*Handler).userCreateForm},
	{method: "POST", path: "/staff", right: staff.ManageStaff, reauthenticate: true, handle: (*Handler).userCreate},
	{method: "GET", path: "/staff/:id", right: staff.ManageStaff, reauthenticate: true, handle: (*Handler).staffDetail},
	{method: "POST", path: "/staff/:id/post", right: staff.ManageStaff, confirm: confirmStaffAction("post"), handle: (*Handler).reassign},
	{method: "POST", path: "/staff/:id/disable", right: staff.ManageStaff, confirm: confirmStaffAction("disable"), handle: (*Handler).disableStaff},
	{method: "POST", path: "/staff/:id/enable", right: staff.ManageStaff, reauthenticate: true, handle: (*Handler).enableStaff},
	{method: "POST", path: "/staff/:id/reset-second", right: staff.ManageStaff, confirm: confirmStaffAction("reset"), handle: (*Handler).resetTwoFactor},
	{method: "POST", path: "/staff/:id/link", right: staff.ManageStaff, confirm: confirmStaffAction("link"), handle: (*Handler).inviteAgain},
	{method: "POST", path: "/staff/:id/end-sessions", right: staff.ManageStaff, reauthenticate: true, handle: (*Handler).endSessionsOf},
	{method: "GET", path: "/policy", right: staff.Settings, allSites: true, handle: (*Handler).policyForm},
	{method: "POST", path: "/policy", right: staff.Settings, allSites: true, reauthenticate: true, handle: (*Handler).savePolicy},
}

var auditRoutes = []route{
	{method: "GET", path: "/audit", right: staff.SeeAudit, allSites: true, handle: (*Handler).audit},
	{method: "GET", path: "/audit/export", right: staff.SeeAudit, allSites: true, handle: (*Handler).exportAudit},
}
