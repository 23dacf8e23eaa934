package main

import (
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

func simCommand() *cobra.Command {
	c := &cobra.Command{Use: "sim", Short: "Run one simulator alone", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(simXenditCommand(), simRouterosCommand())
	return c
}

func simXenditCommand() *cobra.Command {
	var addr, token, webhook, key, state string
	fast := 1.0
	c := &cobra.Command{
		Use: "xendit", Short: "A simulated Xendit with its controls under /_sim/", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := xenditsim.New(xenditsim.Options{APIKey: key, CallbackToken: token, WebhookURL: webhook, TimeScale: fast, StateFile: state, MerchantName: "Gerai", Seed: uint64(time.Now().UnixNano())})
			if err != nil {
				return err
			}
			defer s.Close() //nolint:errcheck // the journal is written line by line
			return serveSim(c, addr, s.Handler(), func(url string) any {
				return map[string]any{"xendit_url": url, "sim_url": url, "xendit_callback_token": token}
			})
		},
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8090", "listen address")
	c.Flags().StringVar(&token, "callback-token", "simulated-callback-token", "sent with every webhook as x-callback-token")
	c.Flags().StringVar(&webhook, "webhook-url", "", "where webhooks go; without one they wait")
	c.Flags().StringVar(&key, "key", "", "the only API key accepted (default: any xnd_development_ key)")
	c.Flags().StringVar(&state, "state", "", "journal that survives a kill (default: memory only)")
	c.Flags().Var((*factor)(&fast), "fast", "how many times faster webhook retries follow each other")
	return c
}

func simRouterosCommand() *cobra.Command {
	var o routerossim.Options
	controls := "127.0.0.1:0"
	c := &cobra.Command{
		Use: "routeros", Short: "A simulated MikroTik router with its controls under /_sim/", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := routerossim.New(o)
			if err != nil {
				return err
			}
			if err := r.Start(); err != nil {
				return err
			}
			defer r.Close() //nolint:errcheck // the journal is written line by line
			return serveSim(c, controls, routerossim.Handler(r), func(url string) any {
				return map[string]any{"routers": []readyRouter{{Name: r.Name(), Addr: reachable(r.Addr()), TLSAddr: reachable(r.TLSAddr()), User: o.User, Password: o.Password}}, "sim_url": url}
			})
		},
	}
	c.Flags().StringVar(&o.Addr, "addr", "127.0.0.1:8728", "listen address of the API")
	c.Flags().StringVar(&o.TLSAddr, "tls-addr", "", "listen address of api-ssl (default: off)")
	c.Flags().StringVar(&o.User, "user", "admin", "API user")
	c.Flags().StringVar(&o.Password, "password", "", "its password")
	c.Flags().StringVar(&o.Version, "ros-version", "7.16", "6.49, 7.16 or 7.22")
	c.Flags().StringVar(&o.Name, "name", "router", "identity")
	c.Flags().StringVar(&o.StateFile, "state", "", "journal that survives a kill (default: memory only)")
	c.Flags().StringVar(&controls, "sim-addr", controls, "listen address of the controls")
	return c
}

// serveSim serves the controls until the program is told to stop; ready makes
// the object of the ready line.
func serveSim(c *cobra.Command, addr string, h http.Handler, ready func(url string) any) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	if err := tell(c.OutOrStdout(), ready("http://"+reachable(l.Addr().String()))); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-c.Context().Done():
	}
	return srv.Close() // open requests and streams are cut: a simulator ends at once
}
