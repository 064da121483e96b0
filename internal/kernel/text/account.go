package text

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// Email returns an e-mail address as accounts are known by it: small letters, NFC, and the name of the host in letters
// rather than in the form of the domain name system. One person has one account, however the address is typed.
func Email(typed string) string {
	address := norm.NFC.String(strings.ToLower(Line(typed)))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	host, err := idna.Lookup.ToUnicode(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + host
}

// Password returns a password as it is compared: the profile OpaqueString of RFC 8265, so that phones and computers
// that write a letter in different ways mean the same. A password that the profile does not know stays as it is.
func Password(typed string) string {
	prepared, err := precis.OpaqueString.String(typed)
	if err != nil {
		return typed
	}
	return prepared
}

// Code returns a code of so many letters and digits in what somebody typed or pasted: small letters, O for 0, I or L
// for 1, any dash, blank or dot within it, words with a colon before it. It returns "" when there is none. The letters
// of the code are those of Crockford's base 32.
func Code(typed string, length int) string {
	if behind := strings.LastIndexAny(typed, ":："); behind >= 0 {
		typed = typed[behind:]
	}
	code := strings.Map(func(r rune) rune {
		switch {
		case r == 'O':
			return '0'
		case r == 'I', r == 'L':
			return '1'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r < 0x80 && strings.ContainsRune("_+/=", r): // of something else than a code
			return r
		default:
			return -1
		}
	}, strings.ToUpper(norm.NFKC.String(typed)))
	if len(code) != length || strings.ContainsAny(code, "U_+/=") {
		return ""
	}
	return code
}
