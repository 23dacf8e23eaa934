package config

import (
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
)

// Redacted returns every variable for the log: secrets only as "set" or
// "unset", database and Redis without their passwords.
func (c Config) Redacted() []slog.Attr {
	var out []slog.Attr
	value, typ := reflect.ValueOf(c), reflect.TypeFor[Config]()
	for i := range typ.NumField() {
		tag := typ.Field(i).Tag
		name := strings.ToLower(strings.TrimPrefix(tag.Get("env"), prefix))
		switch field := value.Field(i); {
		case name == "":
		case name == "database" || name == "redis_url":
			out = append(out, slog.String(name, withoutPassword(field.String())))
		case name == "backup_to": // what was read holds no secret
			out = append(out, slog.String(name, fmt.Sprint(field.Interface())))
		case tag.Get("secret") == "true" && field.IsZero():
			out = append(out, slog.String(name, "unset"))
		case tag.Get("secret") == "true":
			out = append(out, slog.String(name, "set"))
		default:
			out = append(out, slog.String(name, fmt.Sprint(field.Interface())))
		}
	}
	return append(out, slog.Bool("live", c.Live()), slog.Int("gateway_reads", c.ReadsPerMinute()))
}

// withoutPassword hides the password of a URL, wherever a driver would take it
// from.
func withoutPassword(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "unreadable"
	}
	if u.RawQuery != "" {
		u.RawQuery = "redacted"
	}
	return u.Redacted()
}

// LogValue makes a Config that is logged by mistake harmless.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.Redacted()...) }

// String is the redacted form, for any print verb.
func (c Config) String() string { return fmt.Sprint(c.Redacted()) }

// GoString is the redacted form for %#v.
func (c Config) GoString() string { return c.String() }
