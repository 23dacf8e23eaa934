package backup

import (
	"errors"
	"os"
	"syscall"

	"gerai/internal/fault"
)

// What can be wrong with a backup or the place where it lies.
var (
	ErrDamaged        = fault.New(fault.Refused, "backup.damaged")         // cut off, changed, or no backup at all
	ErrForged         = fault.New(fault.Refused, "backup.forged")          // not sealed by a shop with this key
	ErrNewer          = fault.New(fault.Refused, "backup.newer")           // written by a newer program
	ErrIdentityNeeded = fault.New(fault.Config, "backup.identity_needed")  // encrypted, and no private key was given
	ErrIdentityWrong  = fault.New(fault.Config, "backup.identity_wrong")   // encrypted for another key
	ErrGone           = fault.New(fault.NotFound, "backup.gone")           // no such backup
	ErrFull           = fault.New(fault.Unavailable, "backup.full")        // no room where it is to be written
	ErrDenied         = fault.New(fault.Config, "backup.place_denied")     // the place refuses us
	ErrUnreachable    = fault.New(fault.Unavailable, "backup.place_away")  // the place does not answer
	ErrTaken          = fault.New(fault.Conflict, "backup.name_taken")     // there is a backup of this name
	ErrRunning        = fault.New(fault.Conflict, "backup.running")        // another one is being made
	ErrInterrupted    = fault.New(fault.Unavailable, "backup.interrupted") // the process that made it ended
)

// Placed says what is wrong with the place that a file could not be written to.
// Errors: Unavailable "backup.full" and "backup.place_away", Config
// "backup.place_denied".
func Placed(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return ErrFull.With(err)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return ErrDenied.With(err)
	}
	return ErrUnreachable.With(err)
}

// Why a person may not end a recovery.
var (
	ErrNoRecovery = fault.New(fault.Conflict, "recovery.none")
	ErrMoneyOpen  = fault.New(fault.Conflict, "recovery.open")   // a payment or refund since the backup has no place yet
	ErrNotRead    = fault.New(fault.Conflict, "recovery.unread") // the gateway's list was not read up to the restore
)
