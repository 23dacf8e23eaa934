package config

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"gerai/internal/secret"
)

var update = flag.Bool("update", false, "write docs/config.md")

const page = "../../docs/config.md"

func TestPageIsFresh(t *testing.T) {
	if *update {
		if err := os.WriteFile(page, []byte(Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != Markdown() {
		t.Fatalf("docs/config.md is stale (%v): go test ./internal/config -update", err)
	}
}

func TestEveryVariableIsReadAndExplained(t *testing.T) {
	vs := variables()
	for _, v := range vs {
		if readers[v.name] == nil || v.doc == "" || v.example == "" || v.needed && v.standard != "" {
			t.Errorf("%s: no reader, doc or example, or needed with a default", v.name)
		}
		if strings.HasPrefix(v.example, "(") || strings.HasSuffix(v.example, "...") {
			continue
		}
		if err := readers[v.name](&Config{}, v.example); err != nil {
			t.Errorf("the example of %s is wrong: %v", v.name, err)
		}
	}
	if len(vs) != len(readers) {
		t.Errorf("%d variables, %d readers", len(vs), len(readers))
	}
}

// good is a complete environment, with changes.
func good(changes ...string) []string {
	return append([]string{
		"PATH=/bin", "GERAI_BASE_URL=https://Voucher.example.net/", "GERAI_SECRET_KEY=" + secret.Generate(),
		"GERAI_XENDIT_KEY=xnd_development_abc", "GERAI_XENDIT_CALLBACK_TOKEN=token-one-1, token-two-2",
	}, changes...)
}

func TestDefaults(t *testing.T) {
	c, err := Load(good("GERAI_ADDR= "))
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != ":8080" || c.BaseURL != "https://voucher.example.net" || c.Database != "sqlite:./data/gerai.db" || c.RedisURL != "" ||
		c.XenditURL != "https://api.xendit.co" || c.Zone.String() != "Asia/Jakarta" || len(c.TrustedProxies) != 0 ||
		c.OrderTTL != 30*time.Minute || c.VAMinimum != 10_000 || c.PayerName != "GERAI" || c.Patience != 24*time.Hour ||
		c.ReadsPerMinute() != 30 || c.LogLevel != slog.LevelInfo || c.LogFormat != "json" || c.MetricsToken != "" || c.Live() {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(c.CallbackTokens, []string{"token-one-1", "token-two-2"}) || len(c.Warnings) != 0 {
		t.Errorf("tokens or warnings: %v", c.Warnings)
	}
	live, err := Load(good("GERAI_XENDIT_KEY=xnd_production_abc"))
	if err != nil || !live.Live() || live.ReadsPerMinute() != 300 {
		t.Errorf("live: %v %v", live, err)
	}
	if set, err := Load(good("GERAI_GATEWAY_READS_PER_MINUTE=7")); err != nil || set.ReadsPerMinute() != 7 {
		t.Errorf("budget: %v", err)
	}
}

func TestValuesAreRead(t *testing.T) {
	c, err := Load(good("GERAI_ADDR=[::1]:0", "GERAI_DATABASE=postgresql://u:p@db/gerai", "GERAI_REDIS_URL=rediss://:p@r:6380/1",
		"GERAI_TIMEZONE=Asia/Jayapura", "GERAI_TRUSTED_PROXIES=10.1.2.3/8, ::ffff:192.0.2.1,2001:db8::/32", "GERAI_ORDER_TTL=15m",
		"GERAI_VA_MINIMUM=Rp25.000", "GERAI_REFUND_DAYS=3", "GERAI_PAYER_NAME=WARUNG NET", "GERAI_PATIENCE=2h", "GERAI_LOG_LEVEL=Debug", "GERAI_LOG_FORMAT=TEXT",
		"GERAI_METRICS_TOKEN=0918273645", "GERAI_XENDIT_URL=http://127.0.0.1:8090/xendit/"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != "postgres://u:p@db/gerai" || c.Zone.String() != "Asia/Jayapura" || c.VAMinimum != 25_000 || c.LogFormat != "text" ||
		fmt.Sprint(c.TrustedProxies) != "[10.0.0.0/8 192.0.2.1/32 2001:db8::/32]" || c.XenditURL != "http://127.0.0.1:8090/xendit" ||
		c.RefundDays != 3 || c.LogLevel != slog.LevelDebug || c.PayerName != "WARUNG NET" || c.MetricsToken != "0918273645" || c.RedisURL == "" {
		t.Errorf("%+v", c)
	}
}

func TestEveryMistakeIsListedAtOnce(t *testing.T) {
	const hidden = "hunter2"
	_, err := Load([]string{
		"GERAI_ADDR=8080", "GERAI_DATABASE=mysql://root:" + hidden + "@h/x", "GERAI_REDIS_URL=http://:" + hidden + "@h", "GERAI_SECRET_KEY=" + hidden,
		"GERAI_XENDIT_KEY=xnd_public_" + hidden, "GERAI_XENDIT_CALLBACK_TOKEN=", "GERAI_XENDIT_URL=api.xendit.co", "GERAI_TIMEZONE=WIB",
		"GERAI_TRUSTED_PROXIES=10.0.0.1,nginx", "GERAI_ORDER_TTL=30", "GERAI_VA_MINIMUM=10,000", "GERAI_PAYER_NAME=Toko 24", "GERAI_PATIENCE=1s", "GERAI_REFUND_DAYS=soon",
		"GERAI_GATEWAY_READS_PER_MINUTE=-1", "GERAI_ORDERS_PER_MINUTE=0", "GERAI_LOG_LEVEL=loud", "GERAI_LOG_FORMAT=xml", "GERAI_METRICS_TOKEN=" + hidden,
		"GERAI_BACKUP_TO=s3://key:" + hidden + "@s3.example.com/toko,s3://s3.example.com/toko", "GERAI_BACKUP_AT=3", "GERAI_BACKUP_RECIPIENT=AGE-SECRET-KEY-" + hidden,
		"GERAI_BACKUP_S3_KEY=" + hidden + " x", "GERAI_BACKUP_S3_SECRET=" + hidden + " x",
	})
	var wrong Mistakes
	if !errors.As(err, &wrong) {
		t.Fatalf("%v", err)
	}
	var names []string
	for _, m := range wrong {
		names = append(names, m.Name)
		if m.Problem == nil || m.Example == "" {
			t.Errorf("%+v", m)
		}
	}
	var all []string
	for _, v := range variables() {
		all = append(all, v.name)
	}
	if !slices.Equal(names, all) {
		t.Errorf("listed %v", names)
	}
	text := err.Error()
	if strings.Contains(text, hidden) {
		t.Errorf("a secret was printed:\n%s", text)
	}
	for _, want := range []string{"25 mistakes", "GERAI_BASE_URL: is not set", "public key", `(it is "WIB")`, "example: GERAI_ORDER_TTL=30m"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestSingleMistakes(t *testing.T) {
	for _, change := range []string{
		"GERAI_BASE_URL=voucher.example.net", "GERAI_BASE_URL=https://h/shop", "GERAI_BASE_URL=https://u:p@h", "GERAI_BASE_URL=https://h?x=1",
		"GERAI_BASE_URL=https://h:99999", "GERAI_BASE_URL=ftp://h", "GERAI_BASE_URL=https://", "GERAI_BASE_URL=https://h/#a",
		"GERAI_DATABASE=sqlite:", "GERAI_DATABASE=sqlite::memory:", "GERAI_DATABASE=sqlite://x", "GERAI_DATABASE=postgres:x", "GERAI_DATABASE=postgres:///db",
		"GERAI_REDIS_URL=redis://h/first", "GERAI_REDIS_URL=redis://h/0/1", "GERAI_ADDR=:http", "GERAI_ADDR=:70000", "GERAI_XENDIT_KEY=xnd_development_", "GERAI_XENDIT_KEY=abc",
		"GERAI_XENDIT_CALLBACK_TOKEN=short", "GERAI_XENDIT_CALLBACK_TOKEN=long-enough,", "GERAI_XENDIT_CALLBACK_TOKEN=aaaaaaaa,bbbbbbbb,cccccccc",
		"GERAI_BACKUP_TO=s3://toko", "GERAI_BACKUP_TO=/a,/a", "GERAI_BACKUP_AT=25:00", "GERAI_BACKUP_RECIPIENT=age1x", "GERAI_BACKUP_RECIPIENT=ssh-ed25519 AAAA",
		"GERAI_SECRET_KEY=AAAA", "GERAI_TIMEZONE=Local", "GERAI_TRUSTED_PROXIES=10.0.0.0/99", "GERAI_ORDER_TTL=49h", "GERAI_PAYER_NAME=A  B",
		"GERAI_PAYER_NAME=" + strings.Repeat("A", 51), "GERAI_VA_MINIMUM=0", "GERAI_REFUND_DAYS=-1", "GERAI_REFUND_DAYS=366", "GERAI_VA_MINIMUM=010000", "GERAI_VA_MINIMUM=+10000", "GERAI_ORDER_TTL=+30m", "GERAI_ORDERS_PER_MINUTE=+300", "GERAI_ORDERS_PER_MINUTE=0300",
	} {
		_, err := Load(good(change))
		var wrong Mistakes
		if name, _, _ := strings.Cut(change, "="); !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Name != name {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// What repeats or counts is a placeholder and no secret.
func TestSecretsThatCanBeGuessedAreRefused(t *testing.T) {
	counting := make([]byte, secret.KeySize)
	for i := range counting {
		counting[i] = byte(i)
	}
	key := func(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
	zeros, letters := key(make([]byte, secret.KeySize)), key([]byte(strings.Repeat("a", secret.KeySize)))
	for name, values := range map[string][]string{
		"GERAI_SECRET_KEY":            {zeros, letters, key([]byte(strings.Repeat("ab", 16))), key(counting), zeros + "," + secret.Generate()},
		"GERAI_XENDIT_CALLBACK_TOKEN": {"aaaaaaaa", "12345678", "87654321", "abababab", "token-one-1,00000000"},
		"GERAI_METRICS_TOKEN":         {"xxxxxxxxxxxx", "0123456789", "abcdefgh"},
	} {
		for _, value := range values {
			_, err := Load(good(name + "=" + value))
			var wrong Mistakes
			if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Name != name || !strings.Contains(err.Error(), "can be guessed") || strings.Contains(err.Error(), value) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
	// Behind a good key it opens what it sealed, so that it can be replaced.
	c, err := Load(good("GERAI_SECRET_KEY=" + secret.Generate() + "," + zeros))
	if err != nil || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "key 2 can be guessed") {
		t.Errorf("%v %v", err, c.Warnings)
	}
}

func TestWideTrustedNetworks(t *testing.T) {
	for network, want := range map[string]bool{
		"127.0.0.1": false, "::1": false, "203.0.113.7": false, "172.30.0.2": false, "192.168.88.2/32": false, "10.0.0.0/29": false, "fd00::1": false,
		"104.16.0.0/13": false, "2606:4700::/32": false,
		"10.0.0.0/8": true, "192.168.0.0/16": true, "172.16.0.0/12": true, "192.168.88.0/24": true, "10.5.50.0/24": true, "100.64.0.0/10": true,
		"fd00::/8": true, "fd00:1:2:3::/64": true, "0.0.0.0/0": true, "::/0": true, "8.0.0.0/6": true, "128.0.0.0/1": true,
	} {
		c, err := Load(good("GERAI_TRUSTED_PROXIES=" + network))
		if err != nil || (len(c.Warnings) == 1 && strings.Contains(c.Warnings[0], "can claim any address")) != want {
			t.Errorf("%s: %v %v", network, err, c.Warnings)
		}
	}
	for _, v := range variables() {
		if v.name == "GERAI_TRUSTED_PROXIES" {
			c, err := Load(good(v.name + "=" + v.example))
			if err != nil || len(c.Warnings) != 0 || slices.ContainsFunc(c.TrustedProxies, func(p netip.Prefix) bool { return !p.IsSingleIP() || p.Addr().IsPrivate() }) {
				t.Errorf("the example is %q: %v", v.example, c.Warnings)
			}
		}
	}
}

// Without keys of a gateway the program starts; half of them is a mistake.
func TestGatewayKeysAreOptional(t *testing.T) {
	none := []string{"GERAI_BASE_URL=http://192.168.88.2:8080", "GERAI_SECRET_KEY=" + secret.Generate()}
	if c, err := Load(none); err != nil || c.Live() || c.MostReads() != 300 {
		t.Errorf("%v", err)
	}
	for half, missing := range map[string]string{"GERAI_XENDIT_KEY=xnd_development_abc": "GERAI_XENDIT_CALLBACK_TOKEN", "GERAI_XENDIT_CALLBACK_TOKEN=token-one-1": "GERAI_XENDIT_KEY"} {
		_, err := Load(append(none, half))
		var wrong Mistakes
		if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Name != missing {
			t.Errorf("%s: %v", half, err)
		}
	}
}

func TestLiveKeyNeedsEncryption(t *testing.T) {
	_, err := Load(good("GERAI_XENDIT_KEY=xnd_production_x", "GERAI_BASE_URL=http://shop.lan", "GERAI_XENDIT_URL=http://127.0.0.1:9"))
	var wrong Mistakes
	if !errors.As(err, &wrong) || len(wrong) != 2 || wrong[0].Name != "GERAI_BASE_URL" || wrong[1].Name != "GERAI_XENDIT_URL" {
		t.Fatalf("%v", err)
	}
}

func TestRelaxedStillChecks(t *testing.T) {
	for _, o := range []Option{Demo(), Tool()} {
		if c, err := Load(nil, o); err != nil || c.Zone == nil {
			t.Errorf("%v", err)
		}
		if _, err := Load([]string{"GERAI_SECRET_KEY=x"}, o); err == nil {
			t.Error("a wrong key passed")
		}
	}
}

func TestBackups(t *testing.T) {
	const key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	c, err := Load(good("GERAI_BACKUP_TO=/var/backups/gerai, s3://127.0.0.1:9000/toko/x?tls=off", "GERAI_BACKUP_RECIPIENT="+key, "GERAI_BACKUP_S3_KEY=a", "GERAI_BACKUP_S3_SECRET=b"))
	if err != nil || len(c.BackupTo) != 2 || c.BackupTo[1].Prefix != "x" || c.BackupAt.String() != "03:00" || !slices.Equal(c.BackupRecipients, []string{key}) || len(c.Warnings) != 0 {
		t.Errorf("%+v %v %v", c.BackupTo, c.Warnings, err)
	}
	if text := c.String(); !strings.Contains(text, "127.0.0.1:9000/toko/x") {
		t.Error(text)
	}
	// A bucket without keys, readable by others.
	c, err = Load(good("GERAI_BACKUP_TO=s3://s3.example.com/toko?tls=off"))
	var wrong Mistakes
	if !errors.As(err, &wrong) || len(wrong) != 2 || wrong[0].Name != "GERAI_BACKUP_S3_KEY" || wrong[1].Name != "GERAI_BACKUP_S3_SECRET" || len(c.Warnings) != 2 {
		t.Errorf("%v %v", err, c.Warnings)
	}
}

func TestWarnings(t *testing.T) {
	c, err := Load(good("GERAI_XENDIT_TOKEN=secret-value", "GERAI_REDIS_URI=x", "GERAI_TEST_REDIS=x", "GERAI_ROUTER_POJOK=x", "GERAI_COLOUR=x",
		"GERAI_BASE_URL=http://shop.lan", "GERAI_TRUSTED_PROXIES=0.0.0.0/0"))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"GERAI_REDIS_URI is not known and was ignored; did you mean GERAI_REDIS_URL?", "GERAI_COLOUR is not known and was ignored\n", "is http", "0.0.0.0/0"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if len(c.Warnings) != 5 || strings.Contains(all, "secret-value") {
		t.Errorf("%d warnings:\n%s", len(c.Warnings), all)
	}
	live, err := Load(good("GERAI_XENDIT_KEY=xnd_production_x", "GERAI_XENDIT_URL=https://proxy.example.net"))
	if err != nil || len(live.Warnings) != 1 {
		t.Errorf("%v %v", live.Warnings, err)
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	const hidden = "hunter2hunter2"
	env := good("GERAI_DATABASE=postgres://gerai:"+hidden+"@db/x?password="+hidden, "GERAI_REDIS_URL=redis://:"+hidden+"@r:6379/0",
		"GERAI_XENDIT_KEY=xnd_development_"+hidden, "GERAI_XENDIT_CALLBACK_TOKEN="+hidden, "GERAI_METRICS_TOKEN="+hidden)
	c, err := Load(env)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", c, c, c, c), log.String(), fmt.Sprint(c.Redacted())} {
		if strings.Contains(text, hidden) || strings.Contains(text, strings.TrimPrefix(env[2], "GERAI_SECRET_KEY=")) {
			t.Errorf("printed:\n%s", text)
		}
		if !strings.Contains(text, "@db/x") || !strings.Contains(text, "callback_token") {
			t.Errorf("useless:\n%s", text)
		}
	}
	if len(c.Keys.MACs("a", "b")) != 1 {
		t.Error("the key was not read")
	}
}
