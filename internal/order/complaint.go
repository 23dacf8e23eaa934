package order

import (
	"slices"

	"gerai/internal/fault"
)

// Complaint is what a customer complained of, "" for nothing.
type Complaint string

// Complaints lists every complaint in the order forms show them.
var Complaints = []Complaint{"slow", "offline", "login", "wrong", "other"}

// Check says what is wrong with a complaint, or nil. Errors: Invalid "complaint.unknown" at
// "complaint".
func (c Complaint) Check() error {
	if c != "" && !slices.Contains(Complaints, c) {
		return fault.AtField("complaint", "complaint.unknown")
	}
	return nil
}
