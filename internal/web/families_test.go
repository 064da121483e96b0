package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/rules/reminder"
)

// families are the codes of each kind of key that pages compose.
func families() map[string][]string {
	codes := map[string][]string{
		"region.":              regions,
		"equipment.":           equipment,
		"practice.dimension.":  {"reach", "effectiveness", "adoption", "implementation", "maintenance"},
		"module.":              {"education"},
		"standing.":            {"PROGRESS", "HOLD", "REGRESS", "TASK"},
		"definition.":          nil,
		"education.state.":     {"open", "draft", "submitted", "feedback_given"},
		"effects.arm.":         arms(reminder.Plain, reminder.IfThen, reminder.Tailored, reminder.Benefit),
		"questionnaires.name.": {"odi", "qbpds", "rmdq"},
	}
	for _, d := range questionnaire.Definitions() {
		codes["questionnaires.name."] = append(codes["questionnaires.name."], d.Key)
	}
	for _, u := range []alert.Urgency{alert.Now, alert.Today, alert.ThisWeek, alert.NextVisit} {
		codes["alert.urgency."] = append(codes["alert.urgency."], string(u))
	}
	for _, c := range people.Complaints() {
		codes["complaint."] = append(codes["complaint."], string(c))
	}
	for _, b := range settings.Bounds {
		codes["settings.number."] = append(codes["settings.number."], b.Key)
	}
	for _, r := range program.PauseReasons() {
		codes["pause.reason."] = append(codes["pause.reason."], string(r))
	}
	for _, s := range []session.Status{session.Completed, session.Partial, session.Stopped} {
		codes["sessions.status."] = append(codes["sessions.status."], string(s))
	}
	for _, m := range modules {
		codes["module."] = append(codes["module."], string(m))
	}
	for _, d := range definitions {
		codes["definition."] = append(codes["definition."], d+".name", d+".text")
	}
	return codes
}

func arms(list ...reminder.Arm) (codes []string) {
	for _, arm := range list {
		codes = append(codes, string(arm))
	}
	return codes
}

// Every code has its words in every language, and no page composes keys of another kind unless it asks whether they are
// there.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	for prefix, codes := range families() {
		require.NotEmpty(t, codes, prefix)
		for _, code := range codes {
			for _, l := range words.All() {
				require.True(t, l.Has(prefix+code), "%s: %s%s", l, prefix, code)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	composed := regexp.MustCompile(`(?:Say\(|key := )"([a-z_.]+\.)" ?\+`)
	var found []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range composed.FindAllSubmatch(source, -1) {
			found = append(found, string(m[1]))
		}
	}
	slices.Sort(found)
	require.Equal(t, []string{
		"alert.urgency.", "complaint.", "definition.", "education.state.", "effects.arm.", "effects.reminder.",
		"equipment.", "module.", "pause.reason.", "practice.dimension.", "questionnaires.name.", "region.",
		"sessions.status.",
		"settings.number.", "standing.",
	}, slices.Compact(found), "those of stored codes ask Has")
}
