package order

import (
	"time"

	"gerai/internal/money"
	"gerai/payments"
)

// ID identifies an order inside the database; it sorts by creation.
type ID string

// Code names an order among people: eight symbols without look-alikes.
type Code string

// Token opens the order page: knowing the link is the access right.
type Token string

// Item is the snapshot of a plan at the moment of ordering: later edits of the
// plan change nothing about what was sold.
type Item struct {
	PlanID       string
	Name         string
	Price        money.Rupiah  // the plan's; Due is what is paid
	Validity     time.Duration // how long the voucher lives, 0 for ever
	ValidFrom    ValidFrom
	UptimeLimit  time.Duration // online time, 0 for unlimited
	DataLimit    int64         // bytes up and down together, 0 for unlimited
	RateLimit    string        // RouterOS notation upload/download
	SharedUsers  int           // devices at once
	Profile      string        // RouterOS user profile
	Delivery     Delivery
	SitePolicies Policies
	Discount     money.Rupiah `json:",omitempty"` // taken off Price by Promotion
	Promotion    Promotion    `json:",omitzero"`
	// Allowance is what staff took off at the counter beside that, and why.
	Allowance       money.Rupiah `json:",omitempty"`
	AllowanceReason string       `json:",omitempty"`
}

// Delivery says where the voucher of an order comes from.
type Delivery string

const (
	// Fresh: a user is made on the router for each order.
	Fresh Delivery = ""
	// FromStock: a voucher that lies ready, a fresh one where there is none.
	FromStock Delivery = "stock"
	// OnlyStock: a voucher that lies ready; an order without one waits for a
	// person or for more of them.
	OnlyStock Delivery = "stock_only"
)

// Stocked reports whether a voucher that lies ready is tried first.
func (d Delivery) Stocked() bool { return d == FromStock || d == OnlyStock }

// ValidFrom says what starts a voucher's validity.
type ValidFrom string

const (
	// FromPurchase: the clock starts when the voucher is activated.
	FromPurchase ValidFrom = "purchase"
	// FromFirstLogin: the clock starts when the first device logs in.
	FromFirstLogin ValidFrom = "first_login"
)

// Policies are the site's rules at the moment of ordering.
type Policies struct {
	ActivationDelay time.Duration // wait between payment and activation
	RefundLate      bool          // late money is refunded instead of activated
}

// Hints are what the hotspot's login page passed along. They come from the
// customer's browser: never believe them without asking the router.
type Hints struct {
	MAC        string
	IP         string
	LoginURL   string // link-login-only
	OrigURL    string // link-orig
	ServerName string
}

// Order is one customer's purchase of one plan at one site.
type Order struct {
	ID       ID
	Code     Code
	Token    Token
	SiteID   string
	Lang     string // "id" or "en"
	Phone    string // +62…, may be empty
	Item     Item
	Total    money.Rupiah
	Username string // chosen at ordering, shown once activated
	Password string
	Hints    Hints
	RouterID string // the router that holds, or may hold, the user; may be empty
	// RouterTouched is set once a command that may have been executed was sent
	// to RouterID: from then on no other router is tried.
	RouterTouched bool
	Nonce         string // one per shown form; a repeated form finds its order. Not read back
	// Client is a keyed digest of the network address that asked for the current
	// attempt, "" once nothing can be paid any more.
	Client string
	// Extends is the order whose voucher this one lengthens, "" for a voucher
	// of its own.
	Extends   ID
	AttemptNo int // the current payment attempt; orders of the counter have none until they are paid online
	Test      bool
	// Channel says how it was paid for, SellerID which account took the money at the
	// counter, "" for none.
	Channel  Channel
	SellerID string

	Status    Status
	Flags     []Flag
	Attention Reason

	CreatedAt   time.Time
	ExpiresAt   time.Time // the customer should pay before
	ExpiredAt   time.Time // zero until closed for lack of payment
	CancelledAt time.Time
	ForcedAt    time.Time // staff had it activated against the rules
	ClosedAt    time.Time // all its money went back
	PaidAt      time.Time // zero until paid in full
	ActivateAt  time.Time // zero until paid; PaidAt plus the site's delay
	ActivatedAt time.Time
	ValidUntil  time.Time // zero while unknown or for ever
	ProblemAt   time.Time
	Problem     Reason
	CheckedAt   time.Time // last gateway read
	Version     int64
}

// Channel is where an order was paid.
type Channel string

const (
	// Online: through the gateway. Unpaid orders count here too.
	Online Channel = "online"
	// OverCounter: with cash.
	OverCounter Channel = "cash"
	// ByTransfer: by a transfer shown at the counter.
	ByTransfer Channel = "transfer"
	// ByStaticQRIS: by the printed QRIS of the shop.
	ByStaticQRIS Channel = "qris_static"
)

// Attempt is one try to get paid by one method: one gateway charge.
type Attempt struct {
	ID        string
	OrderID   ID
	No        int
	Method    payments.Method
	Amount    money.Rupiah
	Reference string // order code, "-", No
	Key       string // idempotency key
	State     AttemptState
	GatewayID string
	MethodID  string
	QR        string
	VA        string
	// ExpiresAt is what the gateway is asked for, fixed at creation so that a
	// repeated request is identical.
	ExpiresAt time.Time
	Failure   string // fault code of the last failed creation, for the page
	CreatedAt time.Time
	// AskedAt is since when the gateway may know a charge of this attempt, zero
	// while it certainly knows none.
	AskedAt time.Time
	// SeenAt is when a page of the order was last open while there was no charge.
	SeenAt time.Time
}

// AttemptState is the life of an attempt.
type AttemptState string

const (
	// Creating: the gateway has not confirmed the charge yet.
	Creating AttemptState = "creating"
	// Open: the customer can pay it.
	Open AttemptState = "open"
	// Superseded: another method was chosen; money may still arrive.
	Superseded AttemptState = "superseded"
	// Failed: the gateway refused or closed it.
	Failed AttemptState = "failed"
	// Settled: money arrived through it.
	Settled AttemptState = "settled"
)

// Payment is confirmed money: the gateway itself said so when asked.
type Payment struct {
	Gateway    string
	Key        string // the gateway's charge id, unique per gateway
	OrderID    ID     // empty for money that matches no order
	AttemptNo  int
	Reference  string
	Method     payments.Method
	Amount     money.Rupiah
	Currency   string
	PaidAt     time.Time
	RecordedAt time.Time
	// WrittenOffAt is when staff gave the money up; it counts as never received.
	WrittenOffAt time.Time
	// Disputed: a later read of the same charge named another amount.
	Disputed bool
}

// FreeGateway keeps the payments of nothing that free orders are paid by: it is no gateway,
// and no charge is made.
const FreeGateway = "free"

// PaidByNothing is the fact that pays a free order.
func PaidByNothing(o Order, at time.Time) Payment {
	return Payment{Gateway: FreeGateway, Key: string(o.ID), OrderID: o.ID, Reference: string(o.Code), Method: payments.Free, Currency: money.Currency, PaidAt: at, RecordedAt: at}
}

// Free reports whether the payment is that of a free order.
func (p Payment) Free() bool { return p.Gateway == FreeGateway && p.Amount == 0 }

// Refund is money that is due back, or given back.
type Refund struct {
	ID         string
	OrderID    ID     // "" for money that belongs to no order
	Gateway    string // with PaymentKey: the payment it comes out of
	PaymentKey string
	Amount     money.Rupiah
	Reason     RefundReason
	State      RefundState
	AskedBy    string // account name, "server" for what the rules require
	AskedID    string // account id: names can change
	ApprovedBy string
	Why        string
	// EndsVoucher: the voucher is switched off before money moves; DisabledAt is
	// when the router had done so.
	EndsVoucher bool
	DisabledAt  time.Time
	GatewayID   string // the gateway's refund, "" for none
	Failure     string // code of the last fault
	Nonce       string // of the form that asked
	PayoutShift string // whose till pays the cash out once the voucher is off, "" where that is another step
	DueAt       time.Time
	DoneAt      time.Time // zero until the money is back
	ClosedAt    time.Time // done or rejected
}

// RefundState says who has to act on a refund.
type RefundState string

const (
	// RefundRequested: waits for an account with the right to approve.
	RefundRequested RefundState = "requested"
	// RefundApproved: the server.
	RefundApproved RefundState = "approved"
	// RefundSent: the gateway.
	RefundSent RefundState = "sent"
	// RefundManual: waits for a person, who pays it out and proves it.
	RefundManual RefundState = "manual"
	// RefundDone: closed; the money is back.
	RefundDone RefundState = "done"
	// RefundRejected: closed; it is not going back.
	RefundRejected RefundState = "rejected"
)

// UnderWay reports whether the money is leaving or gone.
func (f Refund) UnderWay() bool {
	switch f.State {
	case RefundApproved, RefundSent, RefundManual, RefundDone:
		return true
	}
	return !f.DoneAt.IsZero()
}

// Gift reports whether the rules require none of it: staff decided so, or it was made at
// the gateway.
func (f Refund) Gift() bool { return f.Reason == RefundStaff || f.Reason == RefundExternal }

// RefundReason says why money is due back.
type RefundReason string

const (
	// RefundExcess: more was paid than the order costs.
	RefundExcess RefundReason = "excess"
	// RefundLate: paid after expiry where the site does not activate late.
	RefundLate RefundReason = "late"
	// RefundCancelled: paid on a cancelled order.
	RefundCancelled RefundReason = "cancelled"
	// RefundStaff: decided by staff.
	RefundStaff RefundReason = "staff"
	// RefundExternal: made at the gateway and not requested here.
	RefundExternal RefundReason = "external"
)

// Activation records that the voucher exists on a router.
type Activation struct {
	RouterID string
	Username string
	At       time.Time
}
