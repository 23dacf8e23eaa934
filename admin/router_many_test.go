package admin

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"gerai/admin/routers"
	"gerai/internal/staff"
	"gerai/internal/testenv"
)

// As many users as a router may have: every page answers in its time, holds fifty rows, and
// one read of the router serves all of them.
func TestManyUsers(t *testing.T) {
	p := open(t)
	for i := range many {
		p.api("melati-b", "/ip/hotspot/user/add", fmt.Sprintf("=name=u%05d", i), "=password=x", "=comment=vc-123-11.24.26-")
	}
	b := p.as(staff.Admin)
	users := "/admin/routers/melati-b/users"
	testenv.Eventually(t, 2*time.Minute, func() (bool, string) {
		began := time.Now()
		doc := b.get(users).page(http.StatusOK)
		if took := time.Since(began); took > 2*routers.RouterWait {
			t.Fatalf("a page took %s", took)
		}
		return doc.Find("tbody tr").Length() == 50, "never listed: " + text(doc.Find("main"))
	})
	for q, want := range map[string]int{"?q=u0599": 10, "?by=name&q=u05999": 1, "?by=comment&q=nothing": 0, "?by=comment&q=vc-123": 50} {
		a := b.get(users + q)
		if n := a.page(http.StatusOK).Find("tbody tr").Length(); n != want || len(a.body) > 120<<10 {
			t.Errorf("%s: %d rows, %d bytes: %.300s", q, n, len(a.body), text(a.page(http.StatusOK).Find("main")))
		}
	}
}
