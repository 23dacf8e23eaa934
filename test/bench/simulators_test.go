package bench

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

// surroundings is the task of the simulators: a gateway and routers in one process.
type surroundings struct {
	Token, Webhook string
	Routers        int
	CommandTakes   time.Duration // of the routers
}

// surrounded is where they are.
type surrounded struct {
	URL     string // the gateway and the controls of everything
	Routers []string
}

const routerPassword = "rahasia"

func routerName(i int) string { return fmt.Sprintf("router-%02d", i+1) }

func playSimulators(task []byte) (any, error) {
	var in surroundings
	if err := json.Unmarshal(task, &in); err != nil {
		return nil, err
	}
	gateway, err := xenditsim.New(xenditsim.Options{CallbackToken: in.Token, WebhookURL: in.Webhook, MerchantName: "Gerai", Seed: 1, TimeScale: 60,
		Deliverers: 256}) // a gateway does not wait for one merchant's answer to tell the next payment
	if err != nil {
		return nil, err
	}
	var out surrounded
	var routers []*routerossim.Router
	for i := range in.Routers {
		r, err := routerossim.New(routerossim.Options{Name: routerName(i), User: "gerai", Password: routerPassword, Version: "7.16", Addr: "127.0.0.1:0", Latency: in.CommandTakes})
		if err != nil {
			return nil, err
		}
		if err := r.Start(); err != nil {
			return nil, err
		}
		routers, out.Routers = append(routers, r), append(out.Routers, r.Addr())
	}
	mux := http.NewServeMux()
	mux.Handle("/_sim/routers", routerossim.Handler(routers...))
	mux.Handle("/_sim/routers/", routerossim.Handler(routers...))
	mux.Handle("/", gateway.Handler())
	mux.HandleFunc("POST /_bench/online", func(w http.ResponseWriter, _ *http.Request) {
		if err := online(routers[0]); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	out.URL = "http://" + l.Addr().String()
	go func() { _ = http.Serve(l, mux) }() // ends with the process
	return out, nil
}
