package reports

import (
	"context"

	"gerai/internal/report"
	"gerai/internal/store"
)

// keptDays bounds how many days' sums stay in memory: a year of a busy shop is
// some megabytes. They are kept by the name of each sum. A sum never changes under its
// name, so that nothing has to be told when it is made again, here or in another
// replica.
const keptDays = 800

// summed are the sums of days that are up to date. A day that is summed again between
// reading its sum's name and its rows is read with the new rows and cached under the
// old name, which is not asked for again.
func (s *Service) summed(ctx context.Context, days map[report.Day]store.SummedDay) (Books, error) {
	var have []Books
	var missing []store.SummedDay
	for _, d := range days {
		if b, found := s.sums.Cached(d.SumID); found {
			have = append(have, b)
		} else {
			missing = append(missing, d)
		}
	}
	if len(missing) > 0 {
		from, to := missing[0].Day, missing[0].Day
		for _, d := range missing {
			from, to = min(from, d.Day), max(to, d.Day)
		}
		read, err := s.readSums(ctx, from, to)
		if err != nil {
			return Books{}, err
		}
		for _, d := range missing {
			have = append(have, read[d.Day])
			s.sums.Put(d.SumID, read[d.Day])
		}
	}
	var out Books
	for _, b := range have {
		out.Cells, out.Flows = append(out.Cells, b.Cells...), append(out.Flows, b.Flows...)
	}
	return out, nil
}

func (s *Service) readSums(ctx context.Context, from, to report.Day) (map[report.Day]Books, error) {
	cells, err := s.Store.Cells(ctx, from, to)
	if err != nil {
		return nil, err
	}
	flows, err := s.Store.Flows(ctx, from, to)
	if err != nil {
		return nil, err
	}
	out := map[report.Day]Books{}
	for _, c := range cells {
		b := out[c.Day]
		b.Cells = append(b.Cells, c)
		out[c.Day] = b
	}
	for _, f := range flows {
		b := out[f.Day]
		b.Flows = append(b.Flows, f)
		out[f.Day] = b
	}
	return out, nil
}
