package routerossim

import (
	"slices"
	"strings"
	"time"
)

// LogEntry is one command as the router saw it, without its secrets.
type LogEntry struct {
	At      time.Time `json:"at"` // the router's clock
	Remote  string    `json:"remote"`
	Account string    `json:"account,omitempty"`
	Words   []string  `json:"words"` // secrets are "***"
	Tag     string    `json:"tag,omitempty"`
	Outcome string    `json:"outcome"` // "done", "trap: ...", "fatal: ...", "not executed"
	Fault   string    `json:"fault,omitempty"`
}

// CommandLog is what clients did: the latest commands and counters since start.
type CommandLog struct {
	Entries  []LogEntry       `json:"entries"`
	Counters map[string]int64 `json:"counters"` // executed commands by path
	Traps    int64            `json:"traps"`
	Logins   int64            `json:"logins"` // successful ones
	Faults   int64            `json:"faults"` // commands struck by a fault
}

type commandLog struct {
	entries  []LogEntry
	counters map[string]int64
	traps    int64
	logins   int64
	faults   int64
}

const (
	logEntries  = 2000
	logCommands = 1000 // different command paths counted; strangers' inventions share one
)

// CommandLog returns a copy of the redacted log.
func (r *Router) CommandLog() CommandLog {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := CommandLog{Entries: slices.Clone(r.record.entries), Counters: map[string]int64{}, Traps: r.record.traps,
		Logins: r.record.logins, Faults: r.record.faults}
	for k, v := range r.record.counters {
		l.Counters[k] = v
	}
	return l
}

func (s *session) record(c *call, outcome, fault string) {
	r := s.r
	r.mu.Lock()
	defer r.mu.Unlock()
	l := &r.record
	if l.counters == nil {
		l.counters = map[string]int64{}
	}
	if outcome != "not executed" {
		key := c.command
		if _, known := l.counters[key]; !known && len(l.counters) >= logCommands {
			key = "other"
		}
		l.counters[key]++
	}
	if strings.HasPrefix(outcome, "trap") {
		l.traps++
	} else if c.command == "/login" && outcome == "done" && s.account != "" {
		l.logins++
	}
	if fault != "" {
		l.faults++
	}
	if len(l.entries) >= logEntries {
		l.entries = slices.Delete(l.entries, 0, logEntries/4)
	}
	l.entries = append(l.entries, LogEntry{r.now(), s.conn.RemoteAddr().String(), s.account, c.redacted(), c.tag, outcome, fault})
}

// redacted lists the words without passwords and the like. Which names are
// secret does not depend on the menu, so a misspelt command leaks nothing.
func (c *call) redacted() []string {
	words := []string{c.command}
	for _, name := range c.order {
		v := c.args[name]
		if secretName(name) {
			v = "***"
		}
		words = append(words, attr(name, v))
	}
	for _, q := range c.query {
		name, _, compared := strings.Cut(strings.TrimLeft(q, "=<>-"), "=")
		if compared && secretName(name) {
			q = name + "=***"
		}
		words = append(words, "?"+q)
	}
	return words
}

func secretName(name string) bool {
	return strings.Contains(name, "password") || strings.Contains(name, "secret") || name == "response" || name == "contents" ||
		name == "source" || name == "passphrase"
}
