package backup

// Kinds of what a recovery finds.
const (
	FoundPayment = "payment" // in the gateway's list
	FoundRefund  = "refund"  // likewise
	FoundUser    = "user"    // on a router
)

// States of what a recovery finds.
const (
	FoundOpen        = "open"        // it has no place yet
	FoundKnown       = "known"       // the backup knew it
	FoundMatched     = "matched"     // it belongs to an order or a payment that the backup knew
	FoundRemade      = "remade"      // its order was made again
	FoundUnmatched   = "unmatched"   // it is among the money without an order
	FoundUnconfirmed = "unconfirmed" // the gateway lists it and does not confirm it when asked; reconciliation follows it
	FoundAdopted     = "adopted"     // of a user: the books hold it, its money is not recorded
	FoundLeft        = "left"        // of a user, as it is shown: nothing is known of it, and its router keeps it
	FoundUndecided   = "undecided"   // of a user, as it is shown: staff decide whether the books or its router are right
	FoundTaken       = "taken"       // of a user, as it is shown: the books hold what its router has
	FoundKept        = "kept"        // of a user, as it is shown: its router holds what the books say
	FoundRecorded    = "recorded"    // of an adopted user, as it is shown: its money is recorded since
)
