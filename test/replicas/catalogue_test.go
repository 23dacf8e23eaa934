package replicas

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/test/proc"
)

const password = "correct horse battery"

// browser keeps cookies and fills in forms of one replica.
type browser struct {
	testing.TB
	root   string
	client *http.Client
}

func browse(t *testing.T, p *proc.Program) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, "http://" + p.Addr, &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// get reads a page.
func (b *browser) get(path string) *goquery.Document {
	b.Helper()
	res, err := b.client.Get(b.root + path)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s %v", path, res.Status, err)
	}
	return doc
}

// send posts a form as a page showed it, with pairs of other values. It returns the status, where
// it leads to and the answer's page.
func (b *browser) send(form *goquery.Selection, path string, pairs ...string) (status int, to string, page *goquery.Document) {
	b.Helper()
	values := url.Values{}
	form.Find("input,select,textarea").Each(func(_ int, x *goquery.Selection) {
		kind, value := x.AttrOr("type", ""), x.AttrOr("value", "")
		if _, checked := x.Attr("checked"); (kind == "checkbox" || kind == "radio") && !checked || kind == "file" {
			return
		}
		switch goquery.NodeName(x) {
		case "textarea":
			value = x.Text()
		case "select":
			value = x.Find("option[selected]").AttrOr("value", x.Find("option").First().AttrOr("value", ""))
		}
		values.Set(x.AttrOr("name", ""), value)
	})
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, b.root+form.AttrOr("action", path), strings.NewReader(values.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.root)
	res, err := b.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	page, err = goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), page
}

// What is changed in the panel of one replica is on the pages of the other: a page that was open
// before is asked about again, and sold for the new price once that was seen.
func TestCatalogueChangedAtTheOther(t *testing.T) {
	w, a, b := two(t)
	w.Store(func(s *store.Store) {
		memory := cache.NewMemory(clock.System{})
		defer memory.Close()
		accounts, rules := staff.New(s, memory, clock.System{}), staff.DefaultPolicy
		rules.SecondFactor = nil
		if err := accounts.SetPolicy(context.Background(), actor.Named("test"), "", rules); err != nil {
			t.Fatal(err)
		}
		if _, err := accounts.Add(context.Background(), actor.Named("test"), "pemilik", staff.Admin, password); err != nil {
			t.Fatal(err)
		}
	})
	customer := browse(t, b)
	panel, err := proc.SignIn(t, "http://"+a.Addr, "pemilik", password)
	if err != nil {
		t.Fatal(err)
	}
	const page = "/h/kopi"
	open := customer.get(page).Find("#plan-sehari").First()
	for _, change := range []struct{ path, field, typed, shows string }{
		{"/admin/catalogue/plans/sehari", "note", "Sampai pagi", "Sampai pagi"},
		{"/admin/catalogue/brand", "name", "Warnet Baru", "Warnet Baru"},
		{"/admin/catalogue/plans/sehari", "price", "16.500", "Rp16.500"},
	} {
		if _, err := panel.Submit(change.path, "main form[method=post]", change.field, change.typed, "act", "save"); err != nil {
			t.Fatal(err)
		}
		limit := time.After(5 * time.Second)
		for !strings.Contains(customer.get(page).Text(), change.shows) {
			select {
			case <-limit:
				t.Fatalf("%s is not on the page of the other replica", change.shows)
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	status, _, asked := customer.send(open, page+"/orders")
	if form := asked.Find("#plan-sehari"); status != http.StatusConflict || !strings.Contains(form.Text(), "Rp15.000") || !strings.Contains(form.Text(), "Rp16.500") {
		t.Fatal("sold for another price than was shown:", status, asked.Find("main").Text())
	}
	if status, to, answer := customer.send(asked.Find("#plan-sehari").First(), page+"/orders"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/o/") {
		t.Fatal("the new price was seen:", status, answer.Find("main").Text())
	}
	w.Store(func(s *store.Store) {
		all, err := s.CatalogueChanges(context.Background(), nil, "", 10)
		if err != nil || len(all) != 3 || all[0].New["price"] != "16500" {
			t.Errorf("%+v %v", all, err)
		}
	})
}
