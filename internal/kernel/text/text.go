// Package text decides how what people write is kept and compared: one Unicode form, one kind of line end, and nothing
// that no person sees.
//
// It never refuses a text and never fails. What it leaves out carries no meaning for a reader; who must know compares
// the result with what was written. It knows no limits of length, which belong to the field.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Lines returns a text of several lines as it is kept: NFC, line ends as \n, tabs as blanks, no blanks around it, and
// no character that no person sees.
func Lines(written string) string { return tidy(written, "\n") }

// Line returns a text of one line as it is kept: as Lines, with a blank for each line end.
func Line(written string) string { return tidy(written, " ") }

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n",
	"\f", "\n", "\t", " ")

func tidy(written, lineEnd string) string {
	ended := lineEnds.Replace(strings.ToValidUTF8(written, ""))
	if lineEnd != "\n" {
		ended = strings.ReplaceAll(ended, "\n", lineEnd)
	}
	seen := strings.Map(func(r rune) rune {
		if r != '\n' && IsUnseen(r) {
			return -1
		}
		return r
	}, ended)
	return strings.TrimSpace(norm.NFC.String(seen))
}

// IsUnseen reports whether a character is nothing that a person reads: control characters, the signs that turn the
// direction of writing (a text would look different from what is stored), byte order marks, blanks without width, and
// what stands for a character that was lost. The joiners of emoji and of several scripts are seen by what they join.
func IsUnseen(r rune) bool {
	switch {
	case unicode.IsControl(r), r == unicode.ReplacementChar:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // turn the direction
		return true
	case r == 0x200B, r == 0x2060, r == 0xFEFF, r == 0x00AD: // no width; a soft hyphen shows only where a line breaks
		return true
	default:
		return false
	}
}

// Cut returns the first characters of a text, at most so many code points, without splitting a letter from its accent.
func Cut(written string, most int) string {
	kept := 0
	for at := 0; at < len(written); {
		width := norm.NFC.NextBoundaryInString(written[at:], true)
		kept += len([]rune(written[at : at+width]))
		if kept > most {
			return strings.TrimSpace(written[:at])
		}
		at += width
	}
	return written
}
