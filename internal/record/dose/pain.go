package dose

// Pain during or after an exercise is acceptable up to 5 (pain-monitoring model; Smith 2017 found painful exercise not
// worse). From an NPRS of 4 before it the rise decides, up to 2, the minimal important change (design choice): whoever
// comes with much pain is not asked for less because of it.
const (
	AcceptablePain = 5
	AcceptableRise = 2
	highBefore     = 4
)

// IsTooMuch reports whether pain, an NPRS of 0 to 10, was more than acceptable. Before is nil when it is not known.
func IsTooMuch(before *int, pain int) bool {
	if before != nil && *before >= highBefore {
		return pain-*before > AcceptableRise
	}
	return pain > AcceptablePain
}
