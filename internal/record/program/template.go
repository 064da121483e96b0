package program

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
)

// Errors about templates and drafts.
var (
	ErrNoTemplate = fault.New(fault.NotFound, "not-found", "no such template")
	ErrNoDraft    = fault.New(fault.NotFound, "not-found", "no draft")
)

// TemplateItem is an item of a template. Core items define the program and must stay unchanged; the others are optional
// (Replicating Effective Programs: core elements and menu options).
type TemplateItem struct {
	NewItem
	Core bool
}

// Template is a practice's own program to start from.
type Template struct {
	ID       id.Template
	Name     string
	Items    []TemplateItem
	Revision int
}

// Etag identifies the content, for conditional writes.
func (t Template) Etag() string { return database.BodyHash(t.hashed()) }

func (t Template) check(library *exercise.Library) error {
	var wrong []fault.Violation
	core := false
	for i, item := range t.Items {
		at := "/items/" + strconv.Itoa(i)
		core = core || item.Core
		e, err := library.Find(item.Exercise)
		if err != nil {
			wrong = append(wrong, fault.Violation{Pointer: at + "/exercise", Code: "unknown-exercise"})
			continue
		}
		wrong = append(wrong, item.check(at, e)...)
	}
	if !core {
		wrong = append(wrong, fault.Violation{Pointer: "/items", Code: "no-core"})
	}
	return fault.Input(wrong...)
}

// Templates returns the templates of the viewer's practice by name.
func (s *Service) Templates(ctx context.Context, v access.Viewer) ([]Template, error) {
	return access.Read(ctx, s.guard, v.Enters(access.ListTemplates), func(tx *database.Tx) ([]Template, error) {
		return newStore(tx).templates(
			selectTemplates+" WHERE practice_id = ? AND archived_at IS NULL ORDER BY name, id", v.Practice,
		)
	})
}

// SaveTemplate stores a template of the viewer's practice. Replacing an existing one requires its last-read Etag,
// unless the content is the same.
func (s *Service) SaveTemplate(
	ctx context.Context, v access.Viewer, t Template, based string,
) (Template, bool, error) {
	return access.Create(ctx, s.guard, v.Enters(access.SaveTemplate), func(tx *database.Tx) (Template, bool, error) {
		library, err := s.library.Of(tx, v.Practice)
		if err != nil {
			return Template{}, false, err
		}
		if err := t.check(library); err != nil {
			return Template{}, false, err
		}
		store := newStore(tx)
		stored, err := store.template(v.Practice, t.ID)
		if err != nil {
			return Template{}, false, err
		}
		if stored == nil {
			t.Revision = 1
			return t, true, store.saveTemplate(v, t)
		}
		t.Revision = stored.Revision
		switch {
		case t.Etag() == stored.Etag():
			return *stored, false, nil
		case based == "":
			return Template{}, false, ErrUnconditional
		case based != stored.Etag():
			return Template{}, false, ErrStale
		}
		t.Revision++
		return t, false, store.saveTemplate(v, t)
	})
}

// ArchiveTemplate removes a template from the list; programs made from it stay. Repeating it changes nothing.
func (s *Service) ArchiveTemplate(ctx context.Context, v access.Viewer, template id.Template) error {
	return access.Change(ctx, s.guard, v.Enters(access.ArchiveTemplate), func(tx *database.Tx) error {
		stored, err := newStore(tx).template(v.Practice, template)
		if err == nil && stored == nil {
			err = ErrNoTemplate
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(
			"UPDATE program_templates SET archived_at = ? WHERE practice_id = ? AND id = ? AND archived_at IS NULL",
			database.At(tx.Now()), v.Practice, template,
		)
		return database.Wrap("program: archive template", err)
	})
}

// adapt compares items with a template: core items must be unchanged, and any other difference needs a reason.
func (t Template) adapt(items []NewItem, reason string) (bool, error) {
	var wrong []fault.Violation
	used := make([]bool, len(items))
	var changed bool
	for _, wanted := range t.Items {
		i := slices.IndexFunc(items, func(it NewItem) bool { return it.isSameAs(wanted.NewItem) })
		if i >= 0 {
			used[i] = true
			continue
		}
		changed = true
		if wanted.Core {
			wrong = append(wrong, fault.Violation{Pointer: "/items", Code: "core-locked"})
		}
	}
	changed = changed || slices.Contains(used, false)
	if changed && reason == "" {
		wrong = append(wrong, fault.Violation{Pointer: "/adaptation_reason", Code: "required"})
	}
	return changed, fault.Input(wrong...)
}

// isSameAs compares items, ignoring their ids.
func (n NewItem) isSameAs(other NewItem) bool {
	n.ID, other.ID = "", ""
	return database.BodyHash(n.hashed()) == database.BodyHash(other.hashed())
}

// templateDocument is an item of a template as stored.
type templateDocument struct {
	Item json.RawMessage `json:"item"`
	Core bool            `json:"core"`
}

func (s store) saveTemplate(v access.Viewer, t Template) error {
	documents := make([]templateDocument, len(t.Items))
	for i, item := range t.Items {
		encoded, err := encodeItems([]Item{item.asItem()})
		if err != nil {
			return err
		}
		documents[i] = templateDocument{Item: json.RawMessage(encoded), Core: item.Core}
	}
	items, err := json.Marshal(documents)
	if err != nil {
		return database.Wrap("program: encode template", err)
	}
	_, err = s.tx.Exec(`INSERT INTO program_templates (practice_id, id, name, items, revision, saved_at, saved_by)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (practice_id, id) DO UPDATE
		SET name = excluded.name, items = excluded.items, revision = excluded.revision,
		saved_at = excluded.saved_at, saved_by = excluded.saved_by, archived_at = NULL`,
		v.Practice, t.ID, t.Name, string(items), t.Revision, database.At(s.tx.Now()), v.Member)
	return database.Wrap("program: save template", err)
}

const selectTemplates = "SELECT id, name, items, revision FROM program_templates"

// template returns a template of a practice, archived or not; nil if there is none.
func (s store) template(practice id.Practice, template id.Template) (*Template, error) {
	found, err := s.templates(selectTemplates+" WHERE practice_id = ? AND id = ?", practice, template)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// templates runs a query that starts with selectTemplates.
func (s store) templates(query string, args ...any) ([]Template, error) {
	var templates []Template
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		t, err := scanTemplate(rows)
		templates = append(templates, t)
		return err
	})
	return templates, database.Wrap("program: templates", err)
}

func scanTemplate(rows *sql.Rows) (Template, error) {
	var t Template
	var stored []byte
	if err := rows.Scan(&t.ID, &t.Name, &stored, &t.Revision); err != nil {
		return t, err
	}
	var documents []templateDocument
	if err := json.Unmarshal(stored, &documents); err != nil {
		return t, err
	}
	for _, d := range documents {
		items, err := decodeItems(d.Item)
		if err != nil {
			return t, err
		}
		t.Items = append(t.Items, TemplateItem{NewItem: items[0].AsNew(), Core: d.Core})
	}
	return t, nil
}

func (n NewItem) asItem() Item {
	return Item{ID: n.ID, Exercise: n.Exercise, Dose: n.Dose, Minimum: n.Minimum, Schedule: n.Schedule}
}

// AsNew returns the item as a new version would ask it again.
func (i Item) AsNew() NewItem {
	return NewItem{ID: i.ID, Exercise: i.Exercise, Dose: i.Dose, Minimum: i.Minimum, Schedule: i.Schedule}
}
