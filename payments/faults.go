package payments

import "gerai/internal/fault"

// Faults of a Gateway that callers decide by, with errors.Is. Others are told apart by kind
// only.
var (
	// ErrChannelOff: the account has no such payment method; the gateway itself answers.
	ErrChannelOff = fault.New(fault.Config, "gateway.channel_off")
	// ErrAPIVersion: the gateway does not serve the version of its API that is asked for.
	ErrAPIVersion = fault.New(fault.Config, "gateway.api_version")
	// ErrStatementForbidden: the key may not read the list of transactions; the gateway itself
	// answers.
	ErrStatementForbidden = fault.New(fault.Config, "gateway.statement_forbidden")
	// ErrKeyRights: the key is known and may not do this.
	ErrKeyRights = fault.New(fault.Config, "gateway.key_rights")
	// ErrOtherMode: the order is about real money and the account is not, or the other way round.
	// Nothing was asked.
	ErrOtherMode = fault.New(fault.Refused, "gateway.other_mode")
	// ErrAmount: the gateway names another amount than it was told.
	ErrAmount = fault.New(fault.Unknown, "gateway.amount")
)
