package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/sheet"
)

// attach makes the answer a file to save.
func attach(k *Request, name, mediaType string, body []byte) error {
	k.Set(fiber.HeaderContentType, mediaType)
	k.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	return k.Send(body)
}

// Done sends a file that was written, or the error of writing it.
func Done(k *Request, err error, name, mediaType string, b *bytes.Buffer) error {
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return attach(k, name, mediaType, b.Bytes())
}

// SheetOptions is the kind of file that a form asks for, XLSX unless it says
// otherwise.
func SheetOptions(k *Request, name string) sheet.Options {
	switch k.FormValue("format") {
	case "csv":
		return sheet.Options{Format: sheet.CSV}
	case "csv_excel":
		return sheet.Options{Format: sheet.CSV, Mark: true, Semicolon: true}
	}
	return sheet.Options{Format: sheet.XLSX, Name: name}
}

// InPage is a picture of ours as part of its page.
func InPage(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // our own picture
}
