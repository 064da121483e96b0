package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// A refused form says at the top what is wrong and has the focus there; a link leads to each wrong field, which says it
// too. Nothing that was filled in or chosen is gone, and the page keeps the rules of WCAG 2.2 A and AA.
func TestARefusedForm(t *testing.T) {
	_, b := inside(t)
	axe, err := os.ReadFile(filepath.Join("testdata", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	for _, shape := range []struct {
		language, save, title, wrong string
		width                        int64
	}{
		{"en", "Save", "This did not work", "Nederlands, Instructions: ", 1280},
		{"nl", "Bewaren", "Dit is niet gelukt", "Nederlands, Uitleg: ", 390},
	} {
		b.reads(shape.language, "light")
		b.do("resize", chromedp.EmulateViewport(shape.width, 900))
		b.visit("/library/new")
		b.fill("#name_nl", "Handdoek trekken")
		b.fill("#region", "neck")
		b.fill(`input[name="minutes"]`, "10")
		b.press(shape.save)
		b.sees(shape.title, shape.wrong)
		require.Equal(t, "wrong", evaluate[string](b, "document.activeElement.id"))
		name := "refused-" + shape.language
		picture(b, name)
		b.isSound(name, string(axe), shape.language)
		b.do("to the field", chromedp.Click("#wrong a", chromedp.NodeVisible))
		require.Equal(t, "instructions_nl", evaluate[string](b, "document.activeElement.id || location.hash.slice(1)"))
		require.Equal(t, "Handdoek trekken", evaluate[string](b, `document.querySelector("#name_nl").value`))
		require.Equal(t, "neck", evaluate[string](b, `document.querySelector("#region").value`))
		b.keys(kb.Tab)
	}
}
