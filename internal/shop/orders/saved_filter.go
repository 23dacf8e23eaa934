package orders

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

const (
	longestFilter = 40
	longestQuery  = 500
)

// KeepFilter remembers a view of the order list for a person. Errors: Invalid
// at "name".
func (s *Service) KeepFilter(ctx context.Context, by actor.Actor, name, query string) error {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > longestFilter || !ledger.Plain(name) {
		return fault.AtField("name", "filter.name")
	}
	if _, err := url.ParseQuery(query); err != nil || len(query) > longestQuery || !ledger.Plain(query) {
		return fault.AtField("name", "filter.name")
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		return tx.PutSavedFilter(ctx, store.SavedFilter{StaffID: by.ID, Name: name, Query: query})
	})
}

// DropFilter forgets a person's filter; forgetting twice is no error.
func (s *Service) DropFilter(ctx context.Context, by actor.Actor, id string) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error { return tx.DeleteSavedFilter(ctx, by.ID, id) })
}
