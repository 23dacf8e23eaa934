package orders_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

func TestClaim(t *testing.T) {
	k := shoptest.New(t)
	o := k.BuyOne()
	claim := k.ClaimCode(o)
	token, err := k.Shop.Orders.Claim(ctx, o.Code.Pretty(), claim, "198.51.100.1")
	if err != nil || token != o.Token {
		t.Fatal(token, err)
	}
	// A picture that an older program showed.
	old := order.ClaimCode(k.Keys.MACs("claim", string(o.ID))[0])
	if token, err := k.Shop.Orders.Claim(ctx, string(o.Code), old, "198.51.100.1"); err != nil || token != o.Token || old == claim {
		t.Fatal("the claim code of an older program:", token, err)
	}
	wrong := "222222"
	if wrong == claim {
		wrong = "333333"
	}
	_, errWrong := k.Shop.Orders.Claim(ctx, string(o.Code), wrong, "198.51.100.2")
	_, errUnknown := k.Shop.Orders.Claim(ctx, "ZZZZZZZZ", claim, "198.51.100.3")
	if errWrong == nil || errUnknown == nil || errWrong.Error() != errUnknown.Error() {
		t.Fatalf("%v and %v differ", errWrong, errUnknown)
	}
	var limited *fault.Error
	for range 10 {
		_, err = k.Shop.Orders.Claim(ctx, string(o.Code), wrong, "198.51.100.4")
		if errors.As(err, &limited) && limited.Kind == fault.Limited {
			break
		}
	}
	if limited == nil || limited.Kind != fault.Limited {
		t.Fatal("guessing is not limited")
	}
	k.Clock.Add(20 * time.Minute)
	if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), claim, "198.51.100.4"); err != nil {
		t.Fatal("the owner is locked out:", err)
	}
}

// TestA51ClaimGuessing: five guesses in a quarter of an hour per order and
// network, thirty an hour per network. Guesses from elsewhere never keep the
// right code out.
func TestA51ClaimGuessing(t *testing.T) {
	guess := func(t *testing.T, k *shoptest.Harness, o order.Order, client, want string) {
		t.Helper()
		if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), "222222", client); fault.CodeOf(err) != want {
			t.Fatalf("%s: %v, want %s", client, err, want)
		}
	}
	opens := func(t *testing.T, k *shoptest.Harness, o order.Order, client string) {
		t.Helper()
		if token, err := k.Shop.Orders.Claim(ctx, string(o.Code), k.ClaimCode(o), client); err != nil || token != o.Token {
			t.Errorf("the right code from %s: %v", client, err)
		}
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "a neighbour's wrong codes lock the neighbour", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			for range 5 {
				guess(t, k, o, "203.0.113.1", "claim.no_match")
			}
			guess(t, k, o, "203.0.113.1", "limit.claim")
			if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), k.ClaimCode(o), "203.0.113.1"); fault.CodeOf(err) != "limit.claim" {
				t.Errorf("the right code is no way around the limit: %v", err)
			}
			for range 40 { // right codes cost nothing
				opens(t, k, o, "203.0.113.99")
			}
			k.Clock.Add(15*time.Minute + time.Second)
			opens(t, k, o, "203.0.113.1")
		}},
		{Name: "one order from many networks", Test: func(t *testing.T, k *shoptest.Harness) {
			o, tried := k.BuyOne(), 0
			for i := range 200 {
				for range 5 {
					_, err := k.Shop.Orders.Claim(ctx, string(o.Code), "222222", fmt.Sprintf("203.0.%d.%d", i/100, i%100))
					if fault.CodeOf(err) == "claim.no_match" {
						tried++
					}
				}
			}
			// Twenty together, then one for each network that had none.
			if tried < 200 || tried > 20+200 {
				t.Errorf("%d guesses", tried)
			}
			opens(t, k, o, "198.51.100.7")
			opens(t, k, o, "198.51.100.7")
		}},
		{Name: "many orders from one network", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			for i := range 30 {
				code := "2222222" + string(order.Symbols[i])
				if _, err := k.Shop.Orders.Claim(ctx, code, "222222", "203.0.113.7"); fault.CodeOf(err) != "claim.no_match" {
					t.Fatalf("%d: %v", i, err)
				}
			}
			if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), k.ClaimCode(o), "203.0.113.7"); fault.CodeOf(err) != "limit.claim" {
				t.Errorf("a thirty-first: %v", err)
			}
		}},
	})
}
