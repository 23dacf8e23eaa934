package qris

import "fmt"

// field is one tag-length-value triple. Tags and lengths are two decimal
// digits each (EMVCo QR Code Specification for Payment Systems,
// Merchant-Presented Mode, section 3.2).
type field struct{ tag, value string }

// parse splits a payload into fields; every byte must belong to one and no tag
// may come twice.
func parse(s string) ([]field, error) {
	var out []field
	seen := map[string]bool{}
	for at := 0; at < len(s); {
		if len(s)-at < 4 {
			return nil, &Error{Reason: "truncated", Detail: fmt.Sprintf("at byte %d", at)}
		}
		tag := s[at : at+2]
		n, ok := twoDigits(s[at+2 : at+4])
		if _, tagOK := twoDigits(tag); !ok || !tagOK {
			return nil, &Error{Reason: "format", Detail: fmt.Sprintf("tag or length at byte %d is no number", at)}
		}
		at += 4
		if n > len(s)-at {
			return nil, &Error{Reason: "truncated", Detail: "tag " + tag + " is longer than the payload"}
		}
		if n == 0 {
			return nil, &Error{Reason: "format", Detail: "tag " + tag + " is empty"}
		}
		if seen[tag] {
			return nil, &Error{Reason: "duplicate", Detail: "tag " + tag}
		}
		seen[tag] = true
		out = append(out, field{tag, s[at : at+n]})
		at += n
	}
	return out, nil
}

func twoDigits(s string) (int, bool) {
	if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// crc16 is CRC-16/CCITT-FALSE: polynomial 1021, initial value FFFF, nothing
// reflected (ISO/IEC 13239 as the EMV specification uses it).
func crc16(s string) uint16 {
	crc := uint16(0xFFFF)
	for i := range len(s) {
		crc ^= uint16(s[i]) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
