package xendit

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/payments"
)

// transaction is a line of the statement as far as we read it.
type transaction struct {
	ID         string     `json:"id"`
	ProductID  string     `json:"product_id"`
	Type       string     `json:"type"`
	Status     string     `json:"status"`
	Category   string     `json:"channel_category"`
	Channel    string     `json:"channel_code"`
	Reference  string     `json:"reference_id"`
	Currency   string     `json:"currency"`
	Amount     amount     `json:"amount"`
	Cashflow   string     `json:"cashflow"`
	Settlement string     `json:"settlement_status"`
	SettlesAt  *time.Time `json:"estimated_settlement_time"`
	Created    time.Time  `json:"created"`
	Updated    time.Time  `json:"updated"`
	Fee        struct {
		Xendit     amount `json:"xendit_fee"`
		Tax        amount `json:"value_added_tax"`
		ThirdParty amount `json:"third_party_withholding_tax"`
		Status     string `json:"status"`
	} `json:"fee"`
	Product *struct {
		RequestID string `json:"payment_request_id"`
	} `json:"product_data"` // only for some products
}

type transactionList struct {
	HasMore bool          `json:"has_more"`
	Data    []transaction `json:"data"`
}

var transactionTypes = map[string]payments.TransactionType{
	"PAYMENT": payments.PaymentTransaction, "IN_PERSON_PAYMENT": payments.PaymentTransaction,
	"REFUND": payments.RefundTransaction, "CHARGEBACK": payments.ChargebackTransaction,
}

var transactionStatuses = map[string]payments.TransactionStatus{
	"PENDING": payments.TransactionPending, "SUCCESS": payments.TransactionDone, "FAILED": payments.TransactionFailed,
	"VOIDED": payments.TransactionFailed, "REVERSED": payments.TransactionFailed,
}

// transaction turns a line into the port's words.
func (x transaction) transaction() (payments.Transaction, error) {
	total, err1 := x.Amount.rounded()
	fee, err2 := sumRounded(x.Fee.Xendit, x.Fee.Tax, x.Fee.ThirdParty)
	if err := errors.Join(err1, err2); err != nil || x.ID == "" || x.ID != cut(x.ID) || x.Created.IsZero() {
		return payments.Transaction{}, fmt.Errorf("transaction %q: %w", x.ID, errors.Join(err, errors.New("not readable")))
	}
	t := payments.Transaction{ID: x.ID, Type: payments.OtherTransaction, Word: cut(x.Type), Status: payments.TransactionUnrecognised, ProductID: cut(x.ProductID),
		Reference: cut(x.Reference), Method: x.method(), In: x.Cashflow == "MONEY_IN", Amount: total, Currency: cut(x.Currency), Fee: fee,
		FeeFinal: x.Fee.Status == "COMPLETED" || x.Fee.Status == "NOT_APPLICABLE", CreatedAt: x.Created, UpdatedAt: x.Updated}
	if known, ok := transactionTypes[x.Type]; ok {
		t.Type = known
	}
	if known, ok := transactionStatuses[x.Status]; ok {
		t.Status = known
	}
	if t.Amount < 0 { // money out may come with a sign
		t.Amount = -t.Amount
	}
	if x.Cashflow == "" {
		t.In = t.Type == payments.PaymentTransaction
	}
	if x.Product != nil {
		t.ChargeID = cut(x.Product.RequestID)
	}
	if x.SettlesAt != nil {
		t.SettlesAt = *x.SettlesAt
	}
	switch x.Settlement {
	case "PENDING":
		t.Settled = payments.SettlementPending
	case "SETTLED":
		t.Settled = payments.SettlementDone
	case "EARLY_SETTLED": // before the time that was estimated: the line was changed by it
		t.Settled, t.SettlesAt = payments.SettlementDone, x.Updated
	}
	return t, nil
}

func (x transaction) method() payments.Method {
	switch {
	case x.Category == "QR_CODE":
		return payments.QRIS
	case x.Category == "VIRTUAL_ACCOUNT" && x.Channel != "":
		return payments.VA(cut(strings.TrimSuffix(x.Channel, "_VIRTUAL_ACCOUNT")))
	}
	return ""
}

// longestAmount is far more than any amount needs.
const longestAmount = 30

// rounded reads an amount that may have a fraction, as fees and foreign money do, to
// the nearest whole unit.
func (a amount) rounded() (money.Rupiah, error) {
	if a == "" {
		return 0, errors.New("no amount")
	}
	return sumRounded(a)
}

// sumRounded adds amounts up exactly and rounds the sum, half a unit away from zero; what
// is not there is nothing.
func sumRounded(parts ...amount) (money.Rupiah, error) {
	sum := new(big.Rat)
	for _, a := range parts {
		if a == "" {
			continue
		}
		if len(a) > longestAmount || strings.Trim(string(a), "-0123456789.") != "" {
			return 0, fmt.Errorf("amount %q", a[:min(len(a), longestAmount)])
		}
		x, ok := new(big.Rat).SetString(string(a))
		if !ok {
			return 0, fmt.Errorf("amount %q", a)
		}
		sum.Add(sum, x)
	}
	half := big.NewRat(1, 2)
	if sum.Sign() < 0 {
		half.Neg(half)
	}
	sum.Add(sum, half)
	whole := new(big.Int).Quo(sum.Num(), sum.Denom())
	if !whole.IsInt64() {
		return 0, errors.New("amount is out of range")
	}
	return money.Rupiah(whole.Int64()), nil
}
