package staff

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// staffRoutes are for the session, the account itself, staff and the audit.
var Routes = []web.Route{
	{Method: "POST", Path: "/logout", Right: staff.OwnAccount, During: web.DuringAnyStep, Handle: signOut},
	{Method: "GET", Path: "/prove", Right: staff.OwnAccount, During: web.DuringTwoFactorSetup, Handle: reauthenticateForm},
	{Method: "POST", Path: "/prove", Right: staff.OwnAccount, During: web.DuringTwoFactorSetup, Handle: reauthenticate},
	{Method: "GET", Path: "/second", Right: staff.OwnAccount, During: web.DuringTwoFactor, Handle: twoFactorForm},
	{Method: "POST", Path: "/second", Right: staff.OwnAccount, During: web.DuringTwoFactor, Handle: twoFactor},
	{Method: "POST", Path: "/second/passkey", Right: staff.OwnAccount, During: web.DuringTwoFactor, Handle: twoFactorPasskey},
	{Method: "POST", Path: "/passkey/ask", Right: staff.OwnAccount, During: web.DuringTwoFactor, Handle: passkeyChallenge},
	{Method: "POST", Path: "/prove/passkey", Right: staff.OwnAccount, Handle: reauthenticatePasskey},
	{Method: "GET", Path: "/account", Right: staff.OwnAccount, Handle: account},
	{Method: "POST", Path: "/account", Right: staff.OwnAccount, Handle: saveAccount},
	{Method: "POST", Path: "/account/seen", Right: staff.OwnAccount, Handle: seenNews},
	{Method: "GET", Path: "/account/password", Right: staff.OwnAccount, During: web.DuringPassword, Handle: passwordForm},
	{Method: "POST", Path: "/account/password", Right: staff.OwnAccount, During: web.DuringPassword, Handle: changePassword},
	{Method: "GET", Path: "/account/second", Right: staff.OwnAccount, During: web.DuringTwoFactorSetup, Handle: twoFactorSettings},
	{Method: "GET", Path: "/account/second/app", Right: staff.OwnAccount, Reauthenticate: true, During: web.DuringTwoFactorSetup, Handle: totpForm},
	{Method: "POST", Path: "/account/second/app", Right: staff.OwnAccount, Reauthenticate: true, During: web.DuringTwoFactorSetup, Handle: enrolTOTP},
	{Method: "POST", Path: "/account/second/app/remove", Right: staff.OwnAccount, Reauthenticate: true, Handle: removeTOTP},
	{Method: "POST", Path: "/account/second/codes", Right: staff.OwnAccount, Reauthenticate: true, Handle: newCodes},
	{Method: "POST", Path: "/account/passkeys/ask", Right: staff.OwnAccount, Reauthenticate: true, During: web.DuringTwoFactorSetup, Handle: newPasskeyChallenge},
	{Method: "POST", Path: "/account/passkeys", Right: staff.OwnAccount, Reauthenticate: true, During: web.DuringTwoFactorSetup, Handle: addPasskey},
	{Method: "POST", Path: "/account/passkeys/:id/remove", Right: staff.OwnAccount, Reauthenticate: true, Handle: removePasskey},
	{Method: "POST", Path: "/account/sessions/end", Right: staff.OwnAccount, Handle: endSession},
	{Method: "POST", Path: "/account/sessions/end-others", Right: staff.OwnAccount, Handle: endOtherSessions},
	{Method: "GET", Path: "/staff", Right: staff.ManageStaff, Handle: staffList},
	{Method: "GET", Path: "/staff/new", Right: staff.ManageStaff, Reauthenticate: true, Handle: userCreateForm},
	{Method: "POST", Path: "/staff", Right: staff.ManageStaff, Reauthenticate: true, Handle: userCreate},
	{Method: "GET", Path: "/staff/:id", Right: staff.ManageStaff, Reauthenticate: true, Handle: staffDetail},
	{Method: "POST", Path: "/staff/:id/post", Right: staff.ManageStaff, Confirm: confirmStaffAction("post"), Handle: reassign},
	{Method: "POST", Path: "/staff/:id/disable", Right: staff.ManageStaff, Confirm: confirmStaffAction("disable"), Handle: disableStaff},
	{Method: "POST", Path: "/staff/:id/enable", Right: staff.ManageStaff, Reauthenticate: true, Handle: enableStaff},
	{Method: "POST", Path: "/staff/:id/reset-second", Right: staff.ManageStaff, Confirm: confirmStaffAction("reset"), Handle: resetTwoFactor},
	{Method: "POST", Path: "/staff/:id/link", Right: staff.ManageStaff, Confirm: confirmStaffAction("link"), Handle: inviteAgain},
	{Method: "POST", Path: "/staff/:id/end-sessions", Right: staff.ManageStaff, Reauthenticate: true, Handle: endSessionsOf},
	{Method: "GET", Path: "/policy", Right: staff.Settings, AllSites: true, Handle: policyForm},
	{Method: "POST", Path: "/policy", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: savePolicy},
	{Method: "GET", Path: "/audit", Right: staff.SeeAudit, AllSites: true, Handle: audit},
	{Method: "GET", Path: "/audit/export", Right: staff.SeeAudit, AllSites: true, Heavy: true, Handle: exportAudit},
}

// PublicRoutes are open without a session: signing in, and the pages behind one-time
// links.
var PublicRoutes = []web.Route{
	{Method: "GET", Path: "/login", Handle: signInForm},
	{Method: "POST", Path: "/login", Handle: signIn},
	{Method: "POST", Path: "/login/passkey/ask", Handle: signInChallenge},
	{Method: "POST", Path: "/login/passkey", Handle: signInPasskey},
	{Method: "GET", Path: "/invite", Handle: inviteForm},
	{Method: "POST", Path: "/invite", Handle: acceptInvite},
	{Method: "GET", Path: "/setup", Handle: setupForm},
	{Method: "POST", Path: "/setup", Handle: setup},
}
