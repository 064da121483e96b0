package door

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
)

// A text about a limit names that of the code.
func TestATextNamesTheLimitOfTheCode(t *testing.T) {
	t.Parallel()
	picture, film := exercise.MaxPicture>>20, exercise.MaxFilm>>20
	require.Equal(t, fmt.Sprintf("Een foto mag %d MB zijn, een film %d MB.", picture, film),
		fieldText("media-too-large", people.Dutch))
	require.Equal(t, fmt.Sprintf("A picture may be %d MB, a film %d MB.", picture, film),
		fieldText("media-too-large", people.English))
	require.Equal(t, "This is too long ago.", fieldText("too-old", people.English))
	require.Equal(t, "This is not right.", fieldText("a-code-of-a-later-version", people.English))
}
