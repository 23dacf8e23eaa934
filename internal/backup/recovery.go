package backup

import "time"

const (
	// StatementLag is how far behind its payment the gateway's list may name it: until it
	// was read beyond the restore by so much, something may be missing.
	StatementLag = 10 * time.Minute
	// readBefore is how much of the list from before the backup is read as well: the two
	// clocks differ, and a payment may be listed before the books had it.
	readBefore = time.Hour
	// remakeFor is how long after a restore an order that the books do not know is made
	// again when money comes for it, also once the recovery has ended. Codes that were shown
	// before the restore can be paid for 48 hours.
	remakeFor = 72 * time.Hour
)

// Recovery marks a shop that was restored from a backup: what happened after the
// backup was taken is not known yet. It stands until it is, and is kept afterwards.
type Recovery struct {
	// Since is when the shop was restored, TakenAt when the backup was taken:
	// between the two lies what the books lack.
	Since   time.Time `json:"since"`
	TakenAt time.Time `json:"taken_at"`
	Backup  string    `json:"backup"` // name of the file

	// From is when an earlier backup was taken, where this one was made before the recovery
	// from that had ended; zero otherwise.
	From time.Time `json:"from,omitzero"`
	// ReadTo is until when the gateway's list was read, Until the end of the span that is
	// being read, zero between two, NextPage where it goes on.
	ReadTo   time.Time `json:"read_to,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	NextPage string    `json:"next_page,omitempty"`
	Pages    int       `json:"pages,omitempty"`
	Failure  string    `json:"failure,omitempty"` // code of why it cannot be read, "" while it can
	FailedAt time.Time `json:"failed_at,omitzero"`

	EndedAt time.Time `json:"ended_at,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"` // actor
	Reason  string    `json:"reason,omitempty"`   // why a person ended it early
}

// Stands reports whether nothing may end yet.
func (r Recovery) Stands() bool { return !r.Since.IsZero() && r.EndedAt.IsZero() }

// After is the mark of a shop that is restored once more, from a backup in which this one
// stood: what it had not read yet is still to be read.
func (r Recovery) After(next Recovery) Recovery {
	if r.Stands() {
		if next.From = r.TakenAt; !r.From.IsZero() {
			next.From = earlier(r.From, r.TakenAt)
		}
	}
	return next
}

// MayRemake reports whether money for an order that the books do not know may be that of
// one which they have lost. While the recovery stands it may be, however long the gateway
// could not be read.
func (r Recovery) MayRemake(now time.Time) bool {
	return r.Stands() || !r.Since.IsZero() && now.Before(r.Since.Add(remakeFor))
}

// Found is the instant from which routers that do not answer are waited for: the restore, or
// when the gateway was read where it could not be for a while.
func (r Recovery) Found() time.Time {
	if r.ReadTo.After(r.Since) {
		return r.ReadTo
	}
	return r.Since
}

// Span is what of the gateway's list is to be read now.
func (r Recovery) Span(now time.Time) (from, until time.Time) {
	from, until = r.ReadTo, r.Until
	if from.IsZero() {
		if from = earlier(r.TakenAt, r.Since); !r.From.IsZero() {
			from = earlier(r.From, from)
		}
	}
	if until.IsZero() {
		until = now
	}
	return from.Add(-readBefore), until
}

// AllRead reports whether the list was read so far that nothing from before the restore
// can be missing.
func (r Recovery) AllRead() bool {
	return r.Until.IsZero() && !r.ReadTo.Before(r.Since.Add(StatementLag))
}

// MayEnd says why a person may not end the recovery, nil where they may. open is how many
// payments and refunds have no place. Errors: ErrNoRecovery, ErrMoneyOpen, ErrNotRead.
func (r Recovery) MayEnd(open int64) error {
	switch {
	case !r.Stands():
		return ErrNoRecovery
	case open > 0:
		return ErrMoneyOpen
	case r.ReadTo.Before(r.Since):
		return ErrNotRead
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
