package report

import "time"

// Redeem is how far a voucher has come.
type Redeem string

const (
	// Unused: handed out, never logged in, can still be used.
	Unused Redeem = "unused"
	// Active: logged in at least once and still valid.
	Active Redeem = "active"
	// Spent: was used, and its time or allowance is over.
	Spent Redeem = "spent"
	// Lapsed: ended without ever being used.
	Lapsed Redeem = "lapsed"
)

// Redeems lists every state in the order of a voucher's life.
var Redeems = []Redeem{Unused, Active, Spent, Lapsed}

// At is the cell as it is at an instant: what was unused or active when it was
// added up may have ended since. It is exact to the hour.
func (c Cell) At(now time.Time) Cell {
	if over := c.Ends > 0 && c.Ends*int64(time.Hour/time.Second) <= now.Unix(); over {
		switch c.Redeem {
		case Unused:
			c.Redeem = Lapsed
		case Active:
			c.Redeem = Spent
		}
	}
	c.Ends = 0
	return c
}

// At are cells as they are at an instant; those that became alike are one. Days
// on which nothing can end any more are left as they are.
func At(cells []Cell, now time.Time) []Cell {
	moving := map[Day]bool{}
	for _, c := range cells {
		if c.Ends > 0 {
			moving[c.Day] = true
		}
	}
	place := map[Cell]int{}
	out := cells[:0]
	for _, c := range cells {
		if !moving[c.Day] {
			out = append(out, c)
			continue
		}
		c = c.At(now)
		key := c
		key.N = 0
		if i, have := place[key]; have {
			out[i].N += c.N
			continue
		}
		place[key] = len(out)
		out = append(out, c)
	}
	return out
}
