package routeros

import (
	"net"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// An account with line breaks in it is never sent, wherever it came from: what listens at
// the address may obey lines.
func TestAnAccountWithLinesIsOfferedToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	knocked := make(chan struct{}, 4)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			knocked <- struct{}{}
			c.Close()
		}
	}()
	d := New(Options{})
	defer d.Close()
	for _, r := range []hotspot.Router{{ID: "a", User: "x\r\nFLUSHALL\r\n", Password: "y"}, {ID: "b", User: "x", Password: "y\nFLUSHALL\n"}} {
		r.Address = l.Addr().String()
		if _, err := d.Ping(t.Context(), r); fault.CodeOf(err) != "router.login_rejected" {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	if len(knocked) > 0 {
		t.Error("it was offered")
	}
}
