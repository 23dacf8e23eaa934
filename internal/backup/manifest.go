package backup

import (
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"gerai/internal/secret"
)

// Format is the version of the archive's layout that this program writes, and the
// newest that it reads.
const Format = 1

// Manifest says what a backup holds. It is the first file of the archive; the
// payload, which is the database, is the second and last.
type Manifest struct {
	Format  int       `json:"format"`
	Series  string    `json:"series"`
	TakenAt time.Time `json:"taken_at"`
	Contents
	// Keys are the ids of the keys that the shop had, the one that seals first: without it
	// the secrets of what is restored stay closed.
	Keys    []string `json:"keys"`
	Checks  Checks   `json:"checks"`
	Payload Payload  `json:"payload"`
	// Seal says that a shop with these keys wrote all of this; see Sign.
	Seal string `json:"seal"`
}

// Contents is what a database holds, in figures that a copy must repeat.
type Contents struct {
	Engine string           `json:"engine"`
	Schema int64            `json:"schema"`
	Tables map[string]int64 `json:"tables"` // rows
	Audit  AuditHead        `json:"audit"`
}

// AuditHead is the end of the audit chain.
type AuditHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Checks are what the copy was examined for before it was packed. PostgreSQL
// keeps its own constraints, and the drill restores them.
type Checks struct {
	Integrity   string `json:"integrity"`
	ForeignKeys string `json:"foreign_keys"`
}

// Results of a check.
const (
	CheckOK       = "ok"
	CheckByServer = "by the server"
)

// Payload is the database inside the archive: a SQLite file, or a dump of
// PostgreSQL in its custom format.
type Payload struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Names of payloads.
const (
	PayloadSQLite   = "gerai.db"
	PayloadPostgres = "gerai.pgdump"
)

// Rows is the number of rows in all tables.
func (c Contents) Rows() (n int64) {
	for _, rows := range c.Tables {
		n += rows
	}
	return n
}

// Differences lists what two databases that should be the same do not agree in.
func (c Contents) Differences(other Contents) (out []string) {
	if c.Schema != other.Schema {
		out = append(out, fmt.Sprintf("schema %d, not %d", other.Schema, c.Schema))
	}
	if c.Audit != other.Audit {
		out = append(out, fmt.Sprintf("audit chain ends at %d, not %d, or with another row", other.Audit.Seq, c.Audit.Seq))
	}
	names := map[string]bool{}
	for name := range c.Tables {
		names[name] = true
	}
	for name := range other.Tables {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if want, have := c.Tables[name], other.Tables[name]; want != have {
			out = append(out, fmt.Sprintf("%s has %d rows, not %d", name, have, want))
		}
	}
	return out
}

// OpensWith reports whether the key that sealed the secrets is among those of these ids.
func (m Manifest) OpensWith(ids []string) bool {
	return len(m.Keys) == 0 || slices.Contains(ids, m.Keys[0])
}

// sealPurpose binds the digest of a manifest to its use.
const sealPurpose = "backup"

// Sign seals a manifest, and through its checksum the payload, with the shop's key. What
// is restored is run as a database, and everyone who may write to a place could put an
// archive there, an encrypted one too: the key to encrypt to is a public one.
func (m *Manifest) Sign(keys secret.Keys) {
	m.Seal = ""
	if macs := m.macs(keys); len(macs) > 0 {
		m.Seal = hex.EncodeToString(macs[0])
	}
}

// SignedBy reports whether a shop with one of these keys sealed it.
func (m Manifest) SignedBy(keys secret.Keys) bool {
	seal, err := hex.DecodeString(m.Seal)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(m.macs(keys), func(mac []byte) bool { return hmac.Equal(mac, seal) })
}

func (m Manifest) macs(keys secret.Keys) [][]byte {
	m.Seal = ""
	text, _ := json.Marshal(m) // plain values always encode
	return keys.MACs(sealPurpose, string(text))
}

// Check refuses a manifest that this program cannot follow. Errors: Refused
// "backup.newer" and "backup.damaged".
func (m Manifest) Check() error {
	switch {
	case m.Format > Format:
		return ErrNewer.With(fmt.Errorf("archive of format %d, this program reads %d", m.Format, Format))
	case m.Format < 1, m.TakenAt.IsZero(), len(m.Payload.SHA256) != 64, m.Payload.Bytes <= 0, len(m.Tables) == 0,
		m.Engine != SQLite && m.Engine != Postgres:
		return ErrDamaged.With(fmt.Errorf("the manifest is not complete"))
	}
	return nil
}
