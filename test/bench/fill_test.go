package bench

import (
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/testenv"
	"gerai/test/proc"
)

// mostPerBatch is how many vouchers one batch may have.
const mostPerBatch = 10_000

// fill makes vouchers in stock for every router until each has so many users, through the panel as an operator would.
func (s *stage) fill(users int) {
	s.Helper()
	panel, err := proc.SignIn(s.TB, s.Shop, panelName, panelPassword)
	if err != nil {
		s.Fatal(err)
	}
	for site := range s.sites {
		for left := users - s.onRouter(site).Users; left > 0; left -= mostPerBatch {
			if _, err := panel.Submit("/admin/vouchers/new", "form.card", "plan", s.plans[site], "router", routerName(site), "count", fmt.Sprint(min(left, mostPerBatch))); err != nil {
				s.Fatal(err)
			}
		}
	}
	for site := range s.sites {
		testenv.Eventually(s.TB, 10*time.Minute, func() (bool, string) {
			have := s.onRouter(site).Users
			return have >= users, fmt.Sprintf("%s has %d users", routerName(site), have)
		})
	}
}

// simulated is what a simulated router has.
type simulated struct {
	Name                       string
	Connections, Users, Active int
}

func (s *stage) onRouter(site int) simulated {
	s.Helper()
	res, err := client.Get(s.Sim + "/_sim/routers")
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	var all []simulated
	if err := json.NewDecoder(res.Body).Decode(&all); err != nil {
		s.Fatal(err)
	}
	for _, r := range all {
		if r.Name == routerName(site) {
			return r
		}
	}
	s.Fatal("no router ", routerName(site))
	return simulated{}
}

// logIn brings so many users of every router online.
func (s *stage) logIn(most int) {
	s.Helper()
	prepare(s, s.Sim+"/_bench/online", fmt.Sprint(most))
}

// calm waits until the shop has worked off what was prepared: it and its database use less than a tenth of a core for some seconds.
func (s *stage) calm() {
	s.Helper()
	const look = 4 * time.Second
	end := time.Now().Add(5 * time.Minute)
	for time.Now().Before(end) {
		before := s.worked()
		<-time.After(look)
		if used := s.worked().minus(before); used.shop+used.postgres < look/10 {
			return
		}
	}
}
