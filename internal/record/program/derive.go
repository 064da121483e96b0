package program

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// derived is a version made by changing the previous one.
type derived struct {
	id     id.ProgramVersion
	by     id.Member      // empty: whoever published the previous version
	from   localtime.Date // zero for the patient's today
	origin Origin
	reason words.Pair
	hash   string
	based  string // the last-read Etag
	// items are those of a version with the change.
	items func(before Version, b beside) ([]Item, error)
	// onLatest lets patients publish without naming the previous version.
	onLatest bool
	// withPlanned also changes the versions that rules have planned for later days, and the usual program they lead
	// back to.
	withPlanned bool
}

// beside is what a change is judged by beside the version that it changes.
type beside struct {
	rises    rises           // what has risen lately
	cautious intake.Cautious // of the patient
	// partly leaves out what the version has not got: another one has it.
	partly bool
}

// outcome is what a change has come to.
type outcome struct {
	history  History
	cautious intake.Cautious // of the patient
}

// derive publishes a version based on the one in force on its first day. The outcome of a repetition is that of now.
func (s *Service) derive(
	ctx context.Context, ask access.Request, patient id.Patient, d derived,
) (outcome, bool, error) {
	return access.Create(ctx, s.guard, ask.Alone(), func(tx *database.Tx) (outcome, bool, error) {
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return outcome{}, false, err
		}
		repeated, err := newStore(tx).isRepeatedVersion(patient, d.id, d.hash)
		if err != nil {
			return outcome{}, false, err
		}
		if d.onLatest {
			d.based = h.Etag()
		}
		if !repeated {
			if err := s.addDerived(tx, h, patient, d); err != nil {
				return outcome{}, false, err
			}
		}
		o, err := outcomeOf(tx, patient)
		return o, !repeated, err
	})
}

func outcomeOf(tx *database.Tx, patient id.Patient) (o outcome, err error) {
	if o.history, err = HistoryOf(tx, patient); err != nil {
		return o, err
	}
	o.cautious, err = intake.CautiousOf(tx, patient)
	return o, err
}

func (s *Service) addDerived(tx *database.Tx, h History, patient id.Patient, d derived) error {
	if _, blocked, err := safety.BlockOf(tx, patient); blocked || err != nil {
		return cmp.Or[error](err, safety.ErrStopped)
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	today := p.Today(tx.Now())
	if d.from.IsZero() {
		d.from = today
	}
	before, err := h.basisOf(d, today)
	if err != nil {
		return err
	}
	b, err := s.besideOf(tx, h, patient, d.from)
	if err != nil {
		return err
	}
	versions, err := h.derived(d, before, b)
	if err != nil {
		return err
	}
	return s.addAll(tx, versions, d, today)
}

// basisOf returns the version that a change is based on, or why there can be no change.
func (h History) basisOf(d derived, today localtime.Date) (Version, error) {
	if err := checkStart(d.from, today); err != nil {
		return Version{}, err
	}
	if err := h.accepts(d.from, d.based); err != nil {
		return Version{}, err
	}
	return h.Current(d.from)
}

func (s *Service) besideOf(tx *database.Tx, h History, patient id.Patient, from localtime.Date) (beside, error) {
	cautious, err := intake.CautiousOf(tx, patient)
	return beside{rises: h.Rises(s.library, from), cautious: cautious}, err
}

// derived returns the versions that a change asks for, in the order in which they are added.
func (h History) derived(d derived, before Version, b beside) ([]Version, error) {
	items, err := d.items(before, b)
	if err != nil {
		return nil, err
	}
	if d.withPlanned && before.Origin.IsPlanned() {
		return h.withPlanned(d, before, items, b)
	}
	return []Version{d.version(d.id, before, items)}, nil
}

// version is a version with the change, on top of another.
func (d derived) version(as id.ProgramVersion, before Version, items []Item) Version {
	return Version{
		ID: as, Patient: before.Patient, EffectiveFrom: d.from, Items: items, Origin: d.origin, Reason: d.reason,
		PublishedBy: cmp.Or(d.by, before.PublishedBy),
	}
}

// withPlanned changes a program that rules have temporarily made lighter: the usual one below, what is asked meanwhile,
// and what they have planned for later days. Where the usual one has nothing to change, the reason says so.
func (h History) withPlanned(d derived, before Version, changed []Item, b beside) (versions []Version, err error) {
	usual, err := h.Base(d.from)
	if err != nil {
		return nil, err
	}
	b.partly = true
	items, err := d.items(usual, b)
	before.Reason = before.withoutRemark()
	switch {
	case err == nil:
		versions = append(versions, d.version(id.ProgramVersion(id.New()), usual, items))
	case errors.Is(err, ErrNothingChanged):
		before.Reason = before.withRemark()
	default:
		return nil, err
	}
	before.ID, before.EffectiveFrom, before.Items = d.id, d.from, changed
	versions = append(versions, before)
	for _, later := range h.plannedAfter(d.from) {
		if later, err = later.changedBy(d, b); err != nil {
			return nil, err
		}
		versions = append(versions, later)
	}
	return versions, nil
}

// meanwhile is the key of the remark on a change that lasts until the usual program is back.
const meanwhile = "program.meanwhile"

// withRemark is the reason of a version with that remark.
func (v Version) withRemark() words.Pair {
	return words.KeepAs(func(l words.Language) string {
		return strings.TrimSpace(v.Reason.In(l) + " " + l.Say(meanwhile))
	})
}

// withoutRemark is the reason of a version without the remark on the change that made it.
func (v Version) withoutRemark() words.Pair {
	return words.KeepAs(func(l words.Language) string {
		return strings.TrimSpace(strings.TrimSuffix(v.Reason.In(l), l.Say(meanwhile)))
	})
}

// addAll adds the versions of a change, each on top of those before it.
func (s *Service) addAll(tx *database.Tx, versions []Version, d derived, today localtime.Date) error {
	for _, v := range versions {
		h, err := HistoryOf(tx, v.Patient)
		if err != nil {
			return err
		}
		hash := database.BodyHash(v.ID)
		if v.ID == d.id {
			hash = d.hash
		}
		if err := s.add(tx, h, v, hash, today); err != nil {
			return err
		}
	}
	return nil
}

// changedBy returns a new version with the change, or the same items if the change does not concern it. What cannot be
// changed in it is refused: the change would last only until this version.
func (v Version) changedBy(d derived, b beside) (Version, error) {
	v.ID, b.partly = id.ProgramVersion(id.New()), true
	items, err := d.items(v, b)
	if errors.Is(err, ErrNothingChanged) {
		return v, nil
	}
	v.Items = items
	return v, err
}

// plannedAfter returns the versions that rules have planned for days after a day, in the order in which they will
// govern. Those that a later version replaces entirely are left out.
func (h History) plannedAfter(day localtime.Date) (planned []Version) {
	for _, v := range h.Versions {
		governs, _ := h.On(v.EffectiveFrom)
		if v.Origin.IsPlanned() && v.EffectiveFrom.After(day) && governs.ID == v.ID {
			planned = append(planned, v)
		}
	}
	return planned
}

func checkStart(from, today localtime.Date) error {
	switch {
	case from.Before(today):
		return fault.Input(fault.Violation{Pointer: "/effective_from", Code: "in-the-past"})
	case from.DaysSince(today) > maxPublishAhead:
		return fault.Input(fault.Violation{Pointer: "/effective_from", Code: "too-far-ahead"})
	default:
		return nil
	}
}
