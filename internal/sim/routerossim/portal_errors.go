package routerossim

import "strings"

// loginError is why a login fails: the servlet's key for errors.txt, and the
// sentence the API answers with.
type loginError struct {
	key string
	trapError
}

// Unwrap makes it an ordinary trap for API clients.
func (e *loginError) Unwrap() error { return e.trapError }

// sentences are the servlet's errors in the order of errors.txt, in the words
// observed on routers where those are known.
var sentences = [][2]string{
	{"internal-error", "internal error"},
	{"config-error", "no valid profile found"},
	{"not-logged-in", "you are not logged in (ip $(ip))"},
	{"ippool-empty", "no free address is left"},
	{"shutting-down", "the hotspot is shutting down"},
	{"user-session-limit", "no more sessions are allowed for user $(username)"},
	{"license-session-limit", "session limit reached (license)"},
	{"wrong-mac-username", "invalid username ($(username)): this MAC address is not yours"},
	{"chap-missing", "the browser did not answer the challenge: try again with JavaScript"},
	{"invalid-username", "invalid username or password"},
	{"otp-already-used", "this one-time password was used before"},
	{"invalid-mac", "user $(username) is not allowed to log in from this MAC address"},
	{"uptime-limit", "user $(username) has reached uptime limit"},
	{"traffic-limit", "user $(username) has reached traffic limit"},
	{"radius-timeout", "the RADIUS server does not answer"},
	{"auth-in-progress", "this login is already being checked"},
	{"radius-reply", "the RADIUS server says no"},
}

// refuse makes the error of a key for a user.
func refuse(key, user string) *loginError {
	for _, s := range sentences {
		if s[0] == key {
			return &loginError{key, trapError{{-1, strings.ReplaceAll(s[1], "$(username)", user)}}}
		}
	}
	panic("routerossim: no sentence for " + key)
}

// stockErrors is the errors.txt a router comes with.
func stockErrors() string {
	var b strings.Builder
	b.WriteString("# What people read when a login fails: key = text. Variables such as $(username) and $(ip) are allowed.\n")
	for _, s := range sentences {
		b.WriteString(s[0] + " = " + s[1] + "\n")
	}
	return b.String()
}

// errorText is the directory's text for the visit's error.
func (v *visit) errorText(vars map[string]string) string {
	file, _ := v.r.pageText(v.profile, v.dir, "errors.txt")
	for line := range strings.Lines(file) {
		key, text, ok := strings.Cut(line, "=")
		if ok && strings.TrimSpace(key) == v.failed.key {
			return expand(strings.TrimSpace(text), func(name string) string { return vars[name] }).body
		}
	}
	return v.failed.Error()
}
