package web_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/api/wire"
	"cadans/internal/kernel/access"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/internal/web"
)

// A form that replaces a whole object keeps what it does not show: opened and sent as it is, it changes nothing, with
// every field of the contract filled in.
func TestAFormThatReplacesAnObjectKeepsAllOfIt(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("Anna Jansen", "Europe/Amsterdam")
	own, draft := "/v1/practice/exercises/"+sys.NewID(), "/v1/patients/"+string(anna.ID)+"/program-draft"
	editor := strings.TrimSuffix(strings.TrimPrefix(draft, "/v1"), "-draft") + "/draft"
	library := "/library/" + own[strings.LastIndexByte(own, '/')+1:]
	cases := map[access.Operation]struct {
		member          *testkit.Member
		object          any
		api, page, form string
	}{
		"saveExercise": {
			therapist, wholeExercise(t, sys, therapist), own, library + "/edit", library,
		},
		access.SaveProgramDraft: {
			therapist, wholeDraft(t, sys, therapist, anna), draft, editor, "/program/draft",
		},
		"putPracticeSettings": {
			sys.Admin, wholeSettings(t, sys), "/v1/practice/settings", "/practice/settings", "/settings",
		},
	}
	for operation, tc := range cases {
		t.Run(string(operation), func(t *testing.T) {
			nothingEmpty(t, tc.object)
			var headers []string
			if operation == "putPracticeSettings" {
				headers = []string{"If-Match", sys.Call("GET", tc.api, tc.member.Token(), nil).Header.Get("ETag")}
			}
			put := sys.Call("PUT", tc.api, tc.member.Token(), tc.object, headers...)
			require.Less(t, put.Status, 300, string(put.Body))
			before := sys.Call("GET", tc.api, tc.member.Token(), nil)
			require.Equal(t, http.StatusOK, before.Status, string(before.Body))
			b := signedIn(t, sys, tc.member)
			b.form(tc.page, tc.form).sent()
			after := sys.Call("GET", tc.api, tc.member.Token(), nil)
			require.JSONEq(
				t, string(before.Body), string(after.Body),
				"the form on %s erases a field: show it there, or keep it where the form is saved", tc.page,
			)
		})
	}
	for _, operation := range replacing(t) {
		require.Contains(t, cases, operation, "a form of %s replaces a whole object: add it to the cases", operation)
	}
}

// partial are operations that are PUT, but whose bodies are an answer rather than an object that is edited.
var partial = []access.Operation{access.AnswerModule, access.DecideProgression, access.DecideProposal}

// replacing are the operations of forms that PUT.
func replacing(t *testing.T) (all []access.Operation) {
	t.Helper()
	contract, err := openapi3.NewLoader().LoadFromFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	for _, path := range contract.Paths.Map() {
		if path.Put == nil {
			continue
		}
		operation := access.Operation(path.Put.OperationID)
		isForm := slices.ContainsFunc(web.Pages(), func(p web.Page) bool {
			return p.Method == http.MethodPost && p.Operation == operation
		})
		if isForm && !slices.Contains(partial, operation) {
			all = append(all, operation)
		}
	}
	require.NotEmpty(t, all)
	return all
}

func wholeExercise(t *testing.T, sys *testkit.System, m *testkit.Member) wire.ExerciseDraft {
	t.Helper()
	hash := func(content []byte) *wire.MediaHash {
		added := sys.Call("POST", "/v1/practice/media", m.Token(), content, "Content-Type", "application/octet-stream")
		require.Equal(t, http.StatusCreated, added.Status, string(added.Body))
		var media wire.Media
		require.NoError(t, json.Unmarshal(added.Body, &media))
		return &media.Hash
	}
	text := wire.ExerciseText{Nl: new("Trek rustig."), En: new("Pull calmly.")}
	return wire.ExerciseDraft{
		Name: wire.ExerciseName{Nl: new("Handdoek"), En: new("Towel")}, Instructions: text, Cautions: &text,
		Module: "strength", Region: "neck", Equipment: []string{"chair", "band"}, SecondsPerSet: new(41),
		Dose:    wire.Dose{Sets: new(2), Reps: new(9), HoldS: new(3)},
		Picture: hash(testkit.Picture()), Film: hash(testkit.Film(2 << 10)),
	}
}

func wholeDraft(
	t *testing.T, sys *testkit.System, m *testkit.Member, p *testkit.Patient,
) wire.ProgramDraft {
	t.Helper()
	template, day := sys.NewID(), p.Today().AddDays(3).String()
	items := []wire.NewProgramItem{
		{
			ID: sys.NewID(), Exercise: "bridge", Dose: wire.Dose{Sets: new(3), Reps: new(9), HoldS: new(4)},
			MinimumDose: &wire.Dose{Sets: new(1), Reps: new(8), HoldS: new(2)},
			Schedule:    wire.Schedule{Kind: "weekly_quota", SessionsPerWeek: new(4), TimesPerDay: new(2)},
		},
		{
			ID: sys.NewID(), Exercise: "walk-easy", Dose: wire.Dose{Sets: new(1), Minutes: new(12)},
			MinimumDose: &wire.Dose{Sets: new(1), Minutes: new(5)},
			Schedule: wire.Schedule{
				Kind: "fixed_days", Days: []wire.ScheduleDays{"mon", "thu"}, TimesPerDay: new(1),
			},
		},
	}
	made := sys.Call("PUT", "/v1/program-templates/"+template, m.Token(), map[string]any{
		"name": "Basis", "items": []any{map[string]any{"core": true, "item": items[0]}},
	})
	require.Equal(t, http.StatusCreated, made.Status, string(made.Body))
	return wire.ProgramDraft{
		Items: items, EffectiveFrom: &day, TemplateID: &template, AdaptationReason: new("Loopt liever."),
	}
}

func wholeSettings(t *testing.T, sys *testkit.System) wire.PracticeSettings {
	t.Helper()
	now := sys.Call("GET", "/v1/practice/settings", sys.Admin.Token(), nil)
	var whole wire.PracticeSettings
	require.NoError(t, json.Unmarshal(now.Body, &whole))
	whole.LearnReminders = true
	whole.HoldOutWeeklyPercent, whole.HoldOutLapsePercent, whole.HoldOutMilestonePercent = 5, 6, 7
	return whole
}

// nothingEmpty expects each field of an object to be filled in somewhere in it, so that a new one is not forgotten.
func nothingEmpty(t *testing.T, object any) {
	t.Helper()
	filled := map[string]bool{}
	collect(reflect.ValueOf(object), reflect.TypeOf(object).Name(), filled)
	for field, is := range filled {
		if field != "ExerciseDraft.Dose.Minutes" && !is { // an exercise has either
			t.Errorf("%s is new: fill it in here, and see that the form keeps it", field)
		}
	}
}

func collect(v reflect.Value, name string, filled map[string]bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			filled[name] = filled[name] || false
			return
		}
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), name+"."+v.Type().Field(i).Name, filled)
		}
	case v.Kind() == reflect.Slice && v.Len() > 0:
		for i := range v.Len() {
			collect(v.Index(i), name, filled)
		}
	default:
		filled[name] = filled[name] || !v.IsZero()
	}
}
