package simulate

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"cadans/internal/rules/reminder"
)

// WriteText prints the results of runs.
func WriteText(w io.Writer, patients int, results []Result) error {
	var b strings.Builder
	fmt.Fprintf(
		&b, "%-8s %12s %12s %12s %12s %12s\n", "policy", "adherence", "last 4 wk", "pushes/wk", "ignored", "turned off",
	)
	for _, r := range results {
		pushes, ignored := 0, 0
		for _, w := range r.Weeks {
			pushes, ignored = pushes+w.Pushes, ignored+w.Ignored
		}
		fmt.Fprintf(&b, "%-8s %11.1f%% %11.1f%% %12.2f %11.1f%% %12d\n", r.Policy, 100*adherence(r.Weeks),
			100*adherence(r.Weeks[max(0, len(r.Weeks)-4):]), r.PushesPerWeek(patients),
			100*float64(ignored)/float64(max(pushes, 1)), r.TurnedOff)
	}
	for _, r := range results {
		for _, e := range r.Effects {
			truth := r.Truth[Way{e.Kind, e.Arm}]
			fmt.Fprintf(&b, "\n%s, %s: %d decisions by chance, %d sent. Sending adds %s; the model put in %s (%s).\n",
				e.Kind, e.Arm, e.Decisions, e.Sent, interval(e), points(truth.Effect), covers(e, truth))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Covers reports whether the interval of an estimate contains the true effect.
func Covers(e reminder.Estimated, t Truth) bool { return e.Low <= t.Effect && t.Effect <= e.High }

func covers(e reminder.Estimated, t Truth) string {
	if Covers(e, t) {
		return "inside"
	}
	return "outside"
}

func adherence(weeks []Week) float64 {
	var sum Week
	for _, w := range weeks {
		sum.Sessions, sum.Asked = sum.Sessions+w.Sessions, sum.Asked+w.Asked
	}
	return sum.Adherence()
}

func interval(e reminder.Estimated) string {
	if math.IsNaN(e.Effect.Effect) {
		return "nothing that can be estimated"
	}
	return fmt.Sprintf("%s (95 %% interval %s to %s)", points(e.Effect.Effect), points(e.Low), points(e.High))
}

func points(x float64) string { return fmt.Sprintf("%.1f points", 100*x) }

// WriteCSV writes a row for each week and policy.
func WriteCSV(w io.Writer, patients int, results []Result) error {
	rows := [][]string{{"policy", "week", "sessions", "asked", "adherence", "pushes", "pushes_per_patient", "ignored"}}
	for _, r := range results {
		for i, week := range r.Weeks {
			rows = append(rows, []string{
				string(r.Policy), strconv.Itoa(i + 1), strconv.Itoa(week.Sessions), strconv.Itoa(week.Asked),
				strconv.FormatFloat(week.Adherence(), 'f', 4, 64), strconv.Itoa(week.Pushes),
				strconv.FormatFloat(float64(week.Pushes)/float64(patients), 'f', 2, 64), strconv.Itoa(week.Ignored),
			})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// The plot: weeks from left to right, adherence from below.
const (
	width, height = 720, 360
	left, bottom  = 60, 40
)

// colours distinguish the lines, also for readers who cannot see green; each line has its own dashes and its name
// too.
var colours = map[Policy][2]string{
	None:  {"#5B6673", "2 4"},
	Daily: {"#8A0F2B", "8 4"},
	Ours:  {"#0B5394", "none"},
	Learn: {"#B07D00", "12 3 2 3"},
}

type line struct {
	Name, Points, Colour, Dashes string
	EndX, EndY, NameY            float64
}

type gridLine struct {
	At    float64
	Label string
}

// WriteSVG draws adherence by week, a line for each policy.
func WriteSVG(w io.Writer, patients int, results []Result) error {
	plot := struct {
		Width, Height, Left, Bottom, Right, Patients int
		Lines                                        []line
		Up, Across                                   []gridLine
	}{Width: width, Height: height, Left: left, Bottom: height - bottom, Right: width - left, Patients: patients}
	for percent := 0; percent <= 100; percent += 25 {
		plot.Up = append(plot.Up, gridLine{yOf(float64(percent) / 100), strconv.Itoa(percent) + " %"})
	}
	for i, r := range results {
		l := line{Name: string(r.Policy), Colour: colours[r.Policy][0], Dashes: colours[r.Policy][1]}
		var points []string
		for week, sum := range r.Weeks {
			l.EndX, l.EndY = xOf(week, len(r.Weeks)), yOf(sum.Adherence())
			points = append(points, fmt.Sprintf("%.1f,%.1f", l.EndX, l.EndY))
			if i == 0 && week%4 == 0 {
				plot.Across = append(plot.Across, gridLine{l.EndX, strconv.Itoa(week + 1)})
			}
		}
		l.Points = strings.Join(points, " ")
		plot.Lines = append(plot.Lines, l)
	}
	spreadNames(plot.Lines)
	return drawing.Execute(w, plot)
}

// nameHeight is the distance between names that keeps them readable.
const nameHeight = 14

// spreadNames moves apart the names of lines that end close together, in the order in which the lines end.
func spreadNames(lines []line) {
	order := make([]*line, len(lines))
	for i := range lines {
		order[i] = &lines[i]
	}
	slices.SortFunc(order, func(a, b *line) int { return cmp.Compare(a.EndY, b.EndY) })
	for i, l := range order {
		l.NameY = l.EndY
		if i > 0 {
			l.NameY = max(l.NameY, order[i-1].NameY+nameHeight)
		}
	}
}

func xOf(week, weeks int) float64 {
	return left + float64(week)*float64(width-2*left)/float64(max(weeks-1, 1))
}

func yOf(share float64) float64 { return height - bottom - share*(height-2*bottom) }

var drawing = template.Must(template.New("plot").Parse(
	`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{.Width}} {{.Height}}" role="img"
  aria-label="Adherence by week and policy" font-family="sans-serif" font-size="12">
<rect width="{{.Width}}" height="{{.Height}}" fill="#ffffff"/>
<text x="{{.Left}}" y="22" font-size="14" fill="#17212B">
  Sessions done of those asked for, {{.Patients}} simulated patients</text>
{{range .Up}}<line x1="{{$.Left}}" x2="{{$.Right}}" y1="{{.At}}" y2="{{.At}}" stroke="#D5DAE0"/>
  <text x="52" y="{{.At}}" dy="4" text-anchor="end" fill="#5B6673">{{.Label}}</text>
{{end}}{{range .Across}}<text x="{{.At}}" y="{{$.Bottom}}" dy="18" text-anchor="middle" fill="#5B6673">{{.Label}}</text>
{{end}}<text x="{{.Right}}" y="{{.Bottom}}" dy="34" text-anchor="end" fill="#5B6673">week</text>
{{range .Lines}}<polyline points="{{.Points}}"
  fill="none" stroke="{{.Colour}}" stroke-width="2" stroke-dasharray="{{.Dashes}}"/>
  <text x="{{.EndX}}" y="{{.NameY}}" dx="6" dy="4" fill="{{.Colour}}">{{.Name}}</text>
{{end}}</svg>
`,
))
