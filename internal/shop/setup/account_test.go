package setup_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/setup"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

const otherKey = "xnd_development_akun-lain"

// stranger is an account that knows nothing of what another one made.
type stranger struct{ payments.Account }

func (stranger) Get(context.Context, string) (payments.Charge, error) {
	return payments.Charge{}, fault.New(fault.NotFound, "gateway.not_found")
}

// twoAccounts has one key open an account of its own.
func twoAccounts(o *shop.Options) {
	connect := o.Setup.Connect
	o.Setup.Connect = func(key string, tokens []string) (payments.Account, error) {
		a, err := connect(key, tokens)
		if key == otherKey {
			a = stranger{a}
		}
		return a, err
	}
}

// Keys of an account that does not know what is open at the gateway are refused, with how much
// that is; another key of the same account is kept, and any where nothing is open.
func TestKeysOfAnotherAccount(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.UsePanelKeys()
		refused := func(when, open string) {
			t.Helper()
			err := save(k, otherKey, token)
			if f := (*fault.Error)(nil); shoptest.CodeOf(err) != "gateway.other_account" || fieldOf(err) != "key" || !errors.As(err, &f) || f.Subject != open {
				t.Errorf("%s: %v", when, err)
			}
			if kept, _, err := k.Store.GatewayKeys(ctx, "xendit"); err != nil || kept.Key == otherKey {
				t.Errorf("%s: kept all the same", when)
			}
		}
		k.Must(save(k, testKey, token))
		k.Must(save(k, otherKey, token)) // nothing is open
		k.Must(save(k, testKey, token))
		o := k.Buy("sehari", "qris")
		refused("an unpaid order", "1 + 0")
		k.Must(save(k, testKey+"-dua", token)) // the same account
		k.Pay(o)
		k.RunAll()
		k.Want(o, order.Activated)
		k.Must(save(k, otherKey, token))
		k.Must(save(k, testKey, token))
		f := k.RequestRefund(o, k.Staff("siti"), 2000)
		k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
		refused("an approved refund", "0 + 1")
		if orders, refunds, err := k.Shop.Setup.OpenAtGateway(ctx); err != nil || orders != 0 || refunds != 1 {
			t.Error(orders, refunds, err)
		}
	}, shoptest.With(twoAccounts))
}

// Keys in the place of kept ones are confirmed as taking them away is; the first ones are not.
func TestAChangeOfKeysIsConfirmed(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.Must(k.Shop.Setup.SaveKeys(ctx, ani, setup.KeysForm{Key: testKey, Tokens: token}))
		k.Must(k.Shop.Setup.SaveKeys(ctx, ani, setup.KeysForm{Key: testKey, Tokens: token})) // the same form once more
		for field, f := range map[string]setup.KeysForm{
			"reason": {Key: otherKey, Tokens: token, Typed: "xendit"},
			"typed":  {Key: testKey, Tokens: "token-webhook-dua", Typed: "xendi", Reason: "ganti kunci"},
		} {
			if err := k.Shop.Setup.SaveKeys(ctx, ani, f); fieldOf(err) != field {
				t.Errorf("without %s: %v", field, err)
			}
		}
		k.Must(save(k, otherKey, token))
		rows, err := k.Store.AuditAfter(ctx, 0, 1000)
		k.Must(err)
		if last := rows[len(rows)-1]; last.Action != "gateway.keys" || !strings.Contains(last.Detail, "ganti kunci") {
			t.Errorf("%+v", last)
		}
	})
}

// A live key travels to no address that others can read.
func TestALiveKeyNeedsAnEncryptedGateway(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) {
		o.BaseURL, o.Setup.GatewayURL = "https://toko.example", "http://127.0.0.1:9000"
	}))
	if err := save(k, "xnd_production_rahasia", token); shoptest.CodeOf(err) != "gateway.live_url" || fieldOf(err) != "key" {
		t.Errorf("typed: %v", err)
	}
	k.Must(save(k, testKey, token)) // a simulator
	k.Must(k.Store.InTx(ctx, ani, func(tx *store.Tx) error {
		return tx.PutGatewayKeys(ctx, store.GatewayKeys{Gateway: "xendit", Key: "xnd_production_rahasia", Tokens: []string{token}, Live: true})
	}))
	o := k.Shop.Setup.Options
	o.Connection = payments.NewConnection("xendit")
	if err := setup.New(o, nil, nil, nil).Follow(ctx); shoptest.CodeOf(err) != "gateway.live_url" || o.Connection.Connected() {
		t.Errorf("kept before: %v", err)
	}
}

// A process that cannot use the kept keys sells in their mode, and without any kept for real money.
func TestAProcessThatCannotUseTheKeys(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.Must(save(k, testKey, token))
		o := k.Shop.Setup.Options
		here := payments.NewConnection("xendit")
		o.Connection = here
		o.Connect = func(string, []string) (payments.Account, error) {
			return nil, fault.New(fault.Config, "gateway.config")
		}
		other := setup.New(o, nil, nil, nil)
		if err := other.Follow(ctx); err == nil || here.Connected() || here.Live() {
			t.Errorf("test keys: connected %v, live %v, %v", here.Connected(), here.Live(), err)
		}
		k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			return tx.PutGatewayKeys(ctx, store.GatewayKeys{Gateway: "xendit", Key: "xnd_production_rahasia", Tokens: []string{token}, Live: true})
		}))
		if err := other.Follow(ctx); err == nil || !here.Live() {
			t.Errorf("live keys: live %v, %v", here.Live(), err)
		}
		k.Must(k.Shop.Setup.ForgetKeys(ctx, ani, "xendit", "ganti akun"))
		k.Must(other.Follow(ctx))
		if !here.Live() {
			t.Error("without keys the counter sells no real money")
		}
	})
}
