package counter

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

func TestTake(t *testing.T) {
	for name, c := range map[string]struct {
		in     Tender
		code   string
		field  string
		change money.Rupiah
	}{
		"exact":                  {in: Tender{Method: payments.Cash, Due: 5000}},
		"with change":            {in: Tender{Method: payments.Cash, Due: 5000, Given: 20000}, change: 15000},
		"too little":             {in: Tender{Method: payments.Cash, Due: 5000, Given: 4999}, code: "counter.given_short", field: "given"},
		"negative":               {in: Tender{Method: payments.Cash, Due: 5000, Given: -1}, code: "counter.given_form", field: "given"},
		"more than there is":     {in: Tender{Method: payments.Cash, Due: 5000, Given: money.Max + 1}, code: "counter.given_form", field: "given"},
		"nothing due":            {in: Tender{Method: payments.Cash}, code: "counter.nothing_due"},
		"transfer":               {in: Tender{Method: payments.Transfer, Due: 5000, Reference: " bca  77 "}},
		"a reference with cash":  {in: Tender{Method: payments.Cash, Due: 5000, Reference: "BCA 77"}, code: "counter.reference_with_cash", field: "reference"},
		"blanks with cash":       {in: Tender{Method: payments.Cash, Due: 5000, Reference: "  "}},
		"cash with transfer":     {in: Tender{Method: payments.Transfer, Due: 5000, Given: 1, Reference: "BCA 77"}, code: "counter.given_with_transfer", field: "given"},
		"dashes for a reference": {in: Tender{Method: payments.Transfer, Due: 5000, Reference: "-----"}, code: "counter.reference_form", field: "reference"},
		"without a reference":    {in: Tender{Method: payments.Transfer, Due: 5000, Reference: "  "}, code: "counter.reference_form", field: "reference"},
		"hostile reference":      {in: Tender{Method: payments.Transfer, Due: 5000, Reference: "abc\x00def"}, code: "counter.reference_form", field: "reference"},
		"endless reference":      {in: Tender{Method: payments.Transfer, Due: 5000, Reference: strings.Repeat("x", 61)}, code: "counter.reference_form", field: "reference"},
		"credit":                 {in: Tender{Method: payments.Credit, Due: 5000}, code: "counter.method", field: "method"},
		"online":                 {in: Tender{Method: payments.QRIS, Due: 5000}, code: "counter.method", field: "method"},
	} {
		got, err := Take(c.in)
		if c.code != "" {
			var f *fault.Error
			if fault.CodeOf(err) != c.code || !asFault(err, &f) || f.Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || got.Amount != c.in.Due || got.Change() != c.change {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func asFault(err error, into **fault.Error) bool {
	f, ok := err.(*fault.Error)
	*into = f
	return ok
}

func TestFacts(t *testing.T) {
	at := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	taken, err := Take(Tender{Method: payments.Transfer, Due: 5000, Reference: " bca  77 "})
	if err != nil {
		t.Fatal(err)
	}
	p := taken.Payment("k1", at)
	if p.Gateway != Name || p.Key != "k1" || p.Reference != "BCA 77" || p.Amount != 5000 || p.Currency != money.Currency || !p.PaidAt.Equal(at) || p.Method != payments.Transfer {
		t.Errorf("%+v", p)
	}
	if c := OnCredit("k2", 700, at); c.Method != payments.Credit || c.Amount != 700 || c.Gateway != Name {
		t.Errorf("%+v", c)
	}
}
