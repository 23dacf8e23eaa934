package order

import (
	"strconv"
	"strings"
	"time"

	"gerai/internal/money"
)

// longestTerms bounds what ParseTerms reads, in bytes; what Terms writes is
// shorter.
const longestTerms = 160

// Terms writes down what a customer agrees to when they order the item: its
// price, less a discount, and what is given for it. A form carries the terms that it showed, so
// that an order is placed only for the price and the terms on the screen.
// Where the voucher comes from and what its profile is called are no terms.
func (i Item) Terms() string {
	late := "0"
	if i.SitePolicies.RefundLate {
		late = "1"
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return strings.Join([]string{number(int64(i.Due())), number(seconds(i.Validity)), string(i.ValidFrom), number(seconds(i.UptimeLimit)), number(i.DataLimit),
		i.RateLimit, strconv.Itoa(i.SharedUsers), number(seconds(i.SitePolicies.ActivationDelay)), late}, "|")
}

// ParseTerms reads what Terms wrote. ok is false for anything else.
func ParseTerms(s string) (i Item, ok bool) {
	part := strings.Split(s, "|")
	if len(s) > longestTerms || len(part) != 9 {
		return Item{}, false
	}
	numbers := map[int]int64{}
	for _, at := range []int{0, 1, 3, 4, 6, 7} {
		n, err := strconv.ParseInt(part[at], 10, 64)
		if err != nil {
			return Item{}, false
		}
		numbers[at] = n
	}
	i = Item{Price: money.Rupiah(numbers[0]), Validity: time.Duration(numbers[1]) * time.Second, ValidFrom: ValidFrom(part[2]),
		UptimeLimit: time.Duration(numbers[3]) * time.Second, DataLimit: numbers[4], RateLimit: part[5], SharedUsers: int(numbers[6]),
		SitePolicies: Policies{ActivationDelay: time.Duration(numbers[7]) * time.Second, RefundLate: part[8] == "1"}}
	if i.ValidFrom != FromPurchase && i.ValidFrom != FromFirstLogin || i.Terms() != s {
		return Item{}, false
	}
	return i, true
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
