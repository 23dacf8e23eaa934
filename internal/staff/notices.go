package staff

import (
	"context"
	"encoding/json"
	"time"

	"gerai/internal/store"
)

// Notice is something that happened to an account and that its owner is told
// at the next sign-in.
type Notice struct {
	Code string    `json:"code"`
	At   time.Time `json:"at"`
}

// Codes of notices; sentences are in the templates.
const (
	NoticeTOTPRemoved    = "totp_removed"
	NoticePasskeyAdded   = "passkey_added"
	NoticePasskeyRemoved = "passkey_removed"
	NoticeTOTPAdded      = "totp_added"
	NoticeFactorsReset   = "factors_reset" // by an admin
	NoticePassword       = "password_changed"
	NoticeRecoveryUsed   = "recovery_used"
	NoticeRecoveryNew    = "recovery_new"
)

const mostNotices = 20

// told adds a notice to an account; the oldest give way.
func told(s *store.Staff, code string, now time.Time) {
	all := append(notices(*s), Notice{Code: code, At: now})
	all = all[max(0, len(all)-mostNotices):]
	text, _ := json.Marshal(all) // plain values always encode
	s.Notices = string(text)
}

func notices(s store.Staff) (all []Notice) {
	if s.Notices == "" || json.Unmarshal([]byte(s.Notices), &all) != nil {
		return nil
	}
	return all
}

// News lists what happened before this session began; what the session did itself
// needs no notice.
func (p Principal) News() (out []Notice) {
	for _, n := range notices(p.Staff) {
		if n.At.Before(p.Session.CreatedAt) {
			out = append(out, n)
		}
	}
	return out
}

// Seen forgets the news that were shown to this session.
func (o *Accounts) Seen(ctx context.Context, p Principal) error {
	return o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		s, err := tx.HoldStaff(ctx, p.ID)
		if err != nil {
			return err
		}
		all := notices(s)
		s.Notices = ""
		for _, n := range all {
			if !n.At.Before(p.Session.CreatedAt) {
				told(&s, n.Code, n.At)
			}
		}
		return tx.SaveStaff(ctx, s)
	})
}
