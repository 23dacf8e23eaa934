package templates

import "time"

var backupPages = []Page{BackupsPage{}}

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
