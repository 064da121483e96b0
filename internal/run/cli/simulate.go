package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/simulate"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	patients, weeks, repeat int
	policy, out             string
	seed                    uint64
}

func (p *program) simulate() *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use: "simulate", Short: "Try reminders on patients that never were", Args: cobra.NoArgs,
		Long: "Runs the real reminders over simulated patients, with a clock that hurries: adherence, pushes, " +
			"what is ignored, and\n" +
			"whether the estimate of what reminders do finds what the model put in. How the patients behave stands " +
			"in package\n" +
			"simulate; it is a model, no evidence.",
		Example: "  cadans simulate --patients 200 --weeks 12 --policy all --out results\n  cadans simulate " +
			"--patients 60 --weeks 12 --repeat 200   # how often the interval holds the truth",
		RunE: func(cmd *cobra.Command, _ []string) error {
			policies, err := o.check()
			if err != nil {
				return err
			}
			if o.repeat > 1 {
				return p.repeatSimulation(cmd.Context(), o)
			}
			return p.runSimulation(cmd.Context(), o, policies)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.patients, "patients", 200, "how many patients, 10 to 100000")
	flags.IntVar(&o.weeks, "weeks", 12, "how many weeks, 1 to 104")
	flags.StringVar(&o.policy, "policy", "all", "none, daily, ours, learn or all")
	flags.StringVar(&o.out, "out", "", "directory for weeks.csv and adherence.svg")
	flags.Uint64Var(&o.seed, "seed", 1, "same seed, same run")
	flags.IntVar(&o.repeat, "repeat", 1, "run ours so often and count how often the interval holds the truth")
	return cmd
}

func (o simulateOptions) check() ([]simulate.Policy, error) {
	switch {
	case o.patients < 10 || o.patients > 100_000 || o.weeks < 1 || o.weeks > 104 || o.repeat < 1 || o.repeat > 1000:
		return nil, usageError{errors.New("--patients is 10 to 100000, --weeks 1 to 104, --repeat 1 to 1000")}
	case o.policy == "all":
		return simulate.Policies, nil
	case !slices.Contains(simulate.Policies, simulate.Policy(o.policy)):
		return nil, usageError{errors.New("--policy is none, daily, ours, learn or all")}
	default:
		return []simulate.Policy{simulate.Policy(o.policy)}, nil
	}
}

func (p *program) runSimulation(ctx context.Context, o simulateOptions, policies []simulate.Policy) error {
	bar := progressBar(p.streams.Err, "simulating", 7*o.weeks*len(policies))
	var results []simulate.Result
	for i, policy := range policies {
		r, err := p.simulateOnce(ctx, o, policy, o.seed, func(day int) { _ = bar.Set(7*o.weeks*i + day) })
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	err := errors.Join(bar.Finish(), simulate.WriteText(p.streams.Out, o.patients, results))
	if err != nil || o.out == "" {
		return err
	}
	return writeResults(o, results)
}

func (p *program) simulateOnce(
	ctx context.Context, o simulateOptions, policy simulate.Policy, seed uint64, progress func(int),
) (simulate.Result, error) {
	contract, err := p.contract()
	if err != nil {
		return simulate.Result{}, err
	}
	dir, err := os.MkdirTemp("", "cadans-simulate-")
	if err != nil {
		return simulate.Result{}, err
	}
	defer os.RemoveAll(dir)
	return simulate.Run(ctx, simulate.Options{
		Contract:  contract,
		Directory: dir,
		Patients:  o.patients,
		Weeks:     o.weeks,
		Policy:    policy,
		Seed:      seed,
		Progress:  progress,
	})
}

func writeResults(o simulateOptions, results []simulate.Result) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(io.Writer, int, []simulate.Result) error{
		"weeks.csv":     simulate.WriteCSV,
		"adherence.svg": simulate.WriteSVG,
	} {
		file, err := os.Create(filepath.Join(o.out, name))
		if err != nil {
			return err
		}
		if err := errors.Join(write(file, o.patients, results), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// repeatSimulation counts how often the interval of each kind of reminder contains the effect that the model
// contains.
func (p *program) repeatSimulation(ctx context.Context, o simulateOptions) error {
	bar := progressBar(p.streams.Err, "simulating", o.repeat)
	type tally struct{ held, of int }
	tallies := map[reminder.Kind]tally{}
	for i := range o.repeat {
		r, err := p.simulateOnce(ctx, o, simulate.Ours, o.seed+uint64(i), func(int) {})
		if err != nil {
			return err
		}
		for _, e := range r.Effects {
			t := tallies[e.Kind]
			t.of++
			if simulate.Covers(e, r.Truth[simulate.Way{Kind: e.Kind, Arm: e.Arm}]) {
				t.held++
			}
			tallies[e.Kind] = t
		}
		_ = bar.Set(i + 1)
	}
	if err := bar.Finish(); err != nil {
		return err
	}
	for _, kind := range []reminder.Kind{reminder.Cue, reminder.Rescue} {
		if t := tallies[kind]; t.of > 0 {
			fmt.Fprintf(
				p.streams.Out, "%s: the 95 %% interval held the truth in %d of %d runs (%.1f %%)\n", kind, t.held, t.of,
				100*float64(t.held)/float64(t.of),
			)
		}
	}
	return nil
}
