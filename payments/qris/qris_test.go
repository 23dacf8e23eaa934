package qris

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gerai/internal/money"
)

const good = "00020101021226700019ID.CO.SIMULATOR.WWW01189360000000000000010214GERAISIM0000010303UMI51440014ID.CO.QRIS.WWW0215ID00000000000010303UMI520448145303360540450005802ID5915GERAI SIMULATOR6007JAKARTA61051011062120108GRI-00016304D748"

func sealed(body string) string { return fmt.Sprintf("%s6304%04X", body, crc16(body+"6304")) }

func TestChecksumVector(t *testing.T) {
	if got := crc16("123456789"); got != 0x29B1 {
		t.Fatalf("%04X", got)
	}
}

func TestGoodCode(t *testing.T) {
	for _, s := range []string{good, good[:len(good)-4] + "d748"} {
		c, err := Validate(s, 5000)
		if err != nil || c.Merchant != "GERAI SIMULATOR" || c.City != "JAKARTA" || c.NMID != "ID0000000000001" || c.Amount != 5000 || c.Payload != good {
			t.Fatalf("%+v %v", c, err)
		}
	}
	body := good[:len(good)-8]
	if _, err := Validate(sealed(strings.Replace(body, "54045000", "54075000.00", 1)), 5000); err != nil {
		t.Fatal(err)
	}
	if _, err := Validate(sealed(body+"6406Gérai"), 5000); err != nil {
		t.Fatal("another language's name may have its own letters:", err)
	}
}

func TestRefusals(t *testing.T) {
	body := good[:len(good)-8]
	swap := func(old, new string) string { return sealed(strings.Replace(body, old, new, 1)) }
	for name, c := range map[string]struct{ payload, reason string }{
		"other amount":       {swap("54045000", "54045001"), "amount"},
		"no amount":          {swap("54045000", ""), "amount"},
		"fraction":           {swap("54045000", "54075000.50"), "amount"},
		"static":             {swap("010212", "010211"), "static"},
		"dollars":            {swap("5303360", "5303840"), "currency"},
		"abroad":             {swap("5802ID", "5802SG"), "country"},
		"tip asked":          {swap("5802ID", "5502015802ID"), "tip"},
		"fixed fee":          {swap("5802ID", "55020256036665802ID"), "tip"},
		"percentage fee":     {swap("5802ID", "5702155802ID"), "tip"},
		"no acquirer":        {swap("26700019ID.CO.SIMULATOR.WWW01189360000000000000010214GERAISIM0000010303UMI", ""), "merchant"},
		"damaged template":   {swap("0019ID.CO", "0029ID.CO"), "merchant"},
		"foreign national":   {swap("ID.CO.QRIS.WWW", "ID.CO.XXXX.WWW"), "merchant"},
		"duplicate":          {swap("5802ID", "5802ID5802ID"), "duplicate"},
		"long name":          {swap("5915GERAI SIMULATOR", "5926GERAI SIMULATOR GERAI SIMU"), "name"},
		"control character":  {swap("JAKARTA", "JAKAR\x07A"), "charset"},
		"wrong first":        {sealed("010212000201" + body[12:]), "order"},
		"no checksum":        {body, "order"},
		"trailing":           {good + "00", "truncated"},
		"past the end":       {good[:len(good)-1], "truncated"},
		"letters for digits": {swap("5802ID", "58x2ID"), "format"},
		"empty":              {"", "order"},
		"bomb":               {strings.Repeat("9", 5000), "format"},
	} {
		_, err := Validate(c.payload, 5000)
		var e *Error
		if !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
}

func TestEveryFlippedCharacterIsNoticed(t *testing.T) {
	for i := range len(good) {
		b := []byte(good)
		b[i] ^= 1
		if _, err := Validate(string(b), 5000); err == nil {
			t.Fatalf("byte %d changed unnoticed", i)
		}
	}
}

func FuzzValidate(f *testing.F) {
	f.Add(good, int64(5000))
	f.Add("000201", int64(1))
	f.Fuzz(func(t *testing.T, s string, amount int64) {
		c, err := Validate(s, money.Rupiah(amount))
		if err != nil {
			return
		}
		if again, err := Validate(c.Payload, c.Amount); err != nil || again != c {
			t.Fatalf("%q does not read back: %v", s, err)
		}
	})
}
