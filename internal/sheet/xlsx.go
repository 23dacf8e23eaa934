package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet of the format has; more go onto further
// sheets.
const mostRows = 1_048_576

// xlsxWriter streams rows into a temporary file, so that memory stays bounded;
// the finished package is put together at the end, as its format demands.
type xlsxWriter struct {
	out               io.Writer
	file              *excelize.File
	sheet             *excelize.StreamWriter
	name              string
	row, sheets, most int
	styles            map[string]int
	head              []any
}

// Shapes of numbers: Excel's own formats where it has one.
var shapes = map[string]excelize.Style{
	"number": {NumFmt: 3}, // #,##0
	"date":   {CustomNumFmt: ptr("yyyy-mm-dd")},
	"time":   {CustomNumFmt: ptr("yyyy-mm-dd hh:mm:ss")},
	"head":   {Font: &excelize.Font{Bold: true}},
}

func ptr[T any](v T) *T { return &v }

func newXLSX(out io.Writer, name string) (Writer, error) {
	w := &xlsxWriter{out: out, file: excelize.NewFile(), name: sheetName(name), styles: map[string]int{}, most: mostRows}
	for key, shape := range shapes {
		id, err := w.file.NewStyle(&shape)
		if err != nil {
			return nil, fmt.Errorf("begin xlsx: %w", err)
		}
		w.styles[key] = id
	}
	return w, w.turn()
}

// sheetName drops what the format forbids in a sheet's name.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '-'
		}
		return r
	}, s), "' ")
	if r := []rune(s); len(r) > 25 {
		s = string(r[:25])
	}
	if s == "" {
		return "Gerai"
	}
	return s
}

// turn begins the next sheet, with the head of the first one.
func (w *xlsxWriter) turn() error {
	name := w.name
	w.sheets++
	var err error
	if w.sheets == 1 {
		err = w.file.SetSheetName("Sheet1", name)
	} else {
		name = fmt.Sprintf("%s %d", w.name, w.sheets)
		err = errors.Join(w.sheet.Flush(), second(w.file.NewSheet(name)))
	}
	if err == nil {
		w.sheet, err = w.file.NewStreamWriter(name)
	}
	if err == nil {
		err = w.sheet.SetColWidth(1, 40, 18)
	}
	if err == nil { // the head stays in sight
		err = w.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	if err != nil {
		return fmt.Errorf("begin sheet %s: %w", name, err)
	}
	w.row = 0
	if w.head != nil {
		return w.Row(w.head...)
	}
	return nil
}

func second(_ int, err error) error { return err }

// Row writes one row; the first one is the head and is repeated on further
// sheets.
func (w *xlsxWriter) Row(cells ...any) error {
	if w.row == w.most {
		if err := w.turn(); err != nil {
			return err
		}
	}
	head := w.row == 0
	if head && w.head == nil {
		w.head = cells
	}
	w.row++
	line := make([]any, len(cells))
	for i, c := range cells {
		line[i] = w.cell(c, head)
	}
	if err := w.sheet.SetRow(fmt.Sprintf("A%d", w.row), line); err != nil {
		return fmt.Errorf("write row %d: %w", w.row, err)
	}
	return nil
}

// cell gives numbers and dates their type. Texts are stored as texts and are
// never run, whatever they begin with.
func (w *xlsxWriter) cell(c any, head bool) any {
	if n, ok := number(c); ok {
		return excelize.Cell{StyleID: w.styles["number"], Value: n}
	}
	switch v := c.(type) {
	case nil, float64:
		return v
	case Date:
		if day, err := time.Parse("2006-01-02", string(v)); err == nil {
			return excelize.Cell{StyleID: w.styles["date"], Value: day}
		}
	case time.Time:
		if v.IsZero() {
			return nil
		}
		// The format knows no zones: what the clock on the wall shows is kept.
		wall := time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: w.styles["time"], Value: wall}
	}
	text := fmt.Sprint(c)
	if head {
		return excelize.Cell{StyleID: w.styles["head"], Value: text}
	}
	return text
}

// Close puts the file together and writes it.
func (w *xlsxWriter) Close() error {
	err := w.sheet.Flush()
	if err == nil {
		err = w.file.Write(w.out)
	}
	return errors.Join(err, w.file.Close())
}
