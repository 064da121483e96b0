package prevention

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/pkg/localtime"
)

// What a therapist is told is kept in both languages, with what the contact is for and where it hurts.
func TestWhatATherapistIsTold(t *testing.T) {
	t.Parallel()
	usual := []int{2, 5, 9, 14, 24}
	for week, want := range map[int]words.Pair{
		0: {NL: "Wandelplan week 0, contact (volledig): plan maken, als-dan-plan, eerste uitleg.",
			EN: "Walking plan week 0, contact (full): make the plan, an if-then plan, first education."},
		2: {NL: "Wandelplan week 2, contact (kort): hoe gaat het, wat zit in de weg.",
			EN: "Walking plan week 2, contact (brief): how does it go, what is in the way."},
		5: {NL: "Wandelplan week 5, contact (volledig): plan bijstellen.",
			EN: "Walking plan week 5, contact (full): adjust the plan."},
		9: {NL: "Wandelplan week 9, contact (kort): hoe gaat het, wat zit in de weg.",
			EN: "Walking plan week 9, contact (brief): how does it go, what is in the way."},
		14: {NL: "Wandelplan week 14, contact (volledig): plan bijstellen.",
			EN: "Walking plan week 14, contact (full): adjust the plan."},
		24: {NL: "Wandelplan week 24, contact (kort): volhouden, en een plan voor als het terugkomt.",
			EN: "Walking plan week 24, contact (brief): keeping it up, and a plan for when it comes back."},
	} {
		c, planned := contactIn(week, usual)
		require.True(t, planned)
		require.Equal(t, want, c.text())
	}
	_, planned := contactIn(3, usual)
	require.False(t, planned)

	day := localtime.MustParseDate("2026-03-02")
	for site, in := range map[string][2]string{
		"foot": {"voet", "foot"}, "knee": {"knie", "knee"}, "hip": {"heup", "hip"}, "other": {"anders", "other"},
		"shoulder": {"anders", "other"}, // of a later version
	} {
		require.Equal(t, words.Pair{
			NL: "Nieuwe klacht (" + in[0] + "), gemeld op 2 mrt.",
			EN: "New complaint (" + in[1] + "), reported on 2 Mar.",
		}, since(complaintAt(site), day))
	}
	require.Equal(t, words.Pair{
		NL: "Wandelplan week 3: 65 minuten, 4 keer ongeveer 17.",
		EN: "Walking plan week 3: 65 minutes, 4 times about 17.",
	}, reason(3, 65))
}
