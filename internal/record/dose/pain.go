package dose

// AcceptablePain is the NPRS up to which pain during or after exercise is acceptable.
func AcceptablePain() int { return limits.AcceptablePain.Value }

// AcceptableRise is by how many points exercise may raise pain.
func AcceptableRise() int { return limits.AcceptableRise.Value }

// IsTooMuch reports whether pain, an NPRS of 0 to 10, was more than acceptable. Where it was high before, the rise
// decides: whoever comes with much pain is not asked for less because of it. Before is nil when it is not known.
func IsTooMuch(before *int, pain int) bool {
	if before != nil && *before >= limits.HighBefore.Value {
		return pain-*before > AcceptableRise()
	}
	return pain > AcceptablePain()
}
