package config

import (
	"log/slog"
	"net/netip"
	"time"

	"gerai/internal/backup"
	"gerai/internal/money"
	"gerai/internal/secret"
)

// Config is the whole configuration of one process. The tags are the only
// place where names, defaults and examples are written: Load, the error
// messages and docs/config.md read them. A variable marked secret is never
// printed, one marked needed has to be set outside the demo.
type Config struct {
	Addr           string         `env:"GERAI_ADDR" default:":8080" example:":8080" doc:"Address to listen on, host:port; an empty host means every interface, port 0 any free port."`
	BaseURL        string         `env:"GERAI_BASE_URL" needed:"true" example:"https://voucher.example.net" doc:"Public URL of the shop, without a path. Every link is built from it, never from what a request claims. Must be https with a live gateway key."`
	Database       string         `env:"GERAI_DATABASE" default:"sqlite:./data/gerai.db" secret:"true" example:"postgres://gerai:password@127.0.0.1:5432/gerai" doc:"sqlite:path for one process, a postgres:// URL for several."`
	RedisURL       string         `env:"GERAI_REDIS_URL" secret:"true" example:"redis://127.0.0.1:6379/0" doc:"Shares rate limits and live updates between processes. Empty: each process keeps its own."`
	Keys           secret.Keys    `env:"GERAI_SECRET_KEY" needed:"true" secret:"true" example:"(openssl rand -base64 32)" doc:"32 bytes in base64; seals passwords, phone numbers and links. A comma list reads with all of them; gerai key rotate puts the first one into force."`
	XenditKey      string         `env:"GERAI_XENDIT_KEY" secret:"true" example:"xnd_development_..." doc:"Secret API key. xnd_development_ is the gateway's test mode, in which the whole shop is a simulation; xnd_production_ takes real money. Empty: the key that was typed in the panel at /admin/setup; without any, customers cannot pay online and the counter sells. Set here it wins over the panel."`
	CallbackTokens []string       `env:"GERAI_XENDIT_CALLBACK_TOKEN" secret:"true" example:"(Xendit dashboard, Webhooks, verification token)" doc:"Proves that a webhook comes from the gateway. Two, separated by a comma, while rotating. Needed with GERAI_XENDIT_KEY."`
	XenditURL      string         `env:"GERAI_XENDIT_URL" default:"https://api.xendit.co" example:"https://api.xendit.co" doc:"Where the gateway's API is."`
	Zone           *time.Location `env:"GERAI_TIMEZONE" default:"Asia/Jakarta" example:"Asia/Makassar" doc:"Time zone of the business day and of times shown where a site names none."`
	TrustedProxies []netip.Prefix `env:"GERAI_TRUSTED_PROXIES" example:"127.0.0.1,203.0.113.7" doc:"Addresses of your own reverse proxies. Only their X-Forwarded-For counts, and what they say of a client is believed: never name a network in which customers are. Empty: none."`
	OrderTTL       time.Duration  `env:"GERAI_ORDER_TTL" default:"30m" example:"30m" doc:"How long an order waits for its payment, 1m to 48h. Money that comes later still counts."`
	VAMinimum      money.Rupiah   `env:"GERAI_VA_MINIMUM" default:"10000" example:"10000" doc:"Smallest amount in rupiah for which virtual accounts are offered."`
	PayerName      string         `env:"GERAI_PAYER_NAME" default:"GERAI" example:"WARUNG NET" doc:"Name the bank shows for a virtual account: letters and single spaces, at most 50."`
	Patience       time.Duration  `env:"GERAI_PATIENCE" default:"24h" example:"24h" doc:"How long a paid order keeps trying an unreachable router before a person is called, 1m to 720h."`
	RefundDays     int            `env:"GERAI_REFUND_DAYS" default:"0" example:"3" doc:"Within how many days money that is owed to a customer goes back, 0 to 365. Customers' pages name the day. 0: they name none."`
	GatewayReads   int            `env:"GERAI_GATEWAY_READS_PER_MINUTE" default:"0" example:"300" doc:"Budget of questions to the gateway per minute. 0: 30 with a test key, 300 with a live key, half of what Xendit allows."`
	OrdersPerMin   int            `env:"GERAI_ORDERS_PER_MINUTE" default:"120" example:"300" doc:"Orders one network address may place per minute. A whole hotspot may share one address, so it is generous; a single device is limited besides."`
	LogLevel       slog.Level     `env:"GERAI_LOG_LEVEL" default:"info" example:"debug" doc:"debug, info, warn or error."`
	LogFormat      string         `env:"GERAI_LOG_FORMAT" default:"json" example:"text" doc:"json or text."`
	MetricsToken   string         `env:"GERAI_METRICS_TOKEN" secret:"true" example:"(openssl rand -hex 16)" doc:"/metrics wants it as a bearer token. Empty: /metrics answers programs on the same machine that ask for 127.0.0.1 or localhost, and no request that comes through a proxy."`

	BackupTo         []backup.Target  `env:"GERAI_BACKUP_TO" secret:"true" example:"/var/backups/gerai,s3://s3.ap-southeast-3.amazonaws.com/toko-backup/gerai" doc:"Where backups go: folders and buckets, at most four, divided by commas. A bucket is s3://HOST[:PORT]/BUCKET[/PREFIX], over https, with ?region=NAME where the store does not tell it and ?tls=off for plain http. Empty: no backups ([backup.md](backup.md))."`
	BackupAt         backup.TimeOfDay `env:"GERAI_BACKUP_AT" default:"03:00" example:"03:00" doc:"When the daily backup is made, in GERAI_TIMEZONE."`
	BackupRecipients []string         `env:"GERAI_BACKUP_RECIPIENT" secret:"true" example:"(age-keygen -o identity.txt prints it)" doc:"Public key of age that backups are encrypted to; several are divided by commas. The private key must not be on this machine. Empty: not encrypted."`
	BackupS3Key      string           `env:"GERAI_BACKUP_S3_KEY" secret:"true" example:"(access key of the bucket)" doc:"Access key of the buckets in GERAI_BACKUP_TO."`
	BackupS3Secret   string           `env:"GERAI_BACKUP_S3_SECRET" secret:"true" example:"(secret key of the bucket)" doc:"Secret key of the buckets in GERAI_BACKUP_TO."`

	// Warnings are oddities that do not stop the program; log them.
	Warnings []string
}

// Kinds of Xendit key, by prefix.
const (
	liveKey = "xnd_production_"
	testKey = "xnd_development_"
)

// LiveKey reports whether a gateway key moves real money.
func LiveKey(key string) bool { return len(key) > len(liveKey) && key[:len(liveKey)] == liveKey }

// Gateway read budgets per minute: half of the account limits of 60 in test
// mode and 600 live that Xendit documents, so that other programs of the same
// account keep working.
const (
	testReads = 30
	liveReads = 300
)

// Live reports whether the gateway key moves real money.
func (c Config) Live() bool { return LiveKey(c.XenditKey) }

// TestShare is the part of the budget of a live key that a test key has.
const TestShare = liveReads / testReads

// MostReads is the budget of gateway reads of a live key where none is set, else the one set.
func (c Config) MostReads() int {
	if c.GatewayReads > 0 {
		return c.GatewayReads
	}
	return liveReads
}

// ReadsPerMinute is the budget of gateway reads that holds, with the default
// for the key's kind filled in.
func (c Config) ReadsPerMinute() int {
	switch {
	case c.GatewayReads > 0:
		return c.GatewayReads
	case c.Live():
		return liveReads
	default:
		return testReads
	}
}
