package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"gerai/internal/hotspot"
	"gerai/internal/sim/routerossim"
)

// others are simulated routers in a process of their own, so that what the product takes can
// be told from what they take.
type others struct {
	testing.TB
	addrs []string
	in    io.WriteCloser
	out   *bufio.Scanner
}

// routerUser is their account.
const routerUser = "gerai"

// TestRoutersServer is not a test: it is that process. It starts as many routers as it is
// told to, of versions 6 and 7 in turns, and obeys its standard input: "load FILE" gives each
// its users, "online N" logs a device in as each of its first N users.
func TestRoutersServer(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("GERAI_BENCH_ROUTERS"))
	if err != nil {
		t.Skip("left out: the routers of make bench")
	}
	routers := make([]*routerossim.Router, n)
	addrs := make([]string, n)
	for i := range routers {
		version := "7.16"
		if i%2 == 1 {
			version = "6.49"
		}
		if routers[i], err = routerossim.New(routerossim.Options{Name: fmt.Sprint("r", i), User: routerUser, Password: routerPassword, Version: version, Addr: "127.0.0.1:0"}); err != nil {
			t.Fatal(err)
		}
		if err := routers[i].Start(); err != nil {
			t.Fatal(err)
		}
		addrs[i] = routers[i].Addr()
	}
	fmt.Printf("routers %s\n", strings.Join(addrs, ","))
	users := make([][]hotspot.User, n)
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		what, with, _ := strings.Cut(orders.Text(), " ")
		switch what {
		case "load":
			text, err := os.ReadFile(with)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &users); err != nil {
				t.Fatal(err)
			}
			for i, r := range routers {
				giveUsers(t, r, users[i])
			}
		case "online":
			most, err := strconv.Atoi(with)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range routers {
				logIn(t, r, users[i][:min(most, len(users[i]))])
			}
		}
		fmt.Println("routers done")
	}
}

func giveUsers(t *testing.T, r *routerossim.Router, users []hotspot.User) {
	profiles := map[string]bool{}
	for _, u := range users {
		if !profiles[u.Profile.Name] {
			profiles[u.Profile.Name] = true
			command(t, r, "/ip/hotspot/user/profile/add", "=name="+u.Profile.Name, "=rate-limit="+u.Profile.RateLimit, "=shared-users="+strconv.Itoa(u.Profile.SharedUsers))
		}
		command(t, r, "/ip/hotspot/user/add", "=name="+u.Name, "=password="+u.Password, "=profile="+u.Profile.Name, "=comment="+u.Bound.Comment(u.Comment, u.OrderMark),
			"=limit-uptime="+u.LimitFor(0).String(), "=limit-bytes-total="+strconv.FormatInt(u.LimitBytes, 10))
	}
}

func logIn(t *testing.T, r *routerossim.Router, users []hotspot.User) {
	for i, u := range users {
		ip := fmt.Sprintf("10.%d.%d.%d", 6+i/60_000, i/250%240, 2+i%250)
		if err := r.Join(routerossim.Device{MAC: fmt.Sprintf("AA:BB:CC:%02X:%02X:%02X", i>>16, i>>8&255, i&255), IP: ip}); err != nil {
			t.Fatal(err)
		}
		command(t, r, "/ip/hotspot/active/login", "=user="+u.Name, "=password="+u.Password, "=ip="+ip)
	}
}

func command(t *testing.T, r *routerossim.Router, words ...string) {
	t.Helper()
	if err := r.Command(words...); err != nil {
		t.Fatal(words[0], words[1], err)
	}
}

// startRouters starts that process.
func startRouters(t testing.TB, n int) *others {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRoutersServer$")
	cmd.Env = append(os.Environ(), "GERAI_BENCH_ROUTERS="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill() // it has nothing to lose
		_ = cmd.Wait()
	})
	o := &others{TB: t, in: in, out: bufio.NewScanner(out)}
	o.out.Buffer(nil, 1<<20)
	o.addrs = strings.Split(o.answer(), ",")
	return o
}

// answer is the process's next line.
func (o *others) answer() string {
	o.Helper()
	for o.out.Scan() {
		if text, found := strings.CutPrefix(o.out.Text(), "routers "); found {
			return text
		}
		o.Log(o.out.Text())
	}
	o.Fatal("the routers have gone")
	return ""
}

func (o *others) tell(order string) {
	o.Helper()
	if _, err := fmt.Fprintln(o.in, order); err != nil {
		o.Fatal(err)
	}
	o.answer()
}

// load gives each router its users.
func (o *others) load(users [][]hotspot.User) {
	o.Helper()
	text, err := json.Marshal(users)
	if err != nil {
		o.Fatal(err)
	}
	file := o.TempDir() + "/users.json"
	if err := os.WriteFile(file, text, 0o600); err != nil {
		o.Fatal(err)
	}
	o.tell("load " + file)
}
