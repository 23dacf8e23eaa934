package routerossim

import (
	"encoding/json"
	"strings"
	"time"
)

// Faults is everything that can go wrong on purpose. SetFaults replaces the
// whole set; the zero value is a healthy router.
//
// Those marked "command" strike commands (not /login, unless Only names it)
// and obey Only and Count.
type Faults struct {
	Down              bool `json:"down,omitempty"`                // connections are cut and refused
	Reboot            bool `json:"reboot,omitempty"`              // reboots now, once per SetFaults
	RebootMS          int  `json:"reboot_ms,omitempty"`           // how long that takes, default 2000, on the real or the router's clock
	RejectLogin       bool `json:"reject_login,omitempty"`        // every login traps
	NoDeviceMode      bool `json:"no_device_mode,omitempty"`      // device-mode "home": hotspot, scheduler and fetch are off
	Flagged           bool `json:"flagged,omitempty"`             // device-mode flagged: schedulers are refused
	WrongClockSeconds int  `json:"wrong_clock_seconds,omitempty"` // added to /system/clock and to printed dates
	SlowReadMS        int  `json:"slow_read_ms,omitempty"`        // pause before each sentence read
	ByteWrites        bool `json:"byte_writes,omitempty"`         // every reply byte in its own segment

	DelayMS        int    `json:"delay_ms,omitempty"`         // command, logins too: answered this much later
	DropBefore     bool   `json:"drop_before,omitempty"`      // command: connection closed, not executed
	DropAfter      bool   `json:"drop_after,omitempty"`       // command: executed, connection closed without an answer
	Hang           bool   `json:"hang,omitempty"`             // command: not executed, never answered
	HangAfter      bool   `json:"hang_after,omitempty"`       // command: executed, never answered
	CutMidSentence bool   `json:"cut_mid_sentence,omitempty"` // command: executed, half a sentence, closed
	Garbage        bool   `json:"garbage,omitempty"`          // command: executed, random bytes, closed
	OversizedWord  bool   `json:"oversized_word,omitempty"`   // command: executed, answer announces a word of 256 MiB
	Fatal          bool   `json:"fatal,omitempty"`            // command: not executed, !fatal, closed
	Busy           string `json:"busy,omitempty"`             // command: not executed, trap with this text
	TwoTraps       bool   `json:"two_traps,omitempty"`        // command: not executed, two traps and one done
	TrapNoMessage  bool   `json:"trap_no_message,omitempty"`  // command: not executed, a trap without any attribute
	EmptySentence  bool   `json:"empty_sentence,omitempty"`   // command: an empty sentence comes before the answer

	Only  string `json:"only,omitempty"`  // beginning of the commands to strike, e.g. "/ip/hotspot/user/add"; "writes" and "reads" are understood
	Count int    `json:"count,omitempty"` // strikes before the command faults end, 0 = never
}

// UnmarshalJSON also takes a number where a command fault is a boolean:
// {"drop_after":2} is {"drop_after":true,"count":2}. Unknown names are errors.
func (f *Faults) UnmarshalJSON(raw []byte) error {
	var words map[string]json.RawMessage
	if err := json.Unmarshal(raw, &words); err != nil {
		return err
	}
	count := 0
	for _, name := range []string{"drop_before", "drop_after", "hang", "hang_after", "cut_mid_sentence", "garbage",
		"oversized_word", "fatal", "two_traps", "trap_no_message", "empty_sentence"} {
		var n int
		if json.Unmarshal(words[name], &n) == nil && len(words[name]) > 0 {
			count = max(count, n)
			words[name] = json.RawMessage("false")
			if n > 0 {
				words[name] = json.RawMessage("true")
			}
		}
	}
	plain, err := json.Marshal(words)
	if err != nil {
		return err
	}
	type same Faults
	dec := json.NewDecoder(strings.NewReader(string(plain)))
	dec.DisallowUnknownFields()
	var next same
	if err = dec.Decode(&next); err != nil {
		return err
	}
	if next.Count == 0 {
		next.Count = count
	}
	*f = Faults(next)
	return nil
}

// SetFaults replaces the whole set, at once and for open connections too.
func (r *Router) SetFaults(f Faults) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	r.faults, r.left = f, -1
	if f.Count > 0 {
		r.left = f.Count
	}
	if f.Reboot {
		r.reboot(f.RebootMS)
	}
	if f.Down {
		r.cutAll()
	}
	if err := r.journal.flush(); err != nil {
		r.log.Error("state is no longer kept", "error", err.Error())
	}
}

// Faults returns the set in force; command faults that have struck Count
// times are gone from it.
func (r *Router) Faults() Faults {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults
}

// calm is the set without its command faults.
func (f Faults) calm() Faults {
	return Faults{Down: f.Down, Reboot: f.Reboot, RebootMS: f.RebootMS, RejectLogin: f.RejectLogin, NoDeviceMode: f.NoDeviceMode,
		Flagged: f.Flagged, WrongClockSeconds: f.WrongClockSeconds, SlowReadMS: f.SlowReadMS, ByteWrites: f.ByteWrites}
}

// strike returns the command faults that hit this command, and counts.
func (r *Router) strike(c *call) Faults {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.faults
	if !f.hits(c) {
		return f.calm()
	}
	if c.command == "/login" && f.Only == "" {
		login := f.calm()
		login.DelayMS = f.DelayMS // a slow router is slow at login too
		return login
	}
	if r.left > 0 {
		if r.left--; r.left == 0 {
			r.left, r.faults = -1, f.calm()
		}
	}
	return f
}

func (f Faults) hits(c *call) bool {
	verb := c.command[strings.LastIndexByte(c.command, '/')+1:]
	read := verb == "print" || verb == "getall" || verb == "get" || verb == "listen" || verb == "find" || verb == "monitor-traffic"
	switch f.Only {
	case "":
		return true
	case "reads":
		return read
	case "writes":
		return !read && verb != "login" && verb != "cancel" && verb != "quit"
	}
	return strings.HasPrefix(c.command, f.Only)
}

// after names the fault that spoils the answer, for the log.
func (f Faults) after() string {
	switch {
	case f.DropAfter:
		return "drop_after"
	case f.HangAfter:
		return "hang_after"
	case f.CutMidSentence:
		return "cut_mid_sentence"
	case f.Garbage:
		return "garbage"
	case f.OversizedWord:
		return "oversized_word"
	}
	return ""
}

// rebooting says whether the router is still coming up; either clock may end it.
func (r *Router) rebooting() bool {
	return time.Now().Before(r.bootReal) && r.now().Before(r.bootSim)
}
