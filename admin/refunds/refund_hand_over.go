package refunds

import (
	"io"

	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// handOver ends a refund that was transferred by hand.
func handOver(k *web.Request) error {
	return decide(k, "refund.done", func(in refunds.DecideIn) error {
		body, err := upload(k, "proof", refunds.MostProof)
		if err != nil {
			return err
		}
		return k.Shop.Refunds.HandOver(k.AuditContext(), in, body)
	})
}

// upload reads one file of a form, at most one byte more than allowed.
func upload(k *web.Request, field string, most int64) ([]byte, error) {
	header, err := k.FormFile(field)
	if err != nil {
		return nil, nil // no file: the use case says what is missing
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most+1))
}
