package admin

import "gerai/internal/staff"

// staffRoutes are for the session, the account itself, staff and the audit.
var staffRoutes = []route{
	{method: "POST", path: "/logout", right: staff.OwnAccount, during: duringAnyStep, handle: signOut},
	{method: "GET", path: "/prove", right: staff.OwnAccount, during: duringTwoFactorSetup, handle: reauthenticateForm},
	{method: "POST", path: "/prove", right: staff.OwnAccount, during: duringTwoFactorSetup, handle: reauthenticate},
	{method: "GET", path: "/second", right: staff.OwnAccount, during: duringTwoFactor, handle: twoFactorForm},
	{method: "POST", path: "/second", right: staff.OwnAccount, during: duringTwoFactor, handle: twoFactor},
	{method: "POST", path: "/second/passkey", right: staff.OwnAccount, during: duringTwoFactor, handle: twoFactorPasskey},
	{method: "POST", path: "/passkey/ask", right: staff.OwnAccount, during: duringTwoFactor, handle: passkeyChallenge},
	{method: "POST", path: "/prove/passkey", right: staff.OwnAccount, handle: reauthenticatePasskey},
	{method: "GET", path: "/account", right: staff.OwnAccount, handle: account},
	{method: "POST", path: "/account", right: staff.OwnAccount, handle: saveAccount},
	{method: "POST", path: "/account/seen", right: staff.OwnAccount, handle: seenNews},
	{method: "GET", path: "/account/password", right: staff.OwnAccount, during: duringPassword, handle: passwordForm},
	{method: "POST", path: "/account/password", right: staff.OwnAccount, during: duringPassword, handle: changePassword},
	{method: "GET", path: "/account/second", right: staff.OwnAccount, during: duringTwoFactorSetup, handle: twoFactorSettings},
	{method: "GET", path: "/account/second/app", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: totpForm},
	{method: "POST", path: "/account/second/app", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: enrolTOTP},
	{method: "POST", path: "/account/second/app/remove", right: staff.OwnAccount, reauthenticate: true, handle: removeTOTP},
	{method: "POST", path: "/account/second/codes", right: staff.OwnAccount, reauthenticate: true, handle: newCodes},
	{method: "POST", path: "/account/passkeys/ask", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: newPasskeyChallenge},
	{method: "POST", path: "/account/passkeys", right: staff.OwnAccount, reauthenticate: true, during: duringTwoFactorSetup, handle: addPasskey},
	{method: "POST", path: "/account/passkeys/:id/remove", right: staff.OwnAccount, reauthenticate: true, handle: removePasskey},
	{method: "POST", path: "/account/sessions/end", right: staff.OwnAccount, handle: endSession},
	{method: "POST", path: "/account/sessions/end-others", right: staff.OwnAccount, handle: endOtherSessions},
	{method: "GET", path: "/staff", right: staff.ManageStaff, handle: staffList},
	{method: "GET", path: "/staff/new", right: staff.ManageStaff, reauthenticate: true, handle: userCreateForm},
	{method: "POST", path: "/staff", right: staff.ManageStaff, reauthenticate: true, handle: userCreate},
	{method: "GET", path: "/staff/:id", right: staff.ManageStaff, reauthenticate: true, handle: staffDetail},
	{method: "POST", path: "/staff/:id/post", right: staff.ManageStaff, confirm: confirmStaffAction("post"), handle: reassign},
	{method: "POST", path: "/staff/:id/disable", right: staff.ManageStaff, confirm: confirmStaffAction("disable"), handle: disableStaff},
	{method: "POST", path: "/staff/:id/enable", right: staff.ManageStaff, reauthenticate: true, handle: enableStaff},
	{method: "POST", path: "/staff/:id/reset-second", right: staff.ManageStaff, confirm: confirmStaffAction("reset"), handle: resetTwoFactor},
	{method: "POST", path: "/staff/:id/link", right: staff.ManageStaff, confirm: confirmStaffAction("link"), handle: inviteAgain},
	{method: "POST", path: "/staff/:id/end-sessions", right: staff.ManageStaff, reauthenticate: true, handle: endSessionsOf},
	{method: "GET", path: "/policy", right: staff.Settings, allSites: true, handle: policyForm},
	{method: "POST", path: "/policy", right: staff.Settings, allSites: true, reauthenticate: true, handle: savePolicy},
	{method: "GET", path: "/audit", right: staff.SeeAudit, allSites: true, handle: audit},
	{method: "GET", path: "/audit/export", right: staff.SeeAudit, allSites: true, handle: exportAudit},
}

// publicRoutes are open without a session: signing in, and the pages behind one-time
// links.
var publicRoutes = []route{
	{method: "GET", path: "/login", handle: signInForm},
	{method: "POST", path: "/login", handle: signIn},
	{method: "POST", path: "/login/passkey/ask", handle: signInChallenge},
	{method: "POST", path: "/login/passkey", handle: signInPasskey},
	{method: "GET", path: "/invite", handle: inviteForm},
	{method: "POST", path: "/invite", handle: acceptInvite},
	{method: "GET", path: "/setup", handle: setupForm},
	{method: "POST", path: "/setup", handle: setup},
}
