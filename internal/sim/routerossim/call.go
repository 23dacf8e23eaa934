package routerossim

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// call is one command on its way.
type call struct {
	r *Router
	s *session

	account    string // who sent it
	command    string // as sent
	path       string // its menu, "ip/hotspot/user"
	verb       string
	m          *menu
	t          *table
	tag        string
	args       map[string]string
	order      []string // argument names as they came
	query      []string // "?" words without the mark
	unexpected string   // a word that is none of these

	replies []out
	ret     []string                  // attributes of !done
	stream  func(ctx context.Context) // goes on after the lock is free
	finish  func()                    // writes its own answer
	late    time.Duration             // extra wait before a refusal
}

func (s *session) parse(words []string) *call {
	c := &call{r: s.r, s: s, account: s.account, command: words[0], args: map[string]string{}}
	for _, w := range words[1:] {
		switch {
		case strings.HasPrefix(w, ".tag="):
			c.tag = w[len(".tag="):]
		case strings.HasPrefix(w, "="):
			name, v, _ := strings.Cut(w[1:], "=")
			if _, twice := c.args[name]; !twice {
				c.order = append(c.order, name)
			}
			c.args[name] = v
		case strings.HasPrefix(w, "?"):
			c.query = append(c.query, w[1:])
		case c.unexpected == "":
			c.unexpected = w
		}
	}
	return c
}

// resolve finds the menu and the verb. Unique beginnings of path parts are
// accepted as the console does (/sys/sch/print is seen in the wild).
func (c *call) resolve() error {
	if !strings.HasPrefix(c.command, "/") {
		return c.r.unknownVerb()
	}
	parts := strings.Split(strings.Trim(c.command, "/"), "/")
	path := ""
	for _, p := range parts[:len(parts)-1] {
		next := c.r.step(path, p)
		if next == "" {
			return c.r.unknownMenu(p)
		}
		path = next
	}
	c.path, c.verb = path, parts[len(parts)-1]
	if c.m = menus[path]; c.m == nil { // a folder such as /ip
		return c.r.unknownVerb()
	}
	c.t = c.r.tables[path]
	if c.verb == "getall" {
		c.verb = "print"
	}
	return nil
}

// step goes one level down the tree, "" when there is nothing of that name.
func (r *Router) step(path, part string) string {
	prefix := path
	if prefix != "" {
		prefix += "/"
	}
	var hits []string
	for _, m := range menuOrder {
		rest, ok := strings.CutPrefix(m, prefix)
		if !ok || rest == "" || !r.exists(m) {
			continue
		}
		child, _, _ := strings.Cut(rest, "/")
		if child == part {
			return prefix + child
		}
		if part != "" && strings.HasPrefix(child, part) && !slices.Contains(hits, child) {
			hits = append(hits, child)
		}
	}
	if len(hits) == 1 {
		return prefix + hits[0]
	}
	return ""
}

func (r *Router) exists(path string) bool {
	m := menus[path]
	return r.ver.has(m.ver) && (path != "system/routerboard" || r.o.Board != "CHR")
}

// only refuses arguments other than these; dotted names are the API's own.
func (c *call) only(allowed ...string) error {
	for _, name := range c.order {
		if !slices.Contains(allowed, name) && name != ".proplist" {
			return c.r.unknownParameter(name)
		}
	}
	return nil
}

// execute runs the command under the router's lock.
func (c *call) execute() error {
	r := c.r
	if err := c.resolve(); err != nil {
		return err
	}
	if c.unexpected != "" {
		return r.unknownParameter(c.unexpected)
	}
	run := c.m.extra[c.verb]
	if run == nil {
		run = standard[c.verb]
		if run == nil || len(c.m.fields) == 0 || !slices.Contains([]string{"print", "get", "find"}, c.verb) && !c.m.allows(c.verb) {
			return r.unknownVerb()
		}
	}
	if err := c.permitted(); err != nil {
		return err
	}
	return run(c)
}

var readVerbs = []string{"print", "get", "find", "listen", "monitor-traffic", "read"}

// permitted checks the account's policies and the device mode.
func (c *call) permitted() error {
	if c.path == "" {
		return nil
	}
	need := c.m.policy
	switch {
	case slices.Contains(readVerbs, c.verb):
		need = "read"
	case c.path == "system":
		need = "reboot"
	}
	if !c.r.may(c.account, need) {
		return fail(msgNoPermission)
	}
	if need == "read" || c.m.feature == "" || c.r.ver.major < 7 || !slices.Contains([]string{"add", "set", "enable", "login"}, c.verb) {
		return nil
	}
	if c.r.faults.Flagged && c.m.feature == "scheduler" {
		return fail(msgFlagged)
	}
	if c.r.faults.NoDeviceMode {
		return fail(msgDeviceMode)
	}
	return nil
}

// handle takes one request through faults, execution and answer.
func (s *session) handle(q request) {
	c := s.parse(q.words)
	if s.account == "" && c.command != "/login" && c.command != "/quit" {
		s.record(c, "fatal: not logged in", "")
		s.write(out{"!fatal", []string{"not logged in"}}, c.tag)
		s.cut()
		return
	}
	strike := s.r.strike(c)
	due := q.at.Add(s.r.o.Latency + time.Duration(strike.DelayMS)*time.Millisecond)
	if !s.wait(time.Until(due)) {
		return
	}
	if s.before(c, strike) {
		return
	}
	err := s.locked(c)
	outcome := "done"
	answer := append(slices.Clip(c.replies), done(c.ret...))
	if err != nil {
		outcome = "trap: " + err.Error()
		answer = append(toTrap(err).sentences(), done())
	}
	s.record(c, outcome, strike.after())
	if c.late > 0 && !s.wait(c.late) {
		return
	}
	s.answer(c, strike, answer, err == nil)
}

// locked runs the command and stores its effects before any answer is sent.
func (s *session) locked(c *call) error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.applyDue()
	err := c.execute()
	if kept := s.r.journal.flush(); kept != nil {
		s.r.log.Error("state is no longer kept", "error", kept.Error())
		return fail("failure: " + kept.Error())
	}
	return err
}

func toTrap(err error) trapError {
	var t trapError
	if errors.As(err, &t) {
		return t
	}
	return trapError{{-1, "failure: " + err.Error()}}
}

// Command runs one API sentence as the first account, past the wire and its
// faults: an operator's hand on the router.
func (r *Router) Command(words ...string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	err := (&session{r: r, account: r.o.User, service: "local"}).parse(words).execute()
	if kept := r.journal.flush(); kept != nil {
		return kept
	}
	return err
}
