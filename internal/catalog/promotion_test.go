package catalog

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

func TestPriceOf(t *testing.T) {
	for _, c := range []struct {
		how     DiscountKind
		value   int64
		price   money.Rupiah
		want    money.Rupiah
		cheaper bool
	}{
		{AmountOff, 1500, 5000, 3500, true}, {AmountOff, 4500, 5000, LeastPrice, true}, {AmountOff, 9000, 5000, LeastPrice, true}, {AmountOff, 1, 1000, 1000, false}, {AmountOff, 1, 500, 500, false},
		{PercentOff, 10, 5000, 4500, true}, {PercentOff, 33, 5001, 3351, true}, {PercentOff, 99, 5000, LeastPrice, true}, {PercentOff, 1, 1050, 1040, true}, {PercentOff, 1, 99, 99, false},
		{FixedPrice, 4000, 5000, 4000, true}, {FixedPrice, 5000, 5000, 5000, false}, {FixedPrice, 6000, 5000, 5000, false},
		{Trial, 0, 5000, 0, true}, {EveryNth, 10, 500, 0, true}, {"", 0, 5000, 5000, false},
	} {
		p := Promotion{DiscountKind: c.how, Value: c.value}
		if got, cheaper := p.PriceOf(c.price); got != c.want || cheaper != c.cheaper {
			t.Errorf("%s %d of %s: %s %v", c.how, c.value, c.price, got, cheaper)
		}
	}
}

func drawPromotion(t *rapid.T) Promotion {
	p := Promotion{ID: rapid.StringMatching(`[A-D]`).Draw(t, "id"), Name: "Promo", DiscountKind: rapid.SampledFrom(DiscountKinds).Draw(t, "how"), Value: rapid.Int64Range(0, 3000).Draw(t, "value"),
		Weekdays: Weekdays(rapid.IntRange(0, 127).Draw(t, "weekdays")), Hours: Hours{rapid.IntRange(0, dayMinutes-1).Draw(t, "from"), rapid.IntRange(0, dayMinutes-1).Draw(t, "until")}}
	if rapid.Bool().Draw(t, "ends") {
		p.Until = monday.Add(time.Duration(rapid.IntRange(-100, 10_000).Draw(t, "end")) * time.Second)
	}
	if rapid.Bool().Draw(t, "begins") {
		p.From = monday.Add(time.Duration(rapid.IntRange(-100, 10_000).Draw(t, "begin")) * time.Second)
	}
	p.Code = rapid.SampledFrom([]string{"", "", "HEMAT", "LAIN"}).Draw(t, "code")
	return p
}

// No promotion makes a plan dearer or cheaper than what gateways take, unless it is free.
func TestNoPromotionIsASurcharge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, price := drawPromotion(t), money.Rupiah(rapid.Int64Range(1, int64(money.Max)).Draw(t, "price"))
		p.Value = rapid.Int64Range(-5, int64(money.Max)*2).Draw(t, "any value")
		if p.DiscountKind == PercentOff {
			p.Value %= 100
		}
		now, cheaper := p.PriceOf(price)
		if now > price || cheaper != (now < price) || now < min(price, LeastPrice) && !p.DiscountKind.Free() {
			t.Fatalf("%s %d of %s: %s", p.DiscountKind, p.Value, price, now)
		}
		item, on := p.On(Plan{ID: "x", Price: price}.Item(Site{}))
		if on != cheaper || item.Due() != now || item.Price != price || on != (item.Promotion.ID != "") {
			t.Fatalf("%+v", item)
		}
	})
}

var (
	wib    = time.FixedZone("WIB", 7*3600)
	monday = time.Date(2026, 11, 30, 0, 0, 0, 0, wib)
)

func at(day, hour, minute int) time.Time {
	return monday.Add(time.Duration(day*24*60+hour*60+minute) * time.Minute)
}

func TestAtHour(t *testing.T) {
	weekend := WeekdaysOf(time.Saturday, time.Sunday)
	for _, c := range []struct {
		name string
		days Weekdays
		h    Hours
		at   time.Time
		want bool
	}{
		{"always", 0, Hours{}, at(0, 0, 0), true},
		{"weekend on Saturday's first minute", weekend, Hours{}, at(5, 0, 0), true},
		{"weekend on Friday's last minute", weekend, Hours{}, at(4, 23, 59), false},
		{"weekend on Monday", weekend, Hours{}, at(7, 0, 0), false},
		{"from its first minute", 0, Hours{8 * 60, 10 * 60}, at(0, 8, 0), true},
		{"until its end", 0, Hours{8 * 60, 10 * 60}, at(0, 10, 0), false},
		{"before midnight", 0, Hours{22 * 60, 2 * 60}, at(0, 23, 0), true},
		{"after midnight", 0, Hours{22 * 60, 2 * 60}, at(1, 1, 59), true},
		{"at noon", 0, Hours{22 * 60, 2 * 60}, at(1, 12, 0), false},
		{"Sunday night goes on into Monday", WeekdaysOf(time.Sunday), Hours{22 * 60, 2 * 60}, at(7, 1, 0), true},
		{"Sunday night is not Sunday morning", WeekdaysOf(time.Sunday), Hours{22 * 60, 2 * 60}, at(6, 1, 0), false},
	} {
		p := Promotion{Weekdays: c.days, Hours: c.h}
		if got := p.AtHour(c.at.UTC(), wib); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Between now and the next change a promotion stays as it is, and at the change it differs.
func TestChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPromotion(t)
		zone := rapid.SampledFrom([]*time.Location{wib, time.UTC, time.FixedZone("NPT", 5*3600+45*60)}).Draw(t, "zone")
		now := monday.Add(time.Duration(rapid.IntRange(0, 8*24*3600).Draw(t, "now")) * time.Second)
		const span = 3 * time.Hour
		holds := func(t time.Time) bool { return p.State(t) == PromotionRunning && p.AtHour(t, zone) }
		next := p.Changes(now, span, zone)
		end := next
		if next.IsZero() {
			end = now.Add(span)
		}
		for at := now; at.Before(end); at = at.Add(20 * time.Second) {
			if holds(at) != holds(now) {
				t.Fatalf("changed at %s, before %s", at, next)
			}
		}
		if !next.IsZero() && (!next.After(now) || next.After(now.Add(span))) {
			t.Fatalf("%s is not within the span after %s", next, now)
		}
	})
}

func buy(price money.Rupiah) Purchase {
	return Purchase{Site: Site{ID: "s"}, Plan: Plan{ID: "p", SiteID: "s", Price: price}, Method: payments.QRIS, At: at(0, 12, 0), Zone: wib}
}

func TestMayUse(t *testing.T) {
	off := func(change func(*Promotion)) Promotion {
		p := Promotion{ID: "x", DiscountKind: AmountOff, Value: 1000}
		change(&p)
		return p
	}
	for _, c := range []struct {
		name string
		p    Promotion
		want error
	}{
		{"holds", off(func(*Promotion) {}), nil},
		{"ended by staff", off(func(p *Promotion) { p.EndedAt = at(0, 1, 0) }), ErrPromotionEnded},
		{"its last moment", off(func(p *Promotion) { p.Until = at(0, 12, 0).Add(time.Millisecond) }), nil},
		{"over", off(func(p *Promotion) { p.Until = at(0, 12, 0) }), ErrPromotionEnded},
		{"its first moment", off(func(p *Promotion) { p.From = at(0, 12, 0) }), nil},
		{"planned", off(func(p *Promotion) { p.From = at(0, 12, 1) }), ErrPromotionPlanned},
		{"used up", off(func(p *Promotion) { p.MostUses, p.Used = 2, 2 }), ErrPromotionUsedUp},
		{"one left", off(func(p *Promotion) { p.MostUses, p.Used = 2, 1 }), nil},
		{"another site", off(func(p *Promotion) { p.Sites = []string{"t"} }), ErrPromotionPlan},
		{"another plan", off(func(p *Promotion) { p.Plans = []string{"q"} }), ErrPromotionPlan},
		{"this plan", off(func(p *Promotion) { p.Plans = []string{"q", "p"} }), nil},
		{"other hours", off(func(p *Promotion) { p.Hours = Hours{60, 120} }), ErrPromotionHours},
		{"another method", off(func(p *Promotion) { p.Methods = []payments.Method{"va"} }), ErrPromotionMethod},
		{"no less", off(func(p *Promotion) { p.DiscountKind, p.Value = FixedPrice, 5000 }), ErrPromotionNoLess},
	} {
		if err := c.p.MayUse(buy(5000)); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	again := buy(5000)
	again.Again = true
	if err := (Promotion{DiscountKind: Trial}).MayUse(again); !errors.Is(err, ErrPromotionAgain) {
		t.Error("a trial is given again:", err)
	}
}

func TestMayUseBy(t *testing.T) {
	both := History{Phone: true, Device: true}
	with := func(h History, change func(*History)) History { change(&h); return h }
	for _, c := range []struct {
		name string
		p    Promotion
		h    History
		want error
	}{
		{"asks nothing", Promotion{DiscountKind: AmountOff}, History{}, nil},
		{"first purchase of a number", Promotion{DiscountKind: AmountOff, First: true}, History{Phone: true}, nil},
		{"first purchase of a device", Promotion{DiscountKind: AmountOff, First: true}, History{Device: true}, nil},
		{"first purchase of whom", Promotion{DiscountKind: AmountOff, First: true}, History{}, ErrPromotionWho},
		{"second purchase", Promotion{DiscountKind: AmountOff, First: true}, History{Phone: true, Bought: 1}, ErrPromotionFirst},
		{"first purchase, while another one can be paid", Promotion{DiscountKind: AmountOff, First: true}, History{Phone: true, Used: 1}, ErrPromotionEach},
		{"once each", Promotion{DiscountKind: AmountOff, MostEach: 1}, History{Phone: true, Bought: 9}, nil},
		{"once each, again", Promotion{DiscountKind: AmountOff, MostEach: 1}, History{Phone: true, Used: 1}, ErrPromotionEach},
		{"trial", Promotion{DiscountKind: Trial}, both, nil},
		{"trial without a number", Promotion{DiscountKind: Trial}, History{Device: true}, ErrPromotionTrialWho},
		{"trial of a device that no router lists", Promotion{DiscountKind: Trial}, History{Phone: true}, ErrPromotionTrialWho},
		{"second trial", Promotion{DiscountKind: Trial}, with(both, func(h *History) { h.Used = 1 }), ErrPromotionEach},
		{"third free, bought one", Promotion{DiscountKind: EveryNth, Value: 3}, with(both, func(h *History) { h.Lately = 1 }), ErrPromotionNth},
		{"third free, bought two", Promotion{DiscountKind: EveryNth, Value: 3}, with(both, func(h *History) { h.Lately = 2 }), nil},
		{"third free, had it", Promotion{DiscountKind: EveryNth, Value: 3}, with(both, func(h *History) { h.Lately, h.Used = 3, 1 }), ErrPromotionNth},
		{"sixth free", Promotion{DiscountKind: EveryNth, Value: 3}, with(both, func(h *History) { h.Lately, h.Used = 4, 1 }), nil},
		{"free for a number alone", Promotion{DiscountKind: EveryNth, Value: 3}, History{Phone: true, Lately: 9}, ErrPromotionWho},
	} {
		if err := c.p.MayUseBy(c.h); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// At most one promotion applies: the lowest price, the same one in whatever order they are
// looked at.
func TestTheBestPromotionApplies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Promotion
		for i := range rapid.IntRange(0, 6).Draw(t, "promotions") {
			p := drawPromotion(t)
			p.ID += string(rune('0' + i))
			all = append(all, p)
		}
		b := buy(money.Rupiah(rapid.Int64Range(1, 6000).Draw(t, "price")))
		b.Code = rapid.SampledFrom([]string{"", "HEMAT"}).Draw(t, "code")
		open := Open(all, b)
		mixed := slices.Clone(all)
		slices.Reverse(mixed)
		for i, p := range Open(mixed, b) {
			if p.ID != open[i].ID {
				t.Fatalf("%s or %s", p.ID, open[i].ID)
			}
		}
		for i, p := range open {
			now, cheaper := p.PriceOf(b.Plan.Price)
			if best, _ := open[0].PriceOf(b.Plan.Price); !cheaper || now < best || p.Code != "" && p.Code != b.Code || p.MayUse(b) != nil {
				t.Fatalf("%d: %+v", i, p)
			}
		}
		shown := Shown(all, b)
		if shown.Due() > b.Plan.Price || shown.Discount > 0 && shown.Promotion.ID == "" {
			t.Fatalf("%+v", shown)
		}
	})
}

func TestValidatePromotion(t *testing.T) {
	plans := []Plan{{ID: "p", SiteID: "s", Price: 5000}, {ID: "q", SiteID: "s", Price: 9000}, {ID: "r", SiteID: "t", Price: 2000}, {ID: "old", SiteID: "s", Price: 1000, Hidden: true}}
	right := Promotion{Name: "Akhir pekan", Code: "HEMAT-5", DiscountKind: AmountOff, Value: 500, Sites: []string{"s"}, Plans: []string{"p"}, Methods: []payments.Method{"va", payments.QRIS},
		From: at(0, 0, 0), Until: at(1, 0, 0), Hours: Hours{60, 30}, MostUses: 3, MostEach: 1}
	if err := right.Validate(plans); err != nil {
		t.Fatal(err)
	}
	for code, change := range map[string]func(*Promotion){
		"promotion.name":          func(p *Promotion) { p.Name = "" },
		"promotion.code":          func(p *Promotion) { p.Code = "hemat" },
		"promotion.cheaper":       func(p *Promotion) { p.DiscountKind = "more" },
		"promotion.value_amount":  func(p *Promotion) { p.Value = 0 },
		"promotion.value_percent": func(p *Promotion) { p.DiscountKind, p.Value = PercentOff, 100 },
		"promotion.value_price":   func(p *Promotion) { p.DiscountKind, p.Value = FixedPrice, 999 },
		"promotion.value_nth":     func(p *Promotion) { p.DiscountKind, p.Value, p.Methods = EveryNth, 1, nil },
		"promotion.value_trial":   func(p *Promotion) { p.DiscountKind, p.Value, p.Methods = Trial, 1, nil },
		"promotion.surcharge":     func(p *Promotion) { p.DiscountKind, p.Value = FixedPrice, 5000 },
		"promotion.plans":         func(p *Promotion) { p.Plans = []string{"r"} },
		"promotion.trial_plans":   func(p *Promotion) { p.DiscountKind, p.Value, p.Plans, p.Methods = Trial, 0, nil, nil },
		"promotion.methods":       func(p *Promotion) { p.Methods = []payments.Method{"cash"} },
		"promotion.until":         func(p *Promotion) { p.Until = p.From },
		"promotion.weekdays":      func(p *Promotion) { p.Weekdays = 200 },
		"promotion.hours_form":    func(p *Promotion) { p.Hours.Until = 1440 },
		"promotion.count":         func(p *Promotion) { p.MostUses = -1 },
	} {
		p := right
		change(&p)
		if err := p.Validate(plans); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestParsePromotionCode(t *testing.T) {
	for typed, want := range map[string]string{"hemat": "HEMAT", "  Hemat-20 ": "HEMAT-20", "ab": "", "-ABC": "", "A B C": "", "ABCDEFGHIJKLMNOPQRSTU": "", "héma": "", "": ""} {
		if got, ok := ParsePromotionCode(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
}
