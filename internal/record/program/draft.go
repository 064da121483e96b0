package program

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Draft is an unpublished program, invisible to the patient. Based is the Etag of the program it builds on: publishing
// fails if a version was published or withdrawn since. Such a draft has another Etag, and saving it with that one,
// which only who has read it again knows, builds it on the program as it is now.
type Draft struct {
	EffectiveFrom localtime.Date // zero: the day of publishing
	Items         []NewItem
	Template      id.Template // empty without one
	Reason        string      // why it deviates from the template
	Based         string
	Moved         string    // the Etag of the program; empty while it is Based
	By            id.Member // who saved it last
}

// Etag identifies the content, for conditional writes.
func (d Draft) Etag() string {
	if d.Moved != "" {
		return database.BodyHash([]any{d.hashed(), d.Moved})
	}
	return database.BodyHash(d.hashed())
}

// Draft returns a patient's draft, or ErrNoDraft.
func (s *Service) Draft(ctx context.Context, v access.Viewer, patient id.Patient) (Draft, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetProgramDraft, patient), func(tx *database.Tx) (Draft, error) {
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return Draft{}, err
		}
		return newStore(tx).draft(patient, h)
	})
}

// SaveDraft replaces a patient's draft. Replacing an existing one requires its last-read Etag, unless the content is
// the same. A draft may be incomplete; PublishDraft validates it.
func (s *Service) SaveDraft(
	ctx context.Context, v access.Viewer, patient id.Patient, d Draft, based string,
) (Draft, error) {
	return access.Write(ctx, s.guard, v.Asks(access.SaveProgramDraft, patient), func(tx *database.Tx) (Draft, error) {
		store := newStore(tx)
		if err := s.checkDraft(store, v.Practice, d); err != nil {
			return Draft{}, err
		}
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return Draft{}, err
		}
		d.By = v.Member
		stored, err := store.draft(patient, h)
		switch {
		case fault.Is(err, fault.NotFound):
			d.Based, d.Moved = h.Etag(), ""
			return d, store.saveDraft(patient, d)
		case err != nil:
			return Draft{}, err
		}
		return store.replaceDraft(patient, stored, d, based)
	})
}

// replaceDraft saves a draft in the place of the stored one, if based is that one's Etag or if both say the same.
func (s store) replaceDraft(patient id.Patient, stored, d Draft, based string) (Draft, error) {
	d.Based, d.Moved = stored.Based, stored.Moved
	isRead := based == stored.Etag()
	switch {
	case d.Etag() == stored.Etag() && !(isRead && stored.Moved != ""):
		return stored, nil
	case based == "":
		return Draft{}, ErrUnconditional
	case !isRead:
		return Draft{}, ErrStale
	case stored.Moved != "":
		d.Based, d.Moved = stored.Moved, ""
	}
	return d, s.saveDraft(patient, d)
}

// checkDraft refuses a draft with an exercise or a template that the practice does not have. Archived ones are
// accepted.
func (s *Service) checkDraft(store store, practice id.Practice, d Draft) error {
	library, err := s.library.Of(store.tx, practice)
	if err != nil {
		return err
	}
	var wrong []fault.Violation
	for i, item := range d.Items {
		if _, err := library.Find(item.Exercise); err != nil {
			wrong = append(
				wrong, fault.Violation{Pointer: "/items/" + strconv.Itoa(i) + "/exercise", Code: "unknown-exercise"},
			)
		}
	}
	if d.Template != "" {
		template, err := store.template(practice, d.Template)
		if err != nil {
			return err
		}
		if template == nil {
			wrong = append(wrong, fault.Violation{Pointer: "/template_id", Code: "unknown-template"})
		}
	}
	return fault.Input(wrong...)
}

// DiscardDraft deletes a draft. Repeating it changes nothing.
func (s *Service) DiscardDraft(ctx context.Context, v access.Viewer, patient id.Patient) error {
	return access.Change(ctx, s.guard, v.Asks(access.DiscardProgramDraft, patient), func(tx *database.Tx) error {
		return newStore(tx).discardDraft(patient)
	})
}

// PublishDraft publishes the draft as the patient's next version and deletes the draft. Based is the draft's last-read
// Etag. A draft made from a template must keep the core items unchanged and give a reason for other differences;
// template and reason are stored. Repeating it with the same version returns what is stored, or ErrWithdrawn.
func (s *Service) PublishDraft(
	ctx context.Context, v access.Viewer, patient id.Patient, version id.ProgramVersion, based string,
) (History, bool, error) {
	ask := v.Asks(access.PublishProgramDraft, patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (History, bool, error) {
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return History{}, false, err
		}
		if h.isWithdrawn(version) {
			return History{}, false, ErrWithdrawn
		}
		if _, published := h.Version(version); published {
			return h, false, nil
		}
		if err := s.publishDraft(tx, v, h, patient, version, based); err != nil {
			return History{}, false, err
		}
		h, err = HistoryOf(tx, patient)
		return h, true, err
	})
}

func (s *Service) publishDraft(
	tx *database.Tx, v access.Viewer, h History, patient id.Patient, version id.ProgramVersion, based string,
) error {
	store := newStore(tx)
	d, err := store.draft(patient, h)
	switch {
	case err != nil:
		return err
	case based == "":
		return ErrUnconditional
	case based != d.Etag():
		return ErrStale
	}
	if d.EffectiveFrom.IsZero() {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		d.EffectiveFrom = p.Today(tx.Now())
	}
	if len(d.Items) == 0 {
		return fault.Input(fault.Violation{Pointer: "/items", Code: "too-few"})
	}
	adaptation, err := d.adaptation(store, v.Practice)
	if err != nil {
		return err
	}
	if _, err := s.publish(
		tx, v, patient, NewVersion{ID: version, EffectiveFrom: d.EffectiveFrom, Items: d.Items}, d.Based,
	); err != nil {
		return err
	}
	if adaptation != nil {
		if err := store.insertAdaptation(patient, version, *adaptation); err != nil {
			return err
		}
	}
	return store.discardDraft(patient)
}

// Adaptation records how a program deviates from its template.
type Adaptation struct {
	Version  id.ProgramVersion
	Template id.Template
	Revision int
	Changed  bool
	Reason   string
}

// adaptation compares a draft with its template; it returns nil without one.
func (d Draft) adaptation(s store, practice id.Practice) (*Adaptation, error) {
	if d.Template == "" {
		return nil, nil
	}
	template, err := s.template(practice, d.Template)
	if err != nil {
		return nil, err
	}
	if template == nil {
		return nil, fault.Input(fault.Violation{Pointer: "/template_id", Code: "unknown-template"})
	}
	changed, err := template.adapt(d.Items, d.Reason)
	return &Adaptation{Template: d.Template, Revision: template.Revision, Changed: changed, Reason: d.Reason}, err
}

// Adaptations returns how a patient's programs deviate from their templates, without versions that were withdrawn.
func (s *Service) Adaptations(ctx context.Context, v access.Viewer, patient id.Patient) ([]Adaptation, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListAdaptations, patient),
		func(tx *database.Tx) ([]Adaptation, error) {
			return newStore(tx).adaptations(patient)
		})
}

// draftDocument is a draft as stored.
type draftDocument struct {
	EffectiveFrom string          `json:"effective_from,omitempty"`
	Items         json.RawMessage `json:"items"`
	Template      id.Template     `json:"template,omitempty"`
	Reason        string          `json:"reason,omitempty"`
	Based         string          `json:"based"`
}

// draft returns the draft of a patient who has a history, or ErrNoDraft.
func (s store) draft(patient id.Patient, h History) (Draft, error) {
	found := false
	var d Draft
	err := s.tx.Rows("SELECT content, saved_by FROM program_drafts WHERE patient_id = ?", []any{patient},
		func(rows *sql.Rows) error {
			found = true
			var content []byte
			var by id.Member
			if err := rows.Scan(&content, &by); err != nil {
				return err
			}
			var doc draftDocument
			if err := json.Unmarshal(content, &doc); err != nil {
				return err
			}
			d = Draft{Template: doc.Template, Reason: doc.Reason, Based: doc.Based, By: by, Items: []NewItem{}}
			if now := h.Etag(); now != d.Based {
				d.Moved = now
			}
			if doc.EffectiveFrom != "" {
				d.EffectiveFrom = localtime.MustParseDate(doc.EffectiveFrom)
			}
			items, err := decodeItems(doc.Items)
			for _, item := range items {
				d.Items = append(d.Items, item.AsNew())
			}
			return err
		})
	if err == nil && !found {
		err = ErrNoDraft
	}
	return d, database.Wrap("program: draft", err)
}

func (s store) saveDraft(patient id.Patient, d Draft) error {
	items := make([]Item, len(d.Items))
	for i, item := range d.Items {
		items[i] = item.asItem()
	}
	encoded, err := encodeItems(items)
	if err != nil {
		return err
	}
	doc := draftDocument{Items: json.RawMessage(encoded), Template: d.Template, Reason: d.Reason, Based: d.Based}
	if !d.EffectiveFrom.IsZero() {
		doc.EffectiveFrom = d.EffectiveFrom.String()
	}
	content, err := json.Marshal(doc)
	if err != nil {
		return database.Wrap("program: encode draft", err)
	}
	_, err = s.tx.Exec(`INSERT INTO program_drafts (patient_id, content, saved_at, saved_by) VALUES (?, ?, ?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at,
		saved_by = excluded.saved_by`,
		patient, string(content), database.At(s.tx.Now()), d.By)
	return database.Wrap("program: save draft", err)
}

func (s store) discardDraft(patient id.Patient) error {
	_, err := s.tx.Exec("DELETE FROM program_drafts WHERE patient_id = ?", patient)
	return database.Wrap("program: discard draft", err)
}

func (s store) insertAdaptation(patient id.Patient, version id.ProgramVersion, a Adaptation) error {
	_, err := s.tx.Exec("INSERT INTO program_adaptations (patient_id, version_id, template_id, revision, changed, "+
		"reason) VALUES (?, ?, ?, ?, ?, ?)",
		patient, version, a.Template, a.Revision, a.Changed, a.Reason)
	return database.Wrap("program: insert adaptation", err)
}

func (s store) adaptations(patient id.Patient) ([]Adaptation, error) {
	var list []Adaptation
	err := s.tx.Rows(`SELECT a.version_id, a.template_id, a.revision, a.changed, a.reason FROM program_adaptations a
		JOIN program_versions v ON v.patient_id = a.patient_id AND v.id = a.version_id
		WHERE a.patient_id = ? AND NOT EXISTS (SELECT 1 FROM program_withdrawals w
			WHERE w.patient_id = a.patient_id AND w.version_id = a.version_id) ORDER BY v.number`,
		[]any{patient}, func(rows *sql.Rows) error {
			var a Adaptation
			err := rows.Scan(&a.Version, &a.Template, &a.Revision, &a.Changed, &a.Reason)
			list = append(list, a)
			return err
		})
	return list, database.Wrap("program: adaptations", err)
}
