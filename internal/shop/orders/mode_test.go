package orders_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/setup"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/payments"
)

// realMoney is an account as with live keys.
type realMoney struct{ payments.Account }

func (realMoney) Live() bool { return true }

// An order that was placed with test keys gets no charge of real money: not by the background, not
// by another method, and its customer is told to order again.
func TestAnOrderOfTheOtherMode(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		c := k.UsePanelKeys()
		k.Must(k.Shop.Setup.SaveKeys(ctx, k.Staff("ani"), setup.KeysForm{Key: "xnd_development_uji", Tokens: shoptest.Token}))
		test, err := k.Shop.Setup.Connect("xnd_development_uji", []string{shoptest.Token})
		k.Must(err)
		k.Xendit.SetFaults(xenditsim.Faults{Status: 503})
		waits := k.Buy("sehari", "qris")
		if !waits.Test {
			t.Fatal("an order with test keys is about real money")
		}
		k.Xendit.SetFaults(xenditsim.Faults{})
		shown := k.Buy("sehari", "qris")
		c.Use("live", realMoney{test})
		made := k.Creates()
		_, err = k.Shop.Orders.View(ctx, waits.Token)
		k.Must(err)
		k.Clock.Add(5 * time.Second)
		k.RunAll()
		if a, err := k.Store.Attempt(ctx, waits.ID, 1); err != nil || a.State != order.Failed || a.Failure != "gateway.other_mode" || k.Creates() != made {
			t.Errorf("%s %q, %d charges made, %v", a.State, a.Failure, k.Creates()-made, err)
		}
		for _, o := range []order.Order{waits, shown} {
			if v, err := k.Shop.Orders.Fresh(ctx, o.Token); err != nil || len(v.Methods) != 0 {
				t.Errorf("offered: %v %v", v.Methods, err)
			}
			k.WantCode(k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.8"), "gateway.other_mode")
		}
		if v, err := k.Shop.Orders.Fresh(ctx, waits.Token); err != nil || v.Trouble != "gateway.other_mode" {
			t.Errorf("the page says %q %v", v.Trouble, err)
		}
		if all := k.Alerts(); slices.ContainsFunc(all, func(s string) bool { return len(s) >= 15 && s[:15] == "gateway_refuses" }) {
			t.Error("says that the gateway refuses", all)
		}
		if o := k.Buy("sehari", "qris"); o.Test {
			t.Error("an order with live keys is a test")
		}
		if k.Creates() != made+1 {
			t.Errorf("%d charges of the new order", k.Creates()-made)
		}
	}, shoptest.With(func(o *shop.Options) { o.Live = o.Setup.Connection.Live }))
}

// counting is an account that counts the charges it is asked for.
type counting struct {
	payments.Account
	asked int
}

func (s *counting) Create(context.Context, payments.CreateIn) (payments.Charge, error) {
	s.asked++
	return payments.Charge{}, errors.New("was asked")
}

// The account that makes a charge is the one whose mode was compared.
func TestTheModeIsThatOfTheAccountAsked(t *testing.T) {
	k := shoptest.New(t)
	test, err := k.Shop.Setup.Connect("xnd_development_uji", []string{shoptest.Token})
	k.Must(err)
	here, account := payments.NewConnection("xendit"), &counting{Account: test}
	here.Use("test", account)
	if _, err := here.Create(ctx, payments.CreateIn{}); !errors.Is(err, payments.ErrOtherMode) || !fault.Is(err, fault.Refused) || account.asked != 0 {
		t.Errorf("real money at an account of tests: asked %d times, %v", account.asked, err)
	}
	if _, err := here.Create(ctx, payments.CreateIn{Test: true}); errors.Is(err, payments.ErrOtherMode) || account.asked != 1 {
		t.Errorf("a test: asked %d times, %v", account.asked, err)
	}
}
