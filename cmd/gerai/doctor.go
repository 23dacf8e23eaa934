package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/app"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/payments/xendit"
	"gerai/templates"
)

func doctorCommand() *cobra.Command {
	health := false
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, database, gateway, Redis and every router, and say what is wrong",
		Args:  arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if health {
				return healthcheck(c.Context())
			}
			return examine(c.Context(), spoken(c), c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&health, "healthcheck", false, "only ask the running shop's /readyz, for container health checks")
	return c
}

// healthcheck asks the shop running in the same container.
func healthcheck(ctx context.Context) error {
	addr := os.Getenv("GERAI_ADDR")
	if addr == "" {
		addr = ":8080"
	}
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return says("cli.unready", "status", res.StatusCode)
	}
	return nil
}

// examination prints one line per thing looked at.
type examination struct {
	out  io.Writer
	lang templates.Lang
	sick bool
}

func (e *examination) text(key string, pairs ...any) string {
	return templates.Text(e.lang, key, pairs...)
}

func (e *examination) line(what string, err error, advice string) {
	if err == nil {
		fmt.Fprintf(e.out, "%s %s\n", e.text("cli.ok"), what)
		return
	}
	e.sick = true
	fmt.Fprintf(e.out, "%s %s: %s\n", e.text("cli.wrong"), what, said(e.lang, err))
	if advice != "" {
		fmt.Fprintf(e.out, "      %s\n", advice)
	}
}

func examine(ctx context.Context, lang templates.Lang, out io.Writer) error {
	cfg, log, err := load()
	if err != nil {
		return err
	}
	e := &examination{out: out, lang: lang}
	keys := store.GatewayKeys{Key: cfg.XenditKey, Tokens: cfg.CallbackTokens}
	e.line(e.text("cli.dr.config"), nil, "")
	e.openFiles(httpx.OpenFiles())
	tool, err := app.OpenTool(ctx, cfg, log)
	if err == nil && tool.Store.Owned() {
		e.line(e.text("cli.dr.shop"), healthcheck(ctx), e.text("cli.dr.shop.do"))
	}
	e.line(e.text("cli.dr.database"), err, e.text("cli.dr.database.do"))
	if err == nil {
		defer tool.Close() //nolint:errcheck // nothing is left to write
		if pooled, err := tool.Store.Pooled(ctx); err != nil {
			e.line(e.text("cli.dr.pooler"), err, "")
		} else if pooled {
			e.note(e.text("cli.dr.pooled"), e.text("cli.dr.pooled.do"))
		}
		e.line(e.text("cli.dr.cache"), tool.Cache.Healthy(ctx), e.text("cli.dr.cache.do"))
		if e.schema(ctx, tool) {
			e.database(ctx, tool)
			e.routers(ctx, tool)
			keys = e.gatewayKeys(ctx, cfg, tool)
		}
	}
	e.gateway(ctx, cfg, keys)
	return e.verdict()
}

// note says what works and deserves a look.
func (e *examination) note(what, advice string) {
	fmt.Fprintf(e.out, "%s %s\n      %s\n", e.text("cli.note"), what, advice)
}

// openFiles looks at the limit of this process, which a service manager usually
// gives to the shop too.
func (e *examination) openFiles(files uint64) {
	what := e.text("cli.dr.files", "files", files, "n", httpx.Connections(files))
	if files >= httpx.FewFiles {
		e.line(what, nil, "")
		return
	}
	e.note(what, e.text("cli.dr.files.do", "n", httpx.FewFiles))
}

func (e *examination) verdict() error {
	if e.sick {
		return errSick
	}
	return nil
}

// schema reports whether the tables can be read.
func (e *examination) schema(ctx context.Context, t *app.Tool) bool {
	current, err := t.Store.Current(ctx)
	if err == nil && !current {
		err = says("cli.dr.schema.old")
	}
	e.line(e.text("cli.dr.schema"), err, e.text("cli.dr.schema.do"))
	return err == nil
}

func (e *examination) database(ctx context.Context, t *app.Tool) {
	rows, err := t.Store.VerifyAudit(ctx)
	e.line(e.text("cli.dr.audit", "n", rows), err, e.text("cli.dr.audit.do"))
	e.reports(ctx, t)
	if st, err := t.Shop.Backups.RecoveryState(ctx); err != nil || st.Stands() {
		what := e.text("cli.dr.recovery", "name", st.Backup)
		if err != nil {
			e.line(what, err, "")
		} else {
			e.note(what, e.text("cli.dr.recovery.do", "n", st.Open))
		}
	}
	alerts, err := t.Store.OpenAlerts(ctx)
	e.line(e.text("cli.dr.alerts"), err, "")
	for _, a := range alerts {
		e.line(e.text("cli.dr.alert", "kind", a.Kind), says("cli.dr.alert.open", "when", a.OpenedAt.Format(time.RFC3339), "subject", a.Subject, "detail", a.Detail), e.text("cli.dr.alert.do"))
	}
}

// gatewayKeys are the keys that shops use: those of the environment, which win, or those that were
// typed in the panel.
func (e *examination) gatewayKeys(ctx context.Context, cfg config.Config, t *app.Tool) store.GatewayKeys {
	stored, found, err := t.Store.GatewayKeys(ctx, gatewayName)
	switch {
	case err != nil:
		e.line(e.text("cli.dr.gateway.panel"), err, "")
	case cfg.XenditKey == "" && found:
		e.line(e.text("cli.dr.gateway.panel"), nil, "")
		return stored
	case found:
		e.note(e.text("cli.dr.gateway.both"), e.text("cli.dr.gateway.both.do"))
	}
	return store.GatewayKeys{Key: cfg.XenditKey, Tokens: cfg.CallbackTokens}
}

// gatewayName is the gateway that is built in.
const gatewayName = "xendit"

func (e *examination) gateway(ctx context.Context, cfg config.Config, keys store.GatewayKeys) {
	if keys.Key == "" {
		e.note(e.text("cli.dr.gateway.none"), e.text("cli.dr.gateway.none.do"))
		return
	}
	var off time.Duration
	heard := false
	g, err := xendit.New(xendit.Options{Key: keys.Key, BaseURL: cfg.XenditURL, CallbackTokens: keys.Tokens,
		Told: func(t time.Time) { off, heard = time.Since(t), true }})
	if err == nil {
		_, err = g.Find(ctx, "gerai-doctor")
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
	}
	hint := e.text("cli.dr.gateway.do")
	if errors.Is(err, payments.ErrAPIVersion) {
		hint = e.text("cli.dr.gateway.old", "version", xendit.APIVersion)
	}
	if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Unknown) {
		hint = e.text("cli.dr.gateway.away")
	}
	e.line(e.text("cli.dr.gateway"), err, hint)
	if heard {
		e.clock(off)
	}
}

// clock compares this machine's clock with the gateway's.
func (e *examination) clock(off time.Duration) {
	var err error
	if off.Abs() > clock.Tolerance {
		err = says("cli.dr.clock.off", "off", off.Round(time.Second))
	}
	e.line(e.text("cli.dr.clock"), err, e.text("cli.dr.clock.do"))
}

func (e *examination) routers(ctx context.Context, t *app.Tool) {
	routers, err := t.Store.Routers(ctx)
	e.line(e.text("cli.dr.routers", "n", len(routers)), err, e.text("cli.dr.routers.do"))
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		h, err := t.Hotspot.Ping(ctx, r.Router)
		if err == nil && (h.ClockSkew > 2*time.Minute || h.ClockSkew < -2*time.Minute) {
			err = says("cli.dr.router.clock", "off", h.ClockSkew.Round(time.Second))
		}
		advice := ""
		if key := "cli.dr." + fault.CodeOf(err); templates.HasText(key) {
			advice = e.text(key)
		}
		e.line(e.text("cli.dr.router", "router", strings.TrimSpace(r.Name+" "+h.Board+" "+h.Version)), err, advice)
	}
}
