package report

import (
	"cmp"
	"slices"

	"gerai/internal/money"
)

// Sum is the money of some cells, in rupiah.
type Sum struct {
	Sold      int64        // orders paid in full
	Sales     money.Rupiah // their prices
	Paid      int64        // payments
	In        money.Rupiah // what they brought
	Backs     int64        // refunds
	Back      money.Rupiah // what they took
	Fees      money.Rupiah
	Discounts int64        // orders that a promotion made cheaper or free
	Discount  money.Rupiah // what it took off
	Handed    int64        // vouchers
	Worth     money.Rupiah // their prices
	values    int64        // cells
}

// Gross is what was sold at the prices of the plans, before any discount.
func (s Sum) Gross() money.Rupiah { return s.Sales + s.Discount }

// Average is the mean price of a sold order, rounded down; 0 without any.
func (s Sum) Average() money.Rupiah {
	if s.Sold == 0 {
		return 0
	}
	return s.Sales / money.Rupiah(s.Sold)
}

// Net is what stays: payments less refunds and fees. The gateway keeps its fee
// on what is given back.
func (s Sum) Net() money.Rupiah { return s.In - s.Back - s.Fees }

// Beside is money that came beside prices paid in full: halves, doubles and
// too much. It is negative when a payment of the day before completed an order.
func (s Sum) Beside() money.Rupiah { return s.In - s.Sales }

// Empty reports whether nothing was counted.
func (s Sum) Empty() bool { return s.values == 0 }

func (s *Sum) add(c Cell, fees Fees) {
	s.values++
	switch c.Kind {
	case Sold:
		s.Sold += c.N
		s.Sales += c.Total()
	case In:
		s.Paid += c.N
		s.In += c.Total()
		s.Fees += fees.Of(c.Method, c.Amount) * money.Rupiah(c.N)
	case Back:
		s.Backs += c.N
		s.Back += c.Total()
	case Discount:
		s.Discounts += c.N
		s.Discount += c.Total()
	case Handed:
		s.Handed += c.N
		s.Worth += c.Total()
	}
}

// Line is one row of a table: what it is about and its money.
type Line struct {
	Key string
	Sum
}

// Total adds everything up.
func Total(cells []Cell, fees Fees) Sum {
	var s Sum
	for _, c := range cells {
		s.add(c, fees)
	}
	return s
}

// By adds up by any key, the largest sales first.
func By(cells []Cell, fees Fees, key func(Cell) string) []Line {
	sums := map[string]*Sum{}
	for _, c := range cells {
		k := key(c)
		if sums[k] == nil {
			sums[k] = &Sum{}
		}
		sums[k].add(c, fees)
	}
	out := make([]Line, 0, len(sums))
	for k, s := range sums {
		out = append(out, Line{k, *s})
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(cmp.Compare(b.Sales, a.Sales), cmp.Compare(b.In, a.In), cmp.Compare(b.Discount, a.Discount), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// Trend adds up by period from the first day to the last, also where nothing
// was sold; keys are the first days of periods.
func Trend(cells []Cell, fees Fees, from, to Day, p Period) []Line {
	sums := map[string]Sum{}
	for _, l := range By(cells, fees, func(c Cell) string { return string(p.Of(c.Day)) }) {
		sums[l.Key] = l.Sum
	}
	var out []Line
	for d := p.Of(from); d <= to; d = p.Next(d) {
		out = append(out, Line{string(d), sums[string(d)]})
	}
	return out
}
