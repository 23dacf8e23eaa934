package routerossim

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"strings"
)

func init() {
	// The root and these folders hold commands, not rows.
	define("", "", "").hook(func(m *menu) {
		m.extra["login"], m.extra["quit"], m.extra["cancel"] = login, quit, cancel
	})
}

// login serves both exchanges: name and password since 6.43, before that a
// challenge answered with 00 + md5(0, password, challenge).
func login(c *call) error {
	if err := c.only("name", "password", "response"); err != nil {
		return err
	}
	s, r := c.s, c.r
	name := c.args["name"]
	// An old router answers anything but a response with a challenge: that is
	// how clients which try name and password first find out.
	if _, answered := c.args["response"]; r.o.OldLogin && !answered {
		raw := make([]byte, 16)
		rand.Read(raw)
		s.challenge = hex.EncodeToString(raw)
		c.ret = []string{attr("ret", s.challenge)}
		return nil
	}
	u := r.tables["user"].first("name", name)
	ok := u != nil && u.f["disabled"] != "true" && !r.faults.RejectLogin && r.may(name, "api") && allowedFrom(u.f["address"], s.conn)
	if ok {
		ok = s.proven(c, u.f["password"])
	}
	s.challenge = ""
	from, _, _ := net.SplitHostPort(s.conn.RemoteAddr().String())
	if !ok {
		r.addLog("system,error,critical", "login failure for user "+name+" from "+from+" via api")
		c.late = r.o.BadLoginDelay
		if r.ver.major == 6 && r.o.OldLogin {
			return fail("cannot log in")
		}
		return fail(msgBadLogin)
	}
	s.account = name
	s.loggedIn.Store(true)
	r.change(r.tables["user"], u, map[string]string{"last-logged-in": unix(r.now())})
	r.addLog("system,info,account", "user "+name+" logged in from "+from+" via "+s.service)
	return nil
}

func (s *session) proven(c *call, password string) bool {
	if !s.r.o.OldLogin {
		return same(c.args["password"], password)
	}
	return s.challenge != "" && same(strings.ToLower(c.args["response"]), challengeResponse(password, s.challenge))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// challengeResponse is what a client must answer; challenge is hex.
func challengeResponse(password, challenge string) string {
	raw, err := hex.DecodeString(challenge)
	if err != nil {
		return ""
	}
	sum := md5.Sum(append(append([]byte{0}, password...), raw...))
	return "00" + hex.EncodeToString(sum[:])
}

// quit says goodbye the way routers do: with !fatal.
func quit(c *call) error {
	c.finish = func() {
		c.s.write(out{"!fatal", []string{"session terminated on request"}}, c.tag)
		c.s.cut()
	}
	return nil
}
