package paper

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Dialect is how a CSV file is written.
type Dialect struct {
	BOM       bool // Excel reads UTF-8 only with it
	Semicolon bool // where the comma belongs to numbers, as in Indonesia
}

// bom is the UTF-8 byte order mark.
const bom = "\ufeff"

// CSV writes a header and rows, one at a time. Cells that a spreadsheet would
// take for a formula get an apostrophe in front.
func CSV(w io.Writer, d Dialect, header []string, rows iter.Seq2[[]string, error]) error {
	out := bufio.NewWriter(w)
	if d.BOM {
		if _, err := out.WriteString(bom); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	c := csv.NewWriter(out)
	c.UseCRLF = true // RFC 4180
	if d.Semicolon {
		c.Comma = ';'
	}
	if err := c.Write(header); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := c.Write(safe); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	if c.Flush(); c.Error() != nil {
		return fmt.Errorf("write csv: %w", c.Error())
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// harmless keeps a cell from being run: =, +, - and @ begin formulas, and tab
// and carriage return hide them.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// sheet is the only one of a workbook.
const sheet = "Voucher"

// XLSX writes a workbook with one sheet, row after row. Text stays text, so
// nothing is run and no zero in front is lost; numbers are int64.
func XLSX(w io.Writer, header []string, rows iter.Seq2[[]any, error]) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := out.SetColWidth(1, len(header), 18); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	first := make([]any, len(header))
	for i, name := range header {
		first[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := out.SetRow("A1", first); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	line := 1
	for row, err := range rows {
		if err != nil {
			return err
		}
		line++
		if err := out.SetRow(fmt.Sprintf("A%d", line), row); err != nil {
			return fmt.Errorf("write xlsx: row %d: %w", line, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}
