package pgtool

import (
	"errors"
	"net/url"
	"strings"

	"gerai/internal/fault"
)

var (
	errMissing = fault.New(fault.Config, "backup.pg_missing")     // the programs are not installed
	errVersion = fault.New(fault.Config, "backup.pg_version")     // older than the server
	errFailed  = fault.New(fault.Unavailable, "backup.pg_failed") // anything else
)

// variables are libpq's names in the environment for parameters of a URL. What a URL
// may hold besides is for our driver.
var variables = map[string]string{
	"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "passfile": "PGPASSFILE",
	"service": "PGSERVICE", "servicefile": "PGSERVICEFILE", "sslmode": "PGSSLMODE", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
	"sslrootcert": "PGSSLROOTCERT", "sslsni": "PGSSLSNI", "target_session_attrs": "PGTARGETSESSIONATTRS", "krbsrvname": "PGKRBSRVNAME",
	"channel_binding": "PGCHANNELBINDING", "options": "PGOPTIONS",
}

// environment is what leads libpq to the database of a URL, and the database's name.
// Arguments would show the password to every user of the machine.
func environment(database string) (name string, env []string, err error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", nil, errFailed.With(errors.New("the address of the database is no URL")) // without it: it holds a password
	}
	values := map[string]string{"host": u.Hostname(), "port": u.Port(), "user": u.User.Username(), "dbname": strings.TrimPrefix(u.Path, "/")}
	if password, set := u.User.Password(); set {
		values["password"] = password
	}
	for parameter := range variables {
		if v := u.Query().Get(parameter); v != "" {
			values[parameter] = v
		}
	}
	if values["dbname"] == "" {
		values["dbname"] = values["user"]
	}
	env = append(inherited(), "PGCONNECT_TIMEOUT=10", "PGAPPNAME=gerai backup")
	for parameter, v := range values {
		if v != "" {
			env = append(env, variables[parameter]+"="+v)
		}
	}
	return values["dbname"], env, nil
}
