package simulate

import (
	"context"
	"math/rand/v2"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// people creates the practice. With the learner on, everyone consents and names three windows.
func (r *run) people(ctx context.Context) error {
	if err := r.members(ctx); err != nil {
		return err
	}
	for range r.Patients {
		p, err := r.join(ctx)
		if err != nil {
			return err
		}
		r.persons = append(r.persons, p)
		r.byAddress[p.address], r.byID[p.id] = p, p
	}
	return nil
}

// members creates the admin and the therapist.
func (r *run) members(ctx context.Context) error {
	practice := id.Practice(r.newID())
	admin := people.NewMember{
		ID:       id.Member(r.newID()),
		Name:     "A.",
		Email:    "a@simulation.example",
		Password: "een-lang-geheim-woord",
		Role:     access.Admin,
	}
	if err := r.app.Founding.CreatePractice(ctx, practice, "Simulation", admin); err != nil {
		return err
	}
	r.admin = access.Viewer{Role: access.Admin, Practice: practice, Member: admin.ID}
	therapist := people.NewMember{
		ID:       id.Member(r.newID()),
		Name:     "T.",
		Email:    "t@simulation.example",
		Password: "een-lang-geheim-woord",
		Role:     access.Therapist,
	}
	if _, _, err := r.app.People.CreateMember(ctx, r.admin, therapist); err != nil {
		return err
	}
	if r.Policy == Learn {
		wanted := settings.Defaults()
		wanted.Learn = true
		if err := r.app.Settings.Set(ctx, r.admin, wanted, settings.Defaults().Etag()); err != nil {
			return err
		}
	}
	r.therapist = access.Viewer{Role: access.Therapist, Practice: practice, Member: therapist.ID}
	return nil
}

// join registers a person, publishes a program and pairs a phone.
func (r *run) join(ctx context.Context) (*person, error) {
	p := newPerson(rand.New(rand.NewPCG(r.Seed, r.random.Uint64())))
	p.id = id.Patient(r.newID())
	p.viewer = access.Viewer{Role: access.Patient, Practice: r.therapist.Practice, Patient: p.id}
	if _, _, err := r.app.People.CreatePatient(ctx, r.therapist, people.NewPatient{
		ID: p.id, Name: "P.", BirthYear: 1970, Complaint: people.LowBack, Language: people.Dutch, Zone: r.zone.String(),
	}); err != nil {
		return nil, err
	}
	exercise, err := r.app.Library.Find("bridge")
	if err != nil {
		return nil, err
	}
	history, _, err := r.app.Programs.Publish(ctx, r.therapist, p.id, program.NewVersion{
		ID: id.ProgramVersion(r.newID()), EffectiveFrom: r.start, Items: []program.NewItem{{
			ID: id.ProgramItem(r.newID()), Exercise: exercise.Slug, Dose: exercise.Default,
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: quota, TimesPerDay: 1},
		}},
	}, program.History{}.Etag())
	if err != nil {
		return nil, err
	}
	p.version = history.Versions[0]
	return p, r.pair(ctx, p)
}

func (r *run) pair(ctx context.Context, p *person) error {
	invite, _, err := r.app.Auth.Invite(ctx, r.therapist, id.Pairing(r.newID()), p.id)
	if err != nil {
		return err
	}
	tokens, err := r.app.Auth.Redeem(ctx, auth.Redemption{
		Code:      invite.Code,
		BirthYear: 1970,
		Address:   "simulation",
		Device:    auth.NewDevice{Name: "Phone", Platform: "android"},
	})
	if err != nil {
		return err
	}
	p.viewer.Device, p.address = tokens.Device, "phone-of-"+string(p.id)
	err = r.app.People.RegisterPush(
		ctx, p.viewer, people.PushTarget{Device: tokens.Device, Kind: "fcm", Address: p.address},
	)
	if err != nil {
		return err
	}
	switch r.Policy {
	case Ours:
		return nil
	case Learn:
		return r.set(ctx, p, func(w *people.Preferences) { w.Research, w.Reminders.Windows = true, windows })
	default:
		return r.set(ctx, p, turnOff)
	}
}

// windows are those the learner may choose from.
var windows = []localtime.Window{
	{From: localtime.MustParseTimeOfDay("08:00"), Until: localtime.MustParseTimeOfDay("11:00")},
	{From: localtime.MustParseTimeOfDay("12:00"), Until: localtime.MustParseTimeOfDay("15:00")},
	{From: localtime.MustParseTimeOfDay("17:00"), Until: localtime.MustParseTimeOfDay("20:00")},
}

func turnOff(w *people.Preferences) { w.Reminders.Consent = false }

func (r *run) set(ctx context.Context, p *person, change func(*people.Preferences)) error {
	wanted, err := r.app.People.Preferences(ctx, p.viewer)
	if err != nil {
		return err
	}
	before := wanted.Version()
	change(&wanted)
	return r.app.People.SetPreferences(ctx, p.viewer, wanted, before)
}
