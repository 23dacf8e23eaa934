package setup_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop"
	"gerai/internal/shop/setup"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/payments"
	"gerai/payments/xendit"
)

var (
	ctx = context.Background()
	ani = actor.Staff("s1", "ani", nil)
)

const (
	testKey = "xnd_development_rahasia-sekali"
	token   = "token-webhook-satu"
)

// save keeps keys of the panel.
func save(k *shoptest.Harness, key, tokens string) error {
	return k.Shop.Setup.SaveKeys(ctx, ani, setup.KeysForm{Key: key, Tokens: tokens, Typed: "xendit", Reason: "ganti kunci"})
}

// Without keys nothing can be paid online and the counter sells; with keys of the panel customers
// pay at once, without a restart; without them again nothing is lost.
func TestOnlinePaymentFollowsTheKeys(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		c := k.UsePanelKeys()
		if _, err := k.Shop.Orders.Place(ctx, k.Form("sehari", "qris")); shoptest.CodeOf(err) != "order.online_off" {
			t.Fatalf("ordered without a gateway: %v", err)
		}
		plan, err := k.Store.Plan(ctx, "sehari")
		k.Must(err)
		site, err := k.Store.Site(ctx, plan.SiteID)
		k.Must(err)
		rules, err := k.Shop.Orders.MethodRules(ctx, site.ID)
		k.Must(err)
		if prices, dearer := k.Shop.Orders.Prices(site, plan, nil, rules); len(prices)+len(dearer) != 0 {
			t.Errorf("offered without a gateway: %+v %+v", prices, dearer)
		}
		k.Must(k.Shop.Watchdog(ctx))
		if err := k.Shop.SweepAll(ctx); err != nil {
			t.Error(err)
		}
		k.Must(save(k, testKey, token))
		if !c.Connected() || c.Live() {
			t.Fatal("not in use")
		}
		o := k.Buy("sehari", "qris")
		if a, err := k.Store.Attempt(ctx, o.ID, o.AttemptNo); err != nil || a.QR == "" {
			t.Fatalf("no code: %+v %v", a, err)
		}
		k.Must(k.Shop.Setup.ForgetKeys(ctx, ani, "xendit", "ganti akun"))
		if c.Connected() {
			t.Error("still in use")
		}
		k.Must(save(k, testKey, token))
		k.Pay(o)
		k.RunAll()
		k.Want(o, order.Activated)
	})
}

// Keys are sealed, in no audit row, kept once although they are sent twice, and follow a rotation.
func TestKeysAreSealed(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.Must(save(k, " "+testKey+"\n", token))
		first, found, err := k.Store.GatewayKeys(ctx, "xendit")
		if err != nil || !found || first.Key != testKey || len(first.Tokens) != 1 || first.Live || first.SavedBy != "staff:ani" {
			t.Fatal(found, err)
		}
		end, _, err := k.Store.AuditEnd(ctx)
		k.Must(err)
		k.Must(save(k, testKey, token))
		again, _, err := k.Store.GatewayKeys(ctx, "xendit")
		k.Must(err)
		if after, _, err := k.Store.AuditEnd(ctx); err != nil || after != end || again.ID != first.ID {
			t.Error("sent twice, kept twice")
		}
		k.Must(save(k, testKey, "token-webhook-dua,"+token))
		if other, _, err := k.Store.GatewayKeys(ctx, "xendit"); err != nil || other.ID == first.ID || len(other.Tokens) != 2 {
			t.Error("the second token is not kept")
		}
		rows, err := k.Store.AuditAfter(ctx, 0, 1000)
		k.Must(err)
		seen := 0
		for _, r := range rows {
			if strings.Contains(r.Detail, "rahasia-sekali") || strings.Contains(r.Detail, "token-webhook") {
				t.Errorf("the audit trail has a key: %s", r.Detail)
			}
			if r.Action == "gateway.keys" {
				seen++
			}
		}
		if seen != 2 {
			t.Errorf("%d rows of keys", seen)
		}
		about, _, err := k.Store.AboutGatewayKeys(ctx, "xendit")
		if err != nil || about.Key != "" || about.Tokens != nil || about.ID == "" {
			t.Error("a look without the keys shows them")
		}
	})
}

// What cannot be right is asked about at its field, what the gateway does not accept is not kept, and
// what failed is said.
func TestKeysThatAreNotKept(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) {
		switch key, _, _ := r.BasicAuth(); {
		case strings.HasSuffix(key, "old"):
			w.WriteHeader(http.StatusUnauthorized)
		case strings.HasSuffix(key, "narrow"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasSuffix(key, "many"):
			w.WriteHeader(http.StatusTooManyRequests)
		case strings.HasSuffix(key, "broken"):
			w.WriteHeader(http.StatusBadGateway)
		case strings.HasSuffix(key, "portal"):
			http.Redirect(w, r, "http://evil.example/", http.StatusFound)
		}
	}
	gateway := httptest.NewServer(http.HandlerFunc(answer))
	defer gateway.Close()
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) {
		o.Setup.Connect = func(key string, tokens []string) (payments.Account, error) {
			return xendit.New(xendit.Options{Key: key, BaseURL: gateway.URL, CallbackTokens: tokens, Timeout: time.Second})
		}
	}))
	for name, c := range map[string]struct{ key, tokens, field, code string }{
		"nothing":          {"", token, "key", "gateway.key_form"},
		"another word":     {"abc", token, "key", "gateway.key_form"},
		"no key behind it": {"xnd_development_", token, "key", "gateway.key_form"},
		"a public key":     {"xnd_public_development_abc", token, "key", "gateway.key_public"},
		"a line break":     {"xnd_development_a\r\nX-Evil: 1", token, "key", "gateway.key_form"},
		"too long":         {"xnd_development_" + strings.Repeat("a", 400), token, "key", "gateway.key_form"},
		"live over http":   {"xnd_production_abc", token, "key", "gateway.live_https"},
		"no token":         {testKey, " ", "tokens", "gateway.tokens_form"},
		"a short token":    {testKey, "abc", "tokens", "gateway.tokens_form"},
		"a token guessed":  {testKey, "12345678", "tokens", "gateway.tokens_form"},
		"three tokens":     {testKey, "token-satu-a,token-dua-b,token-tiga-c", "tokens", "gateway.tokens_form"},
		"refused":          {"xnd_development_old", token, "key", "gateway.key_refused"},
		"without rights":   {"xnd_development_narrow", token, "key", "gateway.key_rights"},
		"limited":          {"xnd_development_many", token, "key", "gateway.busy_now"},
		"broken":           {"xnd_development_broken", token, "key", "gateway.silent"},
		"a portal":         {"xnd_development_portal", token, "key", "gateway.silent"},
	} {
		err := save(k, c.key, c.tokens)
		if shoptest.CodeOf(err) != c.code || fieldOf(err) != c.field || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "rahasia-sekali") || c.tokens != " " && strings.Contains(err.Error(), c.tokens)) {
			t.Errorf("%s: the error has a key: %v", name, err)
		}
	}
	gateway.Close()
	if err := save(k, testKey, token); shoptest.CodeOf(err) != "gateway.silent" {
		t.Errorf("away: %v", err)
	}
	if _, found, err := k.Store.AboutGatewayKeys(ctx, "xendit"); found || err != nil {
		t.Error("kept", err)
	}
	narrow := actor.Staff("s2", "budi", []string{"kopi"})
	if err := k.Shop.Setup.SaveKeys(ctx, narrow, setup.KeysForm{Key: testKey, Tokens: token}); !fault.Is(err, fault.Denied) {
		t.Errorf("by an admin of one site: %v", err)
	}
	if err := k.Shop.Setup.ForgetKeys(ctx, ani, "xendit", "tidak ada"); shoptest.CodeOf(err) != "gateway.no_keys" {
		t.Errorf("forgotten without keys: %v", err)
	}
}

func fieldOf(err error) string {
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f.Field
	}
	return ""
}

// The keys of the environment win: nothing in the panel changes them, and what is stored is not used.
func TestTheEnvironmentWins(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) { o.Setup.FromEnvironment = true }))
	if err := save(k, testKey, token); shoptest.CodeOf(err) != "gateway.from_environment" {
		t.Errorf("saved: %v", err)
	}
	if err := k.Shop.Setup.ForgetKeys(ctx, ani, "xendit", "coba"); shoptest.CodeOf(err) != "gateway.from_environment" {
		t.Errorf("forgotten: %v", err)
	}
	k.Must(k.Shop.Setup.Follow(ctx))
	if st, err := k.Shop.Setup.GatewayState(ctx); err != nil || !st.FromEnvironment || st.Connected || st.Stored {
		t.Errorf("%+v %v", st, err)
	}
}

// Another process uses the keys, and stops using them, at its next look.
func TestOtherProcessesFollow(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		here := payments.NewConnection("xendit")
		o := k.Shop.Setup.Options
		o.Connection = here
		other := setup.New(o, nil, nil, nil)
		k.Must(other.Follow(ctx))
		if here.Connected() {
			t.Fatal("connected without keys")
		}
		k.Must(save(k, testKey, token))
		k.Must(other.Follow(ctx))
		first := here.ID()
		if !here.Connected() || here.VerifySender(func(string) string { return token }) != nil {
			t.Fatal("does not follow")
		}
		k.Must(save(k, testKey, "token-webhook-dua"))
		k.Must(other.Follow(ctx))
		if here.ID() == first || here.VerifySender(func(string) string { return token }) == nil {
			t.Error("uses what was replaced")
		}
		k.Must(k.Shop.Setup.ForgetKeys(ctx, ani, "xendit", "ganti akun"))
		k.Must(other.Follow(ctx))
		if here.Connected() || here.VerifySender(func(string) string { return "" }) == nil {
			t.Error("uses what was forgotten")
		}
	})
}

// users counts the users of trials on a router.
func users(k *shoptest.Harness) (n int) {
	for _, row := range k.Routers["pojok"].Rows("ip/hotspot/user") {
		if strings.HasPrefix(row["name"], "uji-") {
			n++
		}
	}
	return n
}

func try(k *shoptest.Harness, nonce string) error {
	_, err := k.Shop.Setup.Try(ctx, setup.TryIn{RouterID: "pojok", PlanID: "sehari", Nonce: nonce, Actor: ani})
	return err
}

// A trial makes a user, sees it and takes it away; the books have nothing of it, and the audit trail
// has both ends. Sent twice it is one.
func TestATrialLeavesNothing(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		nonce := k.NextNonce()
		k.Must(try(k, nonce))
		k.Must(try(k, nonce))
		last, found, err := k.Store.LastTrial(ctx, "pojok")
		if err != nil || !found || !last.OK() || users(k) != 0 {
			t.Fatalf("%+v %v, %d users", last, err, users(k))
		}
		began := 0
		rows, err := k.Store.AuditAfter(ctx, 0, 1000)
		k.Must(err)
		for _, r := range rows {
			if r.Action == "trial.begin" || r.Action == "trial.end" {
				began++
			}
		}
		if began != 2 {
			t.Errorf("%d audit rows of one trial", began)
		}
		day := report.DayOf(k.Clock.Now(), k.Shop.Zone)
		for _, test := range []bool{false, true} {
			books, err := k.Shop.Reports.Books(ctx, report.Filter{From: day, To: day, Test: test})
			if err != nil || len(books.Cells)+len(books.Flows) != 0 {
				t.Errorf("in the books: %+v %v", books, err)
			}
		}
		if _, sold, err := k.Store.FirstSale(ctx); sold || err != nil {
			t.Error("counts as a sale", err)
		}
		k.RunAll()
		for name, in := range map[string]setup.TryIn{
			"no nonce":           {RouterID: "pojok", PlanID: "sehari", Actor: ani},
			"no router":          {RouterID: "x", PlanID: "sehari", Nonce: k.NextNonce(), Actor: ani},
			"another site's":     {RouterID: "pojok", PlanID: "bulanan", Nonce: k.NextNonce(), Actor: ani},
			"no plan":            {RouterID: "pojok", PlanID: "'; --", Nonce: k.NextNonce(), Actor: ani},
			"not of the account": {RouterID: "pojok", PlanID: "sehari", Nonce: k.NextNonce(), Actor: actor.Staff("s2", "budi", []string{"kos"})},
		} {
			if _, err := k.Shop.Setup.Try(ctx, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A router that goes away in the middle of a trial loses the user once it is back.
func TestATrialThatIsCutOffIsCleanedUp(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
		if err := try(k, k.NextNonce()); !fault.MayPass(err) {
			t.Fatalf("%v", err)
		}
		if last, _, err := k.Store.LastTrial(ctx, "pojok"); err != nil || last.OK() || last.Failure == "" || !last.RemovedAt.IsZero() {
			t.Fatalf("%+v %v", last, err)
		}
		k.Routers["pojok"].SetFaults(routerossim.Faults{})
		k.Clock.Add(2 * time.Minute)
		k.RunAll()
		if last, _, err := k.Store.LastTrial(ctx, "pojok"); err != nil || last.OK() || last.RemovedAt.IsZero() || users(k) != 0 {
			t.Errorf("%+v %v, %d users", last, err, users(k))
		}
		k.Must(try(k, k.NextNonce()))
	})
}
