package config

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"gerai/internal/mistake"
	"gerai/internal/money"
	"gerai/internal/secret"
	"gerai/internal/typed"
)

// minToken is the shortest accepted token. The gateway's own are far longer; a
// shorter one was typed by hand and can be guessed.
const minToken = 8

// readers turn a value into its field. Their errors never repeat the value:
// Load adds it where it is no secret.
var readers = map[string]func(c *Config, value string) error{
	"GERAI_ADDR": func(c *Config, v string) error {
		c.Addr = v
		_, port, err := net.SplitHostPort(v)
		if err != nil {
			return mistake.New("must be host:port")
		}
		if _, ok := typed.Port(port); !ok && port != "0" {
			return mistake.New("the port must be a number from 0 to 65535")
		}
		return nil
	},
	"GERAI_BASE_URL": func(c *Config, v string) (err error) {
		u, err := webURL(v)
		if err != nil {
			return err
		}
		if strings.Trim(u.Path, "/") != "" {
			return mistake.New("must not have a path: the shop answers at the root of its host")
		}
		c.BaseURL = u.Scheme + "://" + strings.ToLower(u.Host)
		return nil
	},
	"GERAI_DATABASE": func(c *Config, v string) error {
		kind, rest, _ := strings.Cut(v, ":")
		switch strings.ToLower(kind) {
		case "sqlite":
			if rest == "" || strings.HasPrefix(rest, "//") || strings.Contains(rest, ":memory:") {
				return mistake.New("sqlite: must be followed by the path of a file")
			}
			c.Database = "sqlite:" + rest
		case "postgres", "postgresql":
			u, err := url.Parse(v)
			if err != nil || !strings.HasPrefix(rest, "//") || u.Host == "" && u.Query().Get("host") == "" {
				return mistake.New("is not a postgres:// URL with a host")
			}
			c.Database = "postgres:" + rest
		default:
			return mistake.New("must begin with sqlite: or postgres://")
		}
		return nil
	},
	"GERAI_REDIS_URL": func(c *Config, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Host == "" {
			return mistake.New("must be a redis:// or rediss:// URL with a host")
		}
		if db := strings.Trim(u.Path, "/"); db != "" {
			if n, ok := typed.Digits(db); !ok || n > 65535 {
				return mistake.New("may have the number of a database as its path, nothing else")
			}
		}
		c.RedisURL = v
		return nil
	},
	"GERAI_SECRET_KEY": func(c *Config, v string) (err error) {
		if c.Keys, err = secret.Parse(v); err != nil {
			return unprefixed(err)
		}
		return nil
	},
	"GERAI_XENDIT_KEY": func(c *Config, v string) error {
		c.XenditKey = v
		return CheckXenditKey(v)
	},
	"GERAI_XENDIT_CALLBACK_TOKEN": func(c *Config, v string) (err error) {
		c.CallbackTokens, err = CallbackTokensOf(v)
		return err
	},
	"GERAI_XENDIT_URL": func(c *Config, v string) error {
		u, err := webURL(v)
		if err != nil {
			return err
		}
		c.XenditURL = strings.TrimRight(u.String(), "/")
		return nil
	},
	"GERAI_TIMEZONE": func(c *Config, v string) (err error) {
		if v == "Local" {
			return mistake.New("must be named, not taken from the machine")
		}
		if c.Zone, err = time.LoadLocation(v); err != nil {
			return mistake.New("is not a time zone")
		}
		return nil
	},
	"GERAI_TRUSTED_PROXIES": func(c *Config, v string) error {
		for i, part := range strings.Split(v, ",") {
			p, err := network(strings.TrimSpace(part))
			if err != nil {
				return mistake.New("entry %d is neither an IP address nor a network like 203.0.113.0/28", i+1)
			}
			c.TrustedProxies = append(c.TrustedProxies, p)
		}
		return nil
	},
	"GERAI_ORDER_TTL": func(c *Config, v string) (err error) {
		c.OrderTTL, err = duration(v, time.Minute, 48*time.Hour)
		return err
	},
	"GERAI_PATIENCE": func(c *Config, v string) (err error) {
		c.Patience, err = duration(v, time.Minute, 720*time.Hour)
		return err
	},
	"GERAI_VA_MINIMUM": func(c *Config, v string) error {
		n, err := money.ParseTyped(v)
		if err != nil || n < 1 {
			return mistake.New("must be an amount in rupiah like 10000 or Rp10.000, at least 1")
		}
		c.VAMinimum = n
		return nil
	},
	"GERAI_PAYER_NAME": func(c *Config, v string) error {
		for _, word := range strings.Split(v, " ") {
			if word == "" || strings.ContainsFunc(word, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }) || len(v) > 50 {
				return mistake.New("must be letters and single spaces, at most 50")
			}
		}
		c.PayerName = v
		return nil
	},
	"GERAI_REFUND_DAYS": func(c *Config, v string) error {
		n, ok := typed.Digits(v)
		if !ok || n > 365 {
			return mistake.New("must be a number from 0 to 365")
		}
		c.RefundDays = n
		return nil
	},
	"GERAI_GATEWAY_READS_PER_MINUTE": func(c *Config, v string) error {
		n, ok := typed.Digits(v)
		if !ok || n > 18_000 {
			return mistake.New("must be a number from 0 to 18000")
		}
		c.GatewayReads = n
		return nil
	},
	"GERAI_ORDERS_PER_MINUTE": func(c *Config, v string) error {
		n, ok := typed.Digits(v)
		if !ok || n < 1 || n > 100_000 {
			return mistake.New("must be a number from 1 to 100000")
		}
		c.OrdersPerMin = n
		return nil
	},
	"GERAI_LOG_LEVEL": func(c *Config, v string) error {
		levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
		l, found := levels[strings.ToLower(v)]
		if !found {
			return mistake.New("must be debug, info, warn or error")
		}
		c.LogLevel = l
		return nil
	},
	"GERAI_LOG_FORMAT": func(c *Config, v string) error {
		if c.LogFormat = strings.ToLower(v); c.LogFormat != "json" && c.LogFormat != "text" {
			return mistake.New("must be json or text")
		}
		return nil
	},
	"GERAI_METRICS_TOKEN": func(c *Config, v string) error {
		if len(v) < minToken {
			return mistake.New("must have at least %d characters, not %d", minToken, len(v))
		}
		if secret.Trivial([]byte(v)) {
			return mistake.New("can be guessed: it repeats or counts")
		}
		c.MetricsToken = v
		return nil
	},
	"GERAI_BACKUP_TO":        readBackupTo,
	"GERAI_BACKUP_AT":        readBackupAt,
	"GERAI_BACKUP_RECIPIENT": readBackupRecipient,
	"GERAI_BACKUP_S3_KEY":    func(c *Config, v string) error { return oneWord(&c.BackupS3Key, v) },
	"GERAI_BACKUP_S3_SECRET": func(c *Config, v string) error { return oneWord(&c.BackupS3Secret, v) },
}

// oneWord takes a key that another service issued.
func oneWord(into *string, v string) error {
	if strings.ContainsAny(v, " \t\r\n") {
		return mistake.New("must not have spaces in it")
	}
	*into = v
	return nil
}

// webURL reads an absolute http or https URL without user, query and fragment.
func webURL(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, mistake.New("must be an absolute http:// or https:// URL")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, mistake.New("must not have a user, a query or a fragment")
	}
	if p := u.Port(); p != "" {
		if _, ok := typed.Port(p); !ok {
			return nil, mistake.New("the port must be a number from 1 to 65535")
		}
	}
	return u, nil
}

func duration(v string, least, most time.Duration) (time.Duration, error) {
	d, ok := typed.Duration(v)
	if !ok {
		return 0, mistake.New("must be a duration like 30m, 24h or 2d")
	}
	if d < least || d > most {
		return 0, mistake.New("must be between %s and %s", least, most)
	}
	return d, nil
}

func network(v string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(v); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(v)
	return p.Masked(), err
}

// hostOf is an address without its port.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// unprefixed is a mistake without the name of the package that found it.
func unprefixed(err error) error {
	if m := (*mistake.Mistake)(nil); errors.As(err, &m) {
		return mistake.New(strings.TrimPrefix(m.Format, "secret: "), m.Args...)
	}
	return err
}
