package staff

import "gerai/admin/web"

// endSession ends one of the account's sessions.
func endSession(k *web.Request) error {
	return k.Back("/account", "session_ended", k.Accounts.EndSession(k.AuditContext(), k.Principal, k.FormValue("session")))
}

// endOtherSessions ends all but this one.
func endOtherSessions(k *web.Request) error {
	_, err := k.Accounts.EndOtherSessions(k.AuditContext(), k.Principal)
	return k.Back("/account", "sessions_ended", err)
}
