package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

type csvWriter struct{ *csv.Writer }

func newCSV(w io.Writer, o Options) (Writer, error) {
	if o.Mark {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil, fmt.Errorf("begin csv: %w", err)
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	if o.Semicolon {
		out.Comma = ';'
	}
	return csvWriter{out}, nil
}

// Row writes one line.
func (w csvWriter) Row(cells ...any) error {
	line := make([]string, len(cells))
	for i, c := range cells {
		line[i] = plain(c)
	}
	return w.Write(line)
}

// plain spells a cell; only texts can hold a formula, numbers keep their sign.
func plain(cell any) string {
	if n, ok := number(cell); ok {
		return strconv.FormatInt(n, 10)
	}
	switch v := cell.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case Date:
		return string(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format("2006-01-02 15:04:05")
	case Text:
		return marked(string(v))
	case string:
		return harmless(v)
	}
	return harmless(fmt.Sprint(cell))
}

// Close writes what is left.
func (w csvWriter) Close() error {
	w.Flush()
	return w.Error()
}
