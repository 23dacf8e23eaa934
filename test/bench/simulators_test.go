package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

// surroundings is the task of the simulators: a gateway and routers in one process.
type surroundings struct {
	Token, Webhook string
	Routers        int
	Old            bool          // every second router has version 6
	CommandTakes   time.Duration // of the routers
}

// surrounded is where they are.
type surrounded struct {
	URL     string // the gateway and the controls of everything
	Routers []string
}

const (
	routerUser     = "gerai"
	routerPassword = "rahasia"
)

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
		version := "7.16"
		if in.Old && i%2 == 1 {
			version = "6.49"
		}
		r, err := routerossim.New(routerossim.Options{Name: routerName(i), User: routerUser, Password: routerPassword, Version: version, Addr: "127.0.0.1:0", Latency: in.CommandTakes})
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
	mux.HandleFunc("POST /_bench/users", prepared(routers, give))
	mux.HandleFunc("POST /_bench/online", prepared(routers, online))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	out.URL = "http://" + l.Addr().String()
	go func() { _ = http.Serve(l, mux) }() // ends with the process
	return out, nil
}

// prepared does something to all routers with what a request brings.
func prepared(routers []*routerossim.Router, do func(routers []*routerossim.Router, body []byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = do(routers, body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

// prepare asks the simulators for that.
func prepare(t testing.TB, url, body string) {
	t.Helper()
	res, err := (&http.Client{Timeout: 10 * time.Minute}).Post(url, "", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(res.Body) // what there is of it
		t.Fatalf("%s: %s: %s", url, res.Status, said)
	}
}

// give gives each router its users.
func give(routers []*routerossim.Router, body []byte) error {
	var all [][]hotspot.User
	if err := json.Unmarshal(body, &all); err != nil {
		return err
	}
	for i, users := range all {
		profiles := map[string]bool{}
		for _, u := range users {
			var err error
			if !profiles[u.Profile.Name] {
				profiles[u.Profile.Name] = true
				err = routers[i].Command("/ip/hotspot/user/profile/add", "=name="+u.Profile.Name, "=rate-limit="+u.Profile.RateLimit, "=shared-users="+strconv.Itoa(u.Profile.SharedUsers))
			}
			if err == nil {
				err = routers[i].Command("/ip/hotspot/user/add", "=name="+u.Name, "=password="+u.Password, "=profile="+u.Profile.Name, "=comment="+u.Bound.Comment(u.Comment, u.OrderMark),
					"=limit-uptime="+u.LimitFor(0).String(), "=limit-bytes-total="+strconv.FormatInt(u.LimitBytes, 10))
			}
			if err != nil {
				return fmt.Errorf("%s, user %s: %w", routerName(i), u.Name, err)
			}
		}
	}
	return nil
}

// online has a device of its own join and log in for each of the first so many users of every router.
func online(routers []*routerossim.Router, body []byte) error {
	most, err := strconv.Atoi(string(body))
	if err != nil {
		return err
	}
	for i, r := range routers {
		n := 0
		for _, u := range r.Rows("ip/hotspot/user") {
			if u["name"] == "default-trial" {
				continue
			}
			if n == most {
				break
			}
			ip := fmt.Sprintf("10.%d.%d.%d", 20+n/50_000, n/200%250, 2+n%200)
			if err := r.Join(routerossim.Device{MAC: fmt.Sprintf("AA:BB:CC:%02X:%02X:%02X", n>>16, n>>8&255, n&255), IP: ip}); err != nil {
				return fmt.Errorf("%s, user %s: %w", routerName(i), u["name"], err)
			}
			if err := r.Command("/ip/hotspot/active/login", "=user="+u["name"], "=password="+u["password"], "=ip="+ip); err != nil && !strings.Contains(err.Error(), "no more sessions") {
				return fmt.Errorf("%s, user %s: %w", routerName(i), u["name"], err)
			}
			n++
		}
	}
	return nil
}
