package backup

import (
	"regexp"
	"strings"
	"time"
)

// Engines of a database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// File is one backup as its name tells, and what is known of its content.
type File struct {
	Name      string
	Series    string // of one shop: a place may hold those of several
	TakenAt   time.Time
	Engine    string
	Encrypted bool
	Bytes     int64
	SHA256    string // "" where it is not known
}

// A name ends in what unpacks it: tar, zstd, age.
const (
	packed    = ".tar.zst"
	encrypted = ".age"
	nameTime  = "20060102T150405.000Z"
)

var namePattern = regexp.MustCompile(`^gerai-([a-z0-9]{4,16})-(\d{8}T\d{6}\.\d{3}Z)-(sqlite|postgres)\.tar\.zst(\.age)?$`)

// NameOf is the name of a backup: series, instant and engine, so that a list of
// names is a list of backups in their order.
func NameOf(series string, takenAt time.Time, engine string, sealed bool) string {
	name := "gerai-" + series + "-" + takenAt.UTC().Format(nameTime) + "-" + engine + packed
	if sealed {
		name += encrypted
	}
	return name
}

// ParseName reads what a name tells; ok is false for files that are no backups.
func ParseName(name string) (f File, ok bool) {
	m := namePattern.FindStringSubmatch(name)
	if m == nil {
		return File{}, false
	}
	taken, err := time.Parse(nameTime, m[2])
	if err != nil {
		return File{}, false
	}
	return File{Name: name, Series: m[1], TakenAt: taken, Engine: m[3], Encrypted: strings.HasSuffix(name, encrypted)}, true
}

// ChecksumName is the file beside a backup that holds its checksum in the form
// that sha256sum reads.
func ChecksumName(name string) string { return name + ".sha256" }

// ChecksumText is the content of that file.
func ChecksumText(f File) string { return f.SHA256 + "  " + f.Name + "\n" }

var checksumPattern = regexp.MustCompile(`^([0-9a-f]{64})  ?\*?(\S+)\s*$`)

// ParseChecksum reads it back; "" when it is not about this name.
func ParseChecksum(text, name string) string {
	m := checksumPattern.FindStringSubmatch(text)
	if m == nil || m[2] != name {
		return ""
	}
	return m[1]
}
