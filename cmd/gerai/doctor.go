package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"gerai/internal/app"
	"gerai/internal/clock"
	"gerai/internal/config"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/payments/xendit"

	"github.com/spf13/cobra"
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
			return examine(c.Context(), c.OutOrStdout())
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
		return fmt.Errorf("not ready: HTTP %d", res.StatusCode)
	}
	return nil
}

// examination prints one line per thing looked at.
type examination struct {
	out  io.Writer
	sick bool
}

func (e *examination) line(what string, err error, advice string) {
	if err == nil {
		fmt.Fprintf(e.out, "ok    %s\n", what)
		return
	}
	e.sick = true
	fmt.Fprintf(e.out, "WRONG %s: %v\n", what, err)
	if advice != "" {
		fmt.Fprintf(e.out, "      %s\n", advice)
	}
}

func examine(ctx context.Context, out io.Writer) error {
	cfg, log, err := load()
	if err != nil {
		return err
	}
	e := &examination{out: out}
	e.line("configuration", nil, "")
	e.openFiles(httpx.OpenFiles())
	tool, err := app.OpenTool(ctx, cfg, log)
	if err == nil && tool.Store.Owned() {
		e.line("running shop", healthcheck(ctx), "look at its log")
	}
	e.line("database", err, "is it running, and is GERAI_DATABASE right?")
	if err == nil {
		defer tool.Close() //nolint:errcheck // nothing is left to write
		if pooled, err := tool.Store.Pooled(ctx); err != nil {
			e.line("pooler", err, "")
		} else if pooled {
			e.note("a transaction pooler answers at GERAI_DATABASE", "the shop works through it; run 'gerai migrate' with the address of PostgreSQL itself")
		}
		e.line("cache", tool.Cache.Healthy(ctx), "without Redis every process limits and announces on its own")
		if e.schema(ctx, tool) {
			e.database(ctx, tool)
			e.routers(ctx, tool)
		}
	}
	e.gateway(ctx, cfg)
	return e.verdict()
}

// note says what works and deserves a look.
func (e *examination) note(what, advice string) {
	fmt.Fprintf(e.out, "note  %s\n      %s\n", what, advice)
}

// openFiles looks at the limit of this process, which a service manager usually
// gives to the shop too.
func (e *examination) openFiles(files uint64) {
	what := fmt.Sprintf("open files: %d, room for %d connections", files, httpx.Connections(files))
	if files >= httpx.FewFiles {
		e.line(what, nil, "")
		return
	}
	e.note(what, fmt.Sprintf("raise the limit to %d or more: LimitNOFILE in systemd, --ulimit nofile in a container", httpx.FewFiles))
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
		err = fmt.Errorf("schema is not what this version needs")
	}
	e.line("schema", err, "run 'gerai migrate'")
	return err == nil
}

func (e *examination) database(ctx context.Context, t *app.Tool) {
	rows, err := t.Store.VerifyAudit(ctx)
	e.line(fmt.Sprintf("audit trail (%d rows)", rows), err, "somebody changed the database by hand")
	e.reports(ctx, t)
	alerts, err := t.Store.OpenAlerts(ctx)
	e.line("alerts readable", err, "")
	for _, a := range alerts {
		e.line("alert "+a.Kind, fmt.Errorf("open since %s: %s %s", a.OpenedAt.Format(time.RFC3339), a.Subject, a.Detail), "see docs/runbook.md")
	}
}

func (e *examination) gateway(ctx context.Context, cfg config.Config) {
	var off time.Duration
	heard := false
	g, err := xendit.New(xendit.Options{Key: cfg.XenditKey, BaseURL: cfg.XenditURL, CallbackTokens: cfg.CallbackTokens,
		Told: func(t time.Time) { off, heard = time.Since(t), true }})
	if err == nil {
		_, err = g.Find(ctx, "gerai-doctor")
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
	}
	hint := "check GERAI_XENDIT_KEY and its permission Money-in"
	if fault.CodeOf(err) == "gateway.api_version" {
		hint = "the key is not the cause: this account is not served by " + xendit.APIVersion + " any more; ask Xendit, and look for a newer Gerai"
	}
	if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Unknown) {
		hint = "it was not reached: check this machine's way out and GERAI_XENDIT_URL"
	}
	e.line("gateway", err, hint)
	if heard {
		e.clock(off)
	}
}

// clock compares this machine's clock with the gateway's.
func (e *examination) clock(off time.Duration) {
	var err error
	if off.Abs() > clock.Tolerance {
		err = fmt.Errorf("it differs from the gateway's by %s: nothing ends until they agree", off.Round(time.Second))
	}
	e.line("clock", err, "set it and see that NTP runs; docs/reference/time.md")
}

func (e *examination) routers(ctx context.Context, t *app.Tool) {
	routers, err := t.Store.Routers(ctx)
	e.line(fmt.Sprintf("routers readable (%d)", len(routers)), err, "is GERAI_SECRET_KEY the one they were sealed with?")
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		h, err := t.Hotspot.Ping(ctx, r.Router)
		if err == nil && (h.ClockSkew > 2*time.Minute || h.ClockSkew < -2*time.Minute) {
			err = fmt.Errorf("its clock is off by %s", h.ClockSkew.Round(time.Second))
		}
		e.line(strings.TrimSpace(fmt.Sprintf("router %s %s %s", r.Name, h.Board, h.Version)), err, advice[fault.CodeOf(err)])
	}
}

var advice = map[string]string{
	"router.unreachable":    "power, uplink, VPN, API service and firewall of the router",
	"router.login_rejected": "user or password; correct the catalogue file and import it",
	"router.certificate":    "the certificate is not the pinned one; compare fingerprints before trusting the new one",
	"router.permission":     "the API user's group needs api, read, write, test",
	"router.device_mode":    "device-mode forbids hotspot; press the router's button as RouterOS asks",
}
