package picture

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"gerai/internal/fault"
)

// Levels of error correction: 7, 15 or 25 per cent of a code may be damaged.
const (
	levelL = decoder.ErrorCorrectionLevel_L
	levelM = decoder.ErrorCorrectionLevel_M
	levelQ = decoder.ErrorCorrectionLevel_Q
)

// modules is a square of dark and light, without its quiet zone.
type modules struct {
	size int
	dark []bool
}

// encode makes the QR code of a payload, the smallest that holds it at a level.
func encode(payload string, level decoder.ErrorCorrectionLevel) (modules, error) {
	if payload == "" {
		return modules{}, fault.Wrap(fault.Invalid, "picture.payload", errors.New("picture: empty payload"))
	}
	var hints map[gozxing.EncodeHintType]any
	if strings.IndexFunc(payload, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		hints = map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	}
	code, err := encoder.Encoder_encode(payload, level, hints)
	if err != nil {
		return modules{}, fault.Wrap(fault.Invalid, "picture.payload", err)
	}
	matrix := code.GetMatrix()
	m := modules{size: matrix.GetWidth(), dark: make([]bool, 0, matrix.GetWidth()*matrix.GetHeight())}
	for _, row := range matrix.GetArray() {
		for _, module := range row {
			m.dark = append(m.dark, module == 1)
		}
	}
	return m, nil
}
