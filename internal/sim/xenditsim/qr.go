package xenditsim

import (
	"fmt"
	"strconv"
	"strings"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func tlv(tag, value string) string { return fmt.Sprintf("%s%02d%s", tag, len(value), value) }

// qrString composes a payload that is valid EMV but names an invented acquirer
// and merchant, so that no issuer would route it. fault names one way to get
// it wrong: crc, amount, tip or static.
func qrString(merchant, reference string, amount int64, fault string) string {
	if fault == "amount" {
		amount++
	}
	method := "12"
	if fault == "static" {
		method = "11"
	}
	tip := ""
	if fault == "tip" {
		tip = tlv("55", "02") + tlv("56", "666")
	}
	body := tlv("00", "01") + tlv("01", method) +
		tlv("26", tlv("00", "ID.CO.SIMULATOR.WWW")+tlv("01", "936000000000000001")+tlv("02", "GERAISIM000001")+tlv("03", "UMI")) +
		tlv("51", tlv("00", "ID.CO.QRIS.WWW")+tlv("02", "ID0000000000001")+tlv("03", "UMI")) +
		tlv("52", "4814") + tlv("53", "360") + tlv("54", itoa(amount)) + tip + tlv("58", "ID") + tlv("59", merchantName(merchant)) + tlv("60", "JAKARTA") +
		tlv("61", "10110") + tlv("62", tlv("01", last(reference, 25))) + "6304"
	sum := crc(body)
	if fault == "crc" {
		sum ^= 1
	}
	return body + fmt.Sprintf("%04X", sum)
}

func merchantName(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s))
	return strings.TrimSpace(strings.TrimSpace(s[:min(len(s), 15)]) + " SIMULATOR")
}

func last(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}

// crc is CRC-16/CCITT-FALSE.
func crc(s string) uint16 {
	c := uint16(0xFFFF)
	for i := range len(s) {
		c ^= uint16(s[i]) << 8
		for range 8 {
			if c&0x8000 != 0 {
				c = c<<1 ^ 0x1021
			} else {
				c <<= 1
			}
		}
	}
	return c
}
