package storetest

import (
	"strings"
	"testing"
)

// Unsealed makes the rows of a database as programs wrote them that sealed nothing: tokens,
// phone numbers and passwords drawn again and readable, a plain audit trail without rows, and
// no key in force. The next migration seals them.
func Unsealed(t testing.TB, database string) {
	t.Helper()
	hex, digits := `lower(hex(randomblob(20)))`, `CAST(10000000 + abs(random()) % 90000000 AS TEXT)`
	if !strings.HasPrefix(database, "sqlite:") {
		hex, digits = `md5(random()::text) || substr(md5(random()::text), 1, 8)`, `CAST(10000000 + floor(random() * 90000000)::bigint AS TEXT)`
	}
	for _, statement := range []string{
		`UPDATE vouchers SET username = 'KODE' || id WHERE username LIKE '=%'`,
		`UPDATE vouchers SET password = CASE WHEN username LIKE 'KODE%' THEN username ELSE ` + digits + ` END WHERE password <> ''`,
		`UPDATE orders SET username = 'KODE' || id WHERE username LIKE '=%'`,
		`UPDATE orders SET token_hash = ` + hex + `, token_sealed = NULL, nonce = 'nonce-of-' || id, phone_key = '',
			password = CASE WHEN username LIKE 'KODE%' THEN username ELSE ` + digits + ` END, phone = CASE WHEN phone = '' THEN '' ELSE '+62812' || ` + digits + ` END`,
		`UPDATE orders SET phone_tail = CASE WHEN phone = '' THEN '' ELSE substr(phone, LENGTH(phone) - 3) END`,
		`DELETE FROM audit`, `DELETE FROM audit_keys`, `UPDATE audit_head SET seq = 0, hash = '', key_id = ''`,
		`DELETE FROM settings WHERE key IN ('seal_key', 'link_key', 'retiring_keys', 'sealed')`,
	} {
		Raw(t, database, statement)
	}
}
