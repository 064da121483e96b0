package access

import (
	"fmt"

	"cadans/internal/kernel/admission"
)

// Operation is the operationId of the contract.
type Operation string

// The operations that name a patient or a record of one; services pass them to Asks.
const (
	GetPatient             Operation = "getPatient"
	SetPhase               Operation = "setPhase"
	AssignTherapist        Operation = "assignTherapist"
	UnassignTherapist      Operation = "unassignTherapist"
	CreatePairing          Operation = "createPairing"
	GetPairing             Operation = "getPairing"
	RevokePairing          Operation = "revokePairing"
	GetCaseload            Operation = "getCaseload"
	GetPatientSummary      Operation = "getPatientSummary"
	ListPatientSessions    Operation = "listPatientSessions"
	ListProgramVersions    Operation = "listProgramVersions"
	PublishProgramVersion  Operation = "publishProgramVersion"
	WithdrawProgramVersion Operation = "withdrawProgramVersion"
	ListPatientPauses      Operation = "listPatientPauses"
	PausePatientProgram    Operation = "pausePatientProgram"
	ListPatientFeedback    Operation = "listPatientFeedback"
	SendFeedback           Operation = "sendFeedback"
	GetPreferences         Operation = "getPreferences"
	PutPreferences         Operation = "putPreferences"
	ListMyDevices          Operation = "listMyDevices"
	PutPushRegistration    Operation = "putPushRegistration"
	DeletePushRegistration Operation = "deletePushRegistration"
	GetToday               Operation = "getToday"
	GetMyProgram           Operation = "getMyProgram"
	LogSession             Operation = "logSession"
	ListMySessions         Operation = "listMySessions"
	GetMySession           Operation = "getMySession"
	CorrectSession         Operation = "correctSession"
	DeleteSession          Operation = "deleteSession"
	AddCorrectionNote      Operation = "addCorrectionNote"
	ReportBarrier          Operation = "reportBarrier"
	PauseMyProgram         Operation = "pauseMyProgram"
	ListMyPauses           Operation = "listMyPauses"
	EndMyPause             Operation = "endMyPause"
	GetProgress            Operation = "getProgress"
	GetActionPlan          Operation = "getActionPlan"
	SaveActionPlan         Operation = "saveActionPlan"
	ListMyReminders        Operation = "listMyReminders"
	RecordReminderReceipt  Operation = "recordReminderReceipt"
	SnoozeReminder         Operation = "snoozeReminder"
	GetReminderEffects     Operation = "getReminderEffects"
	ListMyFeedback         Operation = "listMyFeedback"
	RecordFeedbackReceipt  Operation = "recordFeedbackReceipt"
	ListAlerts             Operation = "listAlerts"
	ResolveAlert           Operation = "resolveAlert"
	GetAlert               Operation = "getAlert"
	AcknowledgeAlert       Operation = "acknowledgeAlert"
	AcknowledgeAlerts      Operation = "acknowledgeAlerts"
	SnoozeAlert            Operation = "snoozeAlert"
	ReopenAlert            Operation = "reopenAlert"
	GetAlertDigest         Operation = "getAlertDigest"
	GetMyAdherence         Operation = "getMyAdherence"
	GetMyPain              Operation = "getMyPain"
	GetPatientAdherence    Operation = "getPatientAdherence"
	GetPatientPain         Operation = "getPatientPain"
	RecordVisit            Operation = "recordVisit"
	ListVisits             Operation = "listVisits"
	GetPatientBrief        Operation = "getPatientBrief"
	GetPracticeMetrics     Operation = "getPracticeMetrics"
	ListPatientAccess      Operation = "listPatientAccess"
	ListMyAccess           Operation = "listMyAccess"
	ListAuditEvents        Operation = "listAuditEvents"
	StreamEvents           Operation = "streamEvents"
	RequestChange          Operation = "requestChange"
	ListMyChangeRequests   Operation = "listMyChangeRequests"
	ListChangeRequests     Operation = "listChangeRequests"
	CloseChangeRequest     Operation = "closeChangeRequest"
	ListSafetyReports      Operation = "listSafetyReports"
	DecideSafetyReport     Operation = "decideSafetyReport"
	GetMyIntake            Operation = "getMyIntake"
	SaveMyIntake           Operation = "saveMyIntake"
	SubmitMyIntake         Operation = "submitMyIntake"
	GetPatientIntake       Operation = "getPatientIntake"
	SavePatientIntake      Operation = "savePatientIntake"
	SubmitPatientIntake    Operation = "submitPatientIntake"
	ListIntakes            Operation = "listIntakes"
	CheckIn                Operation = "checkIn"
	SetAftermath           Operation = "setAftermath"
	ListProgressions       Operation = "listProgressions"
	DecideProgression      Operation = "decideProgression"
	GetProgressionSettings Operation = "getProgressionSettings"
	SetProgressionSettings Operation = "setProgressionSettings"
	ListMyProgressions     Operation = "listMyProgressions"
	UndoProgression        Operation = "undoProgression"
	DeclareFlare           Operation = "declareFlare"
	EndFlare               Operation = "endFlare"
	ListMyFlares           Operation = "listMyFlares"
	ListPatientFlares      Operation = "listPatientFlares"
	ChooseLighterProgram   Operation = "chooseLighterProgram"
	EndLighterProgram      Operation = "endLighterProgram"
	ListMyLighterPrograms  Operation = "listMyLighterPrograms"
	ListMyPrompts          Operation = "listMyPrompts"
	StoreActivity          Operation = "storeActivity"
	ListMyActivity         Operation = "listMyActivity"
	ListPatientActivity    Operation = "listPatientActivity"
	WithdrawActivity       Operation = "withdrawActivity"
	StartWalkingPlan       Operation = "startWalkingPlan"
	GetWalkingPlan         Operation = "getWalkingPlan"
	GetMyWalkingPlan       Operation = "getMyWalkingPlan"
	ReportRecurrence       Operation = "reportRecurrence"
	ListMyRecurrences      Operation = "listMyRecurrences"
	ListRecurrences        Operation = "listRecurrences"
	ReportAdverseEvent     Operation = "reportAdverseEvent"
	ListMyModules          Operation = "listMyModules"
	RespondToModule        Operation = "respondToModule"
	ListPatientModules     Operation = "listPatientModules"
	AnswerModule           Operation = "answerModule"
	ListMyActivities       Operation = "listValuedActivities"
	SaveValuedActivity     Operation = "saveValuedActivity"
	ListPatientActivities  Operation = "listPatientValuedActivities"
	ListQuestionnaireTasks Operation = "listQuestionnaireTasks"
	AnswerQuestionnaire    Operation = "answerQuestionnaire"
	ListScores             Operation = "listScores"
	ImportScore            Operation = "importScore"
	GetProgramDraft        Operation = "getProgramDraft"
	SaveProgramDraft       Operation = "saveProgramDraft"
	DiscardProgramDraft    Operation = "discardProgramDraft"
	PublishProgramDraft    Operation = "publishProgramDraft"
	ListAdaptations        Operation = "listAdaptations"
	GetRiskProfile         Operation = "getRiskProfile"
	SetRiskProfile         Operation = "setRiskProfile"
	AdjustProgram          Operation = "adjustProgram"
	CompleteProgram        Operation = "completeProgram"
	EndPatientPause        Operation = "endPatientPause"
	SwapExercise           Operation = "swapExercise"
	ListAlternatives       Operation = "listAlternatives"
	ProposeProgram         Operation = "proposeProgram"
	ListProposals          Operation = "listProposals"
	DecideProposal         Operation = "decideProposal"
)

// The operations that concern no single patient; services pass them to Enters.
const (
	GetMe               Operation = "getMe"
	ListExercises       Operation = "listExercises"
	GetPracticeSettings Operation = "getPracticeSettings"
	PutPracticeSettings Operation = "putPracticeSettings"
	GetMedia            Operation = "getMedia"
	AddMedia            Operation = "addMedia"
	GetOwnExercise      Operation = "getOwnExercise"
	SaveExercise        Operation = "saveExercise"
	ArchiveExercise     Operation = "archiveExercise"
	ListTemplates       Operation = "listTemplates"
	SaveTemplate        Operation = "saveTemplate"
	ArchiveTemplate     Operation = "archiveTemplate"
	CreatePatient       Operation = "createPatient"
	ListMembers         Operation = "listMembers"
	CreateMember        Operation = "createMember"
)

type rule struct {
	public bool
	scoped bool // about all patients that the viewer has the relation to
	roles  map[Role]Relation
}

var (
	public        = rule{public: true}
	pairing       = rule{public: true, roles: map[Role]Relation{Patient: Anybody}} // without it no phone writes
	anyone        = rule{roles: map[Role]Relation{Patient: Anybody, Therapist: Anybody, Admin: Anybody}}
	self          = rule{roles: map[Role]Relation{Patient: Self}}
	care          = rule{roles: map[Role]Relation{Therapist: Assigned, Admin: SamePractice}}
	treating      = rule{roles: map[Role]Relation{Therapist: Assigned}}
	allInCare     = rule{scoped: true, roles: care.roles}
	allTreated    = rule{scoped: true, roles: treating.roles}
	practice      = rule{roles: map[Role]Relation{Admin: SamePractice}}
	members       = rule{roles: map[Role]Relation{Therapist: Anybody, Admin: Anybody}}
	administering = rule{roles: map[Role]Relation{Admin: Anybody}}
)

// rules is the table. Admins run the practice and see its patients; what is clinical stays with who treats.
var rules = map[Operation]rule{
	"redeemPairing":      pairing,
	"logIn":              public,
	"refreshTokens":      pairing,
	"logOut":             anyone,
	GetMe:                anyone,
	ListExercises:        anyone,
	"getExercise":        anyone,
	"getIntakeForm":      anyone,
	"listEducationCards": anyone,
	"getQuestionnaire":   anyone,

	GetPreferences:         self,
	PutPreferences:         self,
	ListMyDevices:          self,
	PutPushRegistration:    self,
	DeletePushRegistration: self,
	GetToday:               self,
	GetMyProgram:           self,
	LogSession:             self,
	ListMySessions:         self,
	GetMySession:           self,
	CorrectSession:         self,
	DeleteSession:          self,
	AddCorrectionNote:      self,
	ReportBarrier:          self,
	PauseMyProgram:         self,
	ListMyPauses:           self,
	EndMyPause:             self,
	GetProgress:            self,
	GetActionPlan:          self,
	SaveActionPlan:         self,
	ListMyReminders:        self,
	RecordReminderReceipt:  self,
	SnoozeReminder:         self,
	ListMyFeedback:         self,
	RecordFeedbackReceipt:  self,
	GetMyIntake:            self,
	SaveMyIntake:           self,
	SubmitMyIntake:         self,
	CheckIn:                self,
	SwapExercise:           self,
	ListMyModules:          self,
	RespondToModule:        self,
	ListMyActivities:       self,
	SaveValuedActivity:     self,
	ListQuestionnaireTasks: self,
	AnswerQuestionnaire:    self,
	StoreActivity:          self,
	ListMyActivity:         self,
	WithdrawActivity:       self,
	GetMyWalkingPlan:       self,
	ReportRecurrence:       self,
	ListMyRecurrences:      self,
	ReportAdverseEvent:     self,
	SetAftermath:           self,
	ListMyProgressions:     self,
	UndoProgression:        self,
	DeclareFlare:           self,
	EndFlare:               self,
	ListMyFlares:           self,
	ChooseLighterProgram:   self,
	EndLighterProgram:      self,
	ListMyLighterPrograms:  self,
	ListMyPrompts:          self,
	ListAlternatives:       self,

	GetCaseload:            allInCare,
	ListAlerts:             allInCare,
	ResolveAlert:           treating,
	GetAlert:               care,
	AcknowledgeAlert:       treating,
	AcknowledgeAlerts:      allTreated,
	SnoozeAlert:            treating,
	ReopenAlert:            treating,
	GetAlertDigest:         allInCare,
	GetMyAdherence:         self,
	GetMyPain:              self,
	GetPatientAdherence:    care,
	GetPatientPain:         care,
	RecordVisit:            treating,
	ListVisits:             care,
	GetPatientBrief:        care,
	ListPatientAccess:      care,
	ListMyAccess:           self,
	ListAuditEvents:        administering,
	StreamEvents:           members,
	GetPracticeMetrics:     members,
	GetReminderEffects:     members,
	RequestChange:          self,
	ListMyChangeRequests:   self,
	ListChangeRequests:     care,
	CloseChangeRequest:     treating,
	ListSafetyReports:      care,
	DecideSafetyReport:     treating,
	GetPatientIntake:       care,
	ListIntakes:            care,
	SavePatientIntake:      treating,
	SubmitPatientIntake:    treating,
	ListProposals:          care,
	ProposeProgram:         treating,
	AdjustProgram:          treating,
	GetProgramDraft:        care,
	ListAdaptations:        care,
	GetRiskProfile:         care,
	SaveProgramDraft:       treating,
	DiscardProgramDraft:    treating,
	PublishProgramDraft:    treating,
	SetRiskProfile:         treating,
	ListPatientModules:     care,
	ListPatientActivities:  care,
	ListScores:             care,
	AnswerModule:           treating,
	ImportScore:            treating,
	ListPatientActivity:    care,
	GetWalkingPlan:         care,
	ListRecurrences:        care,
	StartWalkingPlan:       treating,
	ListProgressions:       care,
	GetProgressionSettings: care,
	ListPatientFlares:      care,
	DecideProgression:      treating,
	SetProgressionSettings: treating,
	CompleteProgram:        treating,
	EndPatientPause:        treating,
	DecideProposal:         treating,
	GetPatient:             care,
	GetPatientSummary:      care,
	ListPatientSessions:    care,
	ListProgramVersions:    care,
	ListPatientPauses:      care,
	ListPatientFeedback:    care,
	CreatePairing:          care,
	GetPairing:             care,
	RevokePairing:          care,
	PublishProgramVersion:  treating,
	WithdrawProgramVersion: treating,
	PausePatientProgram:    treating,
	SendFeedback:           treating,
	SetPhase:               treating,
	AssignTherapist:        practice,
	UnassignTherapist:      practice,
	GetPracticeSettings:    members,
	PutPracticeSettings:    administering,
	GetMedia:               anyone,
	AddMedia:               members,
	GetOwnExercise:         members,
	SaveExercise:           members,
	ArchiveExercise:        members,
	ListTemplates:          members,
	SaveTemplate:           members,
	ArchiveTemplate:        members,
	CreatePatient:          members,
	ListMembers:            members,
	CreateMember:           administering,
}

// publicPaths are the routes outside the contract: documents and health, which hold nothing about anybody.
var publicPaths = map[string]bool{
	"/v1/openapi.yaml": true,
	"/v1/openapi.json": true,
	"/docs":            true,
	"/docs/style.css":  true,
	"/docs/brief.css":  true,
	"/problems/:code":  true,
	"/healthz":         true,
	"/readyz":          true,
}

// Probes are the public paths at which a machine asks whether the program lives. They are
// answered however much there is to do.
var Probes = []string{"/healthz", "/readyz"}

// SignInPages are the pages at which members sign in. Their forms come from strangers, so they give way to all who are
// signed in.
var SignInPages = []string{"/sign-in", "/sign-in/code"}

// IsPublicPath reports whether a route outside the contract is open to everybody.
func IsPublicPath(path string) bool { return publicPaths[path] }

// ClassOf says who gives way to whom while there is too much to do. What a patient tells goes first. What members write
// was typed by somebody who waits, so it goes before the lists and pages that they look at.
func ClassOf(operation Operation, writes bool) admission.Class {
	_, ofPatients := rules[operation].roles[Patient]
	switch {
	case ofPatients && writes:
		return admission.Writes
	case ofPatients || writes && !rules[operation].public:
		return admission.Reads
	default:
		return admission.Rest
	}
}

// MustCover reports the first operation of the contract without a row, and the first row without an operation. The
// program does not start with either.
func MustCover(operations []Operation) error {
	known := map[Operation]bool{}
	for _, operation := range operations {
		known[operation] = true
		if _, ok := rules[operation]; !ok {
			return fmt.Errorf("access: operation %s has no row in the rule table", operation)
		}
	}
	for operation := range rules {
		if !known[operation] {
			return fmt.Errorf("access: the rule table has a row for %s, which the contract has not", operation)
		}
	}
	return nil
}
