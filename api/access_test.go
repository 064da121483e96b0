package api_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// What each kind of operation answers to whom, written by hand and apart from the rule table. ok is any 2xx; ownID is
// about the caller, so that another patient with this patient's id is not found.
const ok = 200

var principals = []string{
	"stranger", "patient", "other patient", "own therapist", "colleague", "own admin", "other practice's therapist",
	"other practice's admin",
}

var expectations = map[string][]int{ //   stranger patient other own colleague admin otherT otherA
	"anyone":             {401, ok, ok, ok, ok, ok, ok, ok},
	"self":               {401, ok, ok, 403, 403, 403, 403, 403},
	"own practice":       {401, ok, ok, ok, ok, ok, 404, 404},
	"self, own id":       {401, ok, 404, 403, 403, 403, 403, 403},
	"self, own body":     {401, ok, 400, 403, 403, 403, 403, 403}, // names a version of this patient
	"list, own practice": {401, 403, 403, ok, ok, ok, 404, 404},
	"self, own plan":     {401, ok, 404, 403, 403, 403, 403, 403}, // the other has none
	"care":               {401, 403, 403, ok, 404, ok, 404, 404},
	"treating":           {401, 403, 403, ok, 404, 403, 404, 403},
	"practice":           {401, 403, 403, 403, 403, ok, 403, 404},
	"list":               {401, 403, 403, ok, ok, ok, ok, ok},
	"admin":              {401, 403, 403, 403, 403, ok, 403, ok},
}

var kinds = map[string]string{
	"getMe": "anyone", "listExercises": "anyone", "getExercise": "anyone", "logOut": "anyone",
	"getPreferences": "self", "putPreferences": "self", "listMyDevices": "self", "getToday": "self",
	"getMyProgram": "self", "listMySessions": "self", "reportBarrier": "self", "listMyPauses": "self",
	"pauseMyProgram": "self", "getProgress": "self", "getActionPlan": "self, own plan", "saveActionPlan": "self",
	"listMyReminders": "self", "recordReminderReceipt": "self, own id", "snoozeReminder": "self, own id",
	"getReminderEffects": "list", "listMyFeedback": "self", "logSession": "self, own body",
	"putPushRegistration": "self, own id", "deletePushRegistration": "self, own id", "getMySession": "self, own id",
	"correctSession": "self, own id", "deleteSession": "self, own id", "addCorrectionNote": "self, own id",
	"endMyPause": "self, own id", "recordFeedbackReceipt": "self, own id",
	"getPatient": "care", "getPatientSummary": "care", "listPatientSessions": "care", "listProgramVersions": "care",
	"listPatientPauses": "care", "listPatientFeedback": "care", "createPairing": "care", "getPairing": "care",
	"revokePairing": "care", "publishProgramVersion": "treating",
	"withdrawProgramVersion": "treating", "pausePatientProgram": "treating",
	"sendFeedback": "treating", "setPhase": "treating", "getIntakeForm": "anyone", "getMyIntake": "self",
	"saveMyIntake": "self", "checkIn": "self", "submitMyIntake": "self", "getPatientIntake": "care",
	"listIntakes": "care", "listSafetyReports": "care", "savePatientIntake": "treating",
	"submitPatientIntake": "treating", "decideSafetyReport": "treating", "resolveAlert": "treating",
	"listAlerts": "list", "listPatientAccess": "care", "listMyAccess": "self", "listAuditEvents": "admin",
	"getPracticeMetrics": "list", "streamEvents": "care", "getMyAdherence": "self", "getMyPain": "self",
	"getPatientAdherence": "care", "getPatientPain": "care", "listVisits": "care", "recordVisit": "treating",
	"getPatientBrief": "care", "getAlert": "care", "acknowledgeAlert": "treating", "acknowledgeAlerts": "treating",
	"snoozeAlert": "treating", "reopenAlert": "treating", "getAlertDigest": "list", "requestChange": "self",
	"listMyChangeRequests": "self", "listChangeRequests": "care", "closeChangeRequest": "treating",
	"listProposals": "care", "proposeProgram": "treating", "decideProposal": "treating", "setAftermath": "self, own id",
	"listMyProgressions": "self", "undoProgression": "self, own id", "declareFlare": "self",
	"chooseLighterProgram": "self", "endLighterProgram": "self, own id", "listMyLighterPrograms": "self",
	"listMyPrompts": "self", "endFlare": "self, own id", "listMyFlares": "self", "listPatientFlares": "care",
	"listProgressions": "care", "getProgressionSettings": "care", "setProgressionSettings": "treating",
	"decideProgression": "treating", "storeActivity": "self", "listMyActivity": "self", "withdrawActivity": "self",
	"getMyWalkingPlan": "self, own plan", "reportRecurrence": "self", "listMyRecurrences": "self",
	"reportAdverseEvent": "self", "listPatientActivity": "care", "getWalkingPlan": "care", "listRecurrences": "care",
	"startWalkingPlan": "treating", "listMyModules": "self", "respondToModule": "self", "listPatientModules": "care",
	"answerModule": "treating", "listEducationCards": "anyone", "listValuedActivities": "self",
	"saveValuedActivity": "self", "listPatientValuedActivities": "care", "getQuestionnaire": "anyone",
	"listQuestionnaireTasks": "self", "answerQuestionnaire": "self", "listScores": "care", "importScore": "treating",
	"getProgramDraft": "care", "saveProgramDraft": "treating", "discardProgramDraft": "treating",
	"publishProgramDraft": "treating", "listAdaptations": "care", "getRiskProfile": "care",
	"setRiskProfile": "treating", "listTemplates": "list", "saveTemplate": "list",
	"archiveTemplate": "list, own practice", "getOwnExercise": "list, own practice",
	"archiveExercise": "list, own practice", "saveExercise": "list", "addMedia": "list", "getMedia": "own practice",
	"getPracticeSettings": "list", "putPracticeSettings": "admin",
	"adjustProgram": "treating", "completeProgram": "treating", "endPatientPause": "treating",
	"listAlternatives": "self, own id", "swapExercise": "self, own body",
	"assignTherapist": "practice", "unassignTherapist": "practice",
	"getCaseload": "list", "listMembers": "list", "createPatient": "list", "createMember": "admin",
}

var public = map[string]int{"redeemPairing": 404, "logIn": 401, "refreshTokens": 401}

// worlds is over how many systems the operations are spread, so that they are called side by side.
const worlds = 6

// Every operation of the contract is called by everybody. What is refused says nothing about the patient and stores
// nothing.
func TestEverybodyCallsEverything(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a thousand requests: make test sends them")
	}
	operations := operationsOf(t)
	require.Greater(t, len(operations), 40)
	for i := range worlds {
		t.Run("world "+strconv.Itoa(i+1), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for j := i; j < len(operations); j += worlds {
				t.Run(operations[j], func(t *testing.T) { w.everybodyCalls(t, operations[j]) })
			}
		})
	}
}

// operationsOf returns those of the contract; logOut comes last, as it ends the tokens of its world.
func operationsOf(t *testing.T) (operations []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	document, err := openapi3.NewLoader().LoadFromData(text)
	require.NoError(t, err)
	for _, item := range document.Paths.Map() {
		for _, op := range item.Operations() {
			operations = append(operations, op.OperationID)
		}
	}
	slices.Sort(operations)
	return append(slices.DeleteFunc(operations, func(o string) bool { return o == "logOut" }), "logOut")
}

func (w *world) everybodyCalls(t *testing.T, operation string) {
	t.Helper()
	if status, isPublic := public[operation]; isPublic {
		w.renew(operation)
		r := w.requests()[operation]
		require.Equal(t, status, w.Call(r.method, r.path, "", r.body).Status)
		return
	}
	kind, known := kinds[operation]
	require.True(t, known, "operation %s has no expectation in this test", operation)
	used := true // what is refused leaves the records as they are
	for i, who := range principals {
		if used && operation != "logOut" {
			w.renew(operation)
		}
		w.expect(t, operation, who, expectations[kind][i])
		used = expectations[kind][i] == ok
	}
}

func (w *world) expect(t *testing.T, operation, who string, want int) {
	t.Helper()
	tokens := map[string]string{
		"patient":                    w.patient.Token(),
		"other patient":              w.other.Token(),
		"own therapist":              w.own.Token(),
		"colleague":                  w.colleague.Token(),
		"own admin":                  w.Admin.Token(),
		"other practice's therapist": w.otherTherapist.Token(),
		"other practice's admin":     w.otherAdmin.Token(),
	}
	r := request{method: "DELETE", path: "/v1/auth/session"}
	if operation != "logOut" {
		r = w.requests()[operation]
	}
	before, logged := w.Stored(), w.accessLog()
	got := w.Call(r.method, r.path, tokens[who], r.body, r.headers...)
	for _, outcome := range []string{"allowed", "denied", "failed"} {
		require.Equal(
			t, rowsFor(operation, who, want)[outcome], w.accessLog()[outcome]-logged[outcome],
			"%s in the access log of %s by %s", outcome, operation, who,
		)
	}
	if want == ok {
		require.True(t, got.Status >= 200 && got.Status < 300, "%s by %s: %d %s", operation, who, got.Status, got.Body)
		return
	}
	require.Equal(t, want, got.Status, "%s by %s: %s", operation, who, got.Body)
	require.NotContains(t, string(got.Body), "Canary")
	after := w.Stored()
	before["told"] = after["told"] // what a phone told is kept
	require.Equal(t, before, after, "%s by %s was refused and stored something", operation, who)
}

// accessLog counts the rows in the log by outcome.
func (w *world) accessLog() map[string]int {
	counts := map[string]int{}
	err := w.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		outcomes, err := database.Column[string](tx, "SELECT outcome FROM access_log")
		for _, outcome := range outcomes {
			counts[outcome]++
		}
		return err
	})
	if err != nil {
		panic(err)
	}
	return counts
}

// rowsFor is what one request leaves in the access log: one row where a member asked about people.
func rowsFor(operation, who string, want int) map[string]int {
	isMember := strings.Contains(who, "therapist") || strings.Contains(who, "admin") || who == "colleague"
	isTemplate := want == http.StatusNotFound && kinds[operation] == "list, own practice" // about nobody
	switch {
	// a stream about a patient
	case !isMember || !access.Concerns(access.Operation(operation)) && operation != "streamEvents" || isTemplate:
		return nil
	case want == ok:
		return map[string]int{"allowed": 1}
	default:
		return map[string]int{"denied": 1}
	}
}

// Fiber answers HEAD where GET is registered; the guard must stand there too.
func TestHeadIsGuardedLikeGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, http.StatusUnauthorized, w.Call("HEAD", "/v1/caseload", "", nil).Status)
	require.Equal(t, http.StatusForbidden, w.Call("HEAD", "/v1/caseload", w.patient.Token(), nil).Status)
	require.Equal(t, http.StatusNotFound, w.Call("HEAD", w.at("/summary"), w.colleague.Token(), nil).Status)
	require.Equal(t, http.StatusOK, w.Call("HEAD", w.at("/summary"), w.own.Token(), nil).Status)
}

// Two patients may choose the same session id; neither learns of the other.
func TestTwoPatientsMayChooseTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.patient.FullSession(w.Clock.Now(), 3, 3)
	w.patient.Logs(first, http.StatusCreated)
	second := w.other.FullSession(w.Clock.Now(), 5, 5)
	second.ID = first.ID
	w.other.Logs(second, http.StatusCreated)
	require.Equal(t, 3, *w.patient.Logs(first, http.StatusOK).JSON200.PainBefore)
	require.Equal(t, 5, *w.other.Logs(second, http.StatusOK).JSON200.PainBefore)
}

// A therapist whose relation ended is a stranger at once.
func TestAnEndedRelationEndsAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, http.StatusOK, w.Call("GET", w.at("/summary"), w.own.Token(), nil).Status)
	require.Equal(
		t, http.StatusNoContent, w.Call("DELETE", w.at("/therapists/"+string(w.own.ID)), w.Admin.Token(), nil).Status,
	)
	require.Equal(t, http.StatusNotFound, w.Call("GET", w.at("/summary"), w.own.Token(), nil).Status)
}
