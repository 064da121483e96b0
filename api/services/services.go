// Package services lists the use cases that operations and pages call. There is a single list, and nothing else in it.
package services

import (
	"cadans/internal/kernel/audit"
	"cadans/internal/kernel/auth"
	"cadans/internal/record/activity"
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/education"
	"cadans/internal/record/exercise"
	"cadans/internal/record/feedback"
	"cadans/internal/record/inbox"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/told"
	"cadans/internal/record/visit"
	"cadans/internal/record/wish"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/detour"
	"cadans/internal/rules/prevention"
	"cadans/internal/rules/progression"
	"cadans/internal/rules/proposal"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/caseload"
	"cadans/internal/screens/dossier"
	"cadans/internal/screens/overview"
	"cadans/internal/screens/progress"
	"cadans/internal/screens/prompt"
	"cadans/internal/screens/today"
)

// Set holds all use cases.
type Set struct {
	Activities     *activity.Service
	Alerts         *alert.Service
	Audit          *audit.Service
	Auth           *auth.Service
	Barriers       *barrier.Service
	Caseload       *caseload.Service
	Coping         *coping.Service
	Detours        *detour.Service
	Dossiers       *dossier.Service
	Education      *education.Service
	Exercises      *exercise.Service
	Feedback       *feedback.Service
	Founding       *people.Founding
	Inbox          *inbox.Service
	Intakes        *intake.Service
	Library        *exercise.Library
	Overview       *overview.Service
	People         *people.Service
	Prevention     *prevention.Service
	Programs       *program.Service
	Progress       *progress.Service
	Progressions   *progression.Service
	Prompts        *prompt.Service
	Proposals      *proposal.Service
	Questionnaires *questionnaire.Service
	Reminders      *reminder.Service
	Safety         *safety.Service
	Sessions       *session.Service
	Settings       *settings.Service
	Today          *today.Service
	Told           *told.Service
	Visits         *visit.Service
	Wishes         *wish.Service
}
