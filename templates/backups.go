package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var backupPages = []Page{BackupsPage{}, RecoveryPage{}}

// BackupsPage is how things stand with backups and drills.
type BackupsPage struct {
	Panel
	Configured, Encrypted bool
	Running, Due          bool
	NextAt                time.Time // of the daily backup
	Drill, ByHand         BackupDrill
	DrillFailed           bool      // the last drill did
	KeyBy                 time.Time // until when the private key counts as proven, zero without one
	KeyDue                bool
	Places                []BackupPlace
	Runs                  []BackupRun // the newest first
	Restored, Recovering  bool        // the shop was restored once; it does not know all yet
}

// BackupDrill is the last good drill of a kind; the zero value is none.
type BackupDrill struct {
	At        time.Time
	Age, Took time.Duration
}

// BackupPlace is one place and what lies there.
type BackupPlace struct {
	Name  string
	State string        // "fine", "old" or "none"
	Age   time.Duration // of the newest
	Bytes int64         // of all
	Files []BackupFile  // the newest first
}

// Tone colours the state.
func (p BackupPlace) Tone() string {
	return map[string]string{"fine": "good", "old": "bad", "none": "warn"}[p.State]
}

// BackupFile is one backup at a place.
type BackupFile struct {
	Name      string
	At        time.Time
	Age       time.Duration
	Bytes     int64
	Encrypted bool
}

// BackupRun is a backup that was begun, or a drill, and what became of it.
type BackupRun struct {
	Kind, State string
	At          time.Time
	Took        time.Duration
	By          string // "" is the shop's own clock
	Bytes       int64
	Why         string // the sentence about a failure, "" for none
	Detail      string // what was noted about it
}

// Tone colours the state.
func (r BackupRun) Tone() string {
	return map[string]string{"done": "good", "failed": "bad", "interrupted": "warn"}[r.State]
}

func (BackupsPage) file() string { return "backups/backups.html" }

// Title names the page in the browser's tab.
func (p BackupsPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p BackupsPage) Heading() string { return p.T("web.menu.backups") }

// RecoveryPage is what was found since the backup that the shop was restored from.
type RecoveryPage struct {
	Panel
	Restored, Stands bool
	Backup           string
	TakenAt, Since   time.Time
	ReadTo           time.Time // until when the gateway's list was read
	Failure          string    // why it cannot be read, "" while it can
	FailedAt         time.Time
	EndedAt          time.Time
	EndedBy, Reason  string // "" where it ended by its rule
	Skipped          []string
	Open             int64
	MayEnd           bool
	Sums             []RecoverySum
	Rows             []RecoveryLine
	Undecided        []RecoveryAct
}

// RecoveryAct is what users of routers tell of, about which staff may decide at once.
type RecoveryAct struct {
	Act string
	Why string
	N   int // of users, also of those that the page does not list
}

// RecoverySum is how much of one kind has come to one state.
type RecoverySum struct {
	Kind, State string
	N           int64
	Amount      money.Rupiah
}

// Tone colours the state.
func (s RecoverySum) Tone() string { return foundTone(s.State) }

// RecoveryLine is one thing that was found.
type RecoveryLine struct {
	Kind, State string
	At          time.Time
	Amount      money.Rupiah
	Reference   string
	Code        order.Code // of its order, "" without one
	Why         string     // why it has none
	Money       string     // address where it is dealt with, "" for none

	// Of a user that tells of a forgotten act: its router, its voucher's address, what was
	// added, and the name to decide by, "" once that was done.
	Router, Voucher, Key string
	More                 []string
}

// Tone colours the state.
func (l RecoveryLine) Tone() string { return foundTone(l.State) }

func foundTone(state string) string {
	switch state {
	case "matched", "remade", "recorded", "taken", "kept":
		return "good"
	case "open", "adopted", "left", "undecided":
		return "warn"
	case "unmatched", "unconfirmed":
		return "bad"
	}
	return ""
}

func (RecoveryPage) file() string { return "backups/recovery.html" }

// Title names the page in the browser's tab.
func (p RecoveryPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p RecoveryPage) Heading() string { return p.T("backups.recovery.title") }
