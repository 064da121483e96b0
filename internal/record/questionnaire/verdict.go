package questionnaire

// Verdict says what a change means.
type Verdict string

// The verdicts. Unknown means that no smallest important change is known.
const (
	Improved          Verdict = "improved"
	Worse             Verdict = "worse"
	NoImportantChange Verdict = "no_important_change"
	CannotBeCompared  Verdict = "cannot_be_compared"
	Unknown           Verdict = "unknown"
)

// Reason says why two scores cannot be compared, or why there is no important change.
type Reason string

// The reasons.
const (
	OtherForm         Reason = "other_form"           // the questionnaire has other items
	OtherScale        Reason = "other_scale"          // no known way to convert one scale to the other
	OtherDirection    Reason = "other_direction"      // higher is better in one and worse in the other
	NoCommonActivity  Reason = "no_common_activity"   // no activity was rated both times
	ActivitiesUnknown Reason = "activities_not_known" // a mean without the activities it is of
	WithinError       Reason = "within_error"         // not more than the measurement error
)

// Judgement is a change with its meaning. Change and Important are tenths on the scale of the later score; Change is
// nil if there is nothing to compare, Important zero if no smallest important improvement is known.
type Judgement struct {
	Change    *int
	Important int
	Verdict   Verdict
	Reason    Reason
}

func cannot(why Reason) Judgement { return Judgement{Verdict: CannotBeCompared, Reason: why} }

// fraction is an exact number of tenths; its denominator is positive.
type fraction struct{ over, under int }

func whole(n int) fraction { return fraction{n, 1} }

func (f fraction) minus(g fraction) fraction {
	if f.under == g.under {
		return fraction{f.over - g.over, f.under}
	}
	return fraction{f.over*g.under - g.over*f.under, f.under * g.under}
}

func (f fraction) negative() fraction { return fraction{-f.over, f.under} }

func (f fraction) atLeast(g fraction) bool { return f.over*g.under >= g.over*f.under }

// rounded returns the nearest whole number; a half goes away from zero.
func (f fraction) rounded() int {
	if f.over < 0 {
		return -f.negative().rounded()
	}
	return (2*f.over + f.under) / (2 * f.under)
}

// on converts tenths of one scale to another.
func (s Scale) on(other Scale, tenths int) fraction {
	if s == other {
		return whole(tenths)
	}
	return fraction{
		other.Min*(s.Max-s.Min) + (tenths-s.Min)*(other.Max-other.Min), s.Max - s.Min,
	}
}

// stretched converts a difference on one scale to another.
func (s Scale) stretched(other Scale, f fraction) int {
	if s == other {
		return f.rounded()
	}
	return fraction{f.over * (other.Max - other.Min), f.under * (s.Max - s.Min)}.rounded()
}

// judge gives the verdict on a change from start to now, both on the first scale of the definition. With one activity
// the measurement error is larger.
func (d Definition) judge(start, now fraction, single bool) Judgement {
	change := now.minus(start)
	j := Judgement{Verdict: Unknown}
	if d.Limits.Important.Tenths == 0 {
		return j
	}
	gain := change
	if d.Direction == LowerIsBetter {
		gain = change.negative()
	}
	improvement, decline := d.Limits.improvement(start, single), d.Limits.decline(single)
	j.Important = improvement.rounded()
	switch {
	case gain.atLeast(improvement):
		j.Verdict = Improved
	case gain.negative().atLeast(decline):
		j.Verdict = Worse
	default:
		j.Verdict, j.Reason = NoImportantChange, d.Limits.within(gain, single)
	}
	return j
}

// within tells a change that may be measurement error from one that is real but small.
func (l Limits) within(gain fraction, single bool) Reason {
	if beyond := whole(l.error(single)); gain.atLeast(beyond) || gain.negative().atLeast(beyond) {
		return ""
	}
	return WithinError
}

func (l Limits) error(single bool) int {
	if single {
		return max(l.Error.Tenths, l.ErrorOfOne.Tenths)
	}
	return l.Error.Tenths
}

// improvement is the smallest improvement that counts. A share of the start counts only where the measurement error is
// known, because a share of a low score is hardly anything.
func (l Limits) improvement(start fraction, single bool) fraction {
	limit := whole(l.Important.Tenths)
	for _, step := range l.ByStart {
		if start.atLeast(whole(step.From)) {
			limit = whole(step.Tenths)
		}
	}
	share := fraction{l.Share * start.over, permille * start.under}
	if l.Share > 0 && l.Error.Tenths > 0 && limit.atLeast(share) {
		limit = share
	}
	if beyond := whole(l.error(single)); beyond.atLeast(limit) {
		limit = beyond
	}
	return limit
}

const permille = 1000

// decline is the smallest decline that counts. It never depends on the start: a decline is always told.
func (l Limits) decline(single bool) fraction { return whole(max(l.Important.Tenths, l.error(single))) }

// Pain gives the verdict on a change of the mean pain score, in tenths.
func Pain(before, now int) Verdict {
	d, _ := Find("nprs")
	return d.judge(whole(before), whole(now), false).Verdict
}
