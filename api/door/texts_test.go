package door

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
)

// A text about a limit names that of the code.
func TestATextNamesTheLimitOfTheCode(t *testing.T) {
	t.Parallel()
	picture, film := exercise.MaxPicture>>20, exercise.MaxFilm>>20
	require.Equal(t, fmt.Sprintf("Een foto mag %d MB zijn, een film %d MB.", picture, film),
		fieldText("media-too-large", people.Dutch))
	require.Equal(t, fmt.Sprintf("A picture may be %d MB, a film %d MB.", picture, film),
		fieldText("media-too-large", people.English))
	_, detail := problemText("still-editable", people.English)
	require.Equal(t, "Correct the session itself; that is possible up to 7 days after logging.", detail)
	_, detail = problemText("edit-window-closed", people.Dutch)
	require.Equal(t, "Dit kan tot 7 dagen na het invullen. U kunt nog wel een opmerking toevoegen.", detail)
	require.Equal(t, 7*24*time.Hour, session.EditWindow)
	require.Equal(t, "This lies in the future.", fieldText("in-the-future", people.English))
	require.Equal(t, "This is not right.", fieldText("a-code-of-a-later-version", people.English))
}
