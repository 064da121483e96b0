// Package demo fills a database with a fictitious practice: three therapists, patients in every state a therapist can
// meet, twelve weeks of sessions. It uses the same services as the API, with a clock that it sets to each moment, so
// it contains nothing that a real phone could not have sent. The same seed and the same now give the same data.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/app"
)

// Weeks is how many weeks of history the demo has.
const Weeks = 12

// Password is the password of every member in the demo.
const Password = "samen-in-beweging-12"

// Options configures the demo.
type Options struct {
	Now      time.Time
	Patients int
	Seed     uint64
	Progress func(done int) // after each patient
}

// Practice describes the generated practice, with what is needed to log in.
type Practice struct {
	Members  []Member
	Patients []Patient
}

// Member can log in.
type Member struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Role     string `json:"role"`
}

// Patient can be paired with the code and the year of birth.
type Patient struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	BirthYear   int    `json:"birth_year"`
	PairingCode string `json:"pairing_code"`
}

// seeder generates a practice.
type seeder struct {
	Options
	app        *app.App
	clock      *clock.Manual
	random     *rand.Rand
	ids        *id.Sequence
	practice   id.Practice
	therapists []access.Viewer
}

// Seed fills an empty database. The clock must be the one the app was built with; it is left at Now.
func Seed(ctx context.Context, a *app.App, c *clock.Manual, o Options) (Practice, error) {
	s := &seeder{
		Options: o, app: a, clock: c,
		random: rand.New(rand.NewPCG(o.Seed, 0xbe3e61)), ids: id.NewSequence(o.Seed),
	}
	made, err := s.members(ctx)
	if err != nil {
		return Practice{}, fmt.Errorf("demo: members: %w", err)
	}
	for i := range o.Patients {
		p, err := s.patient(ctx, i)
		if err != nil {
			return Practice{}, fmt.Errorf("demo: patient %d: %w", i+1, err)
		}
		made.Patients = append(made.Patients, p)
		o.Progress(i + 1)
	}
	c.Set(o.Now)
	return made, errors.Join(a.Jobs.Sweep(ctx), a.Statuses.Sweep(ctx))
}

var staff = []struct {
	name, email string
	role        access.Role
}{
	{"A. Visser", "a.visser@praktijk-zuid.example", access.Admin},
	{"T. de Vries", "t.devries@praktijk-zuid.example", access.Therapist},
	{"S. Okafor", "s.okafor@praktijk-zuid.example", access.Therapist},
	{"J. Bakker", "j.bakker@praktijk-zuid.example", access.Therapist},
}

func (s *seeder) members(ctx context.Context) (made Practice, err error) {
	began := s.Now.AddDate(0, 0, -7*(Weeks+4))
	s.clock.Set(began)
	s.practice = id.Practice(s.ids.At(began))
	var admin access.Viewer
	for _, who := range staff {
		n := people.NewMember{
			ID:       id.Member(s.ids.At(began)),
			Name:     who.name,
			Email:    who.email,
			Password: Password,
			Role:     who.role,
		}
		viewer := access.Viewer{Role: who.role, Practice: s.practice, Member: n.ID}
		if who.role == access.Admin {
			admin = viewer
			err = s.app.Founding.CreatePractice(ctx, s.practice, "Praktijk Zuid", n)
		} else {
			s.therapists = append(s.therapists, viewer)
			_, _, err = s.app.People.CreateMember(ctx, admin, n)
		}
		if err != nil {
			return made, err
		}
		made.Members = append(made.Members, Member{
			ID: string(n.ID), Name: n.Name, Email: n.Email, Password: Password, Role: string(who.role),
		})
	}
	return made, nil
}

// patient creates one patient with a history and an open invite.
func (s *seeder) patient(ctx context.Context, i int) (Patient, error) {
	p := newPerson(s, i)
	if err := p.register(ctx); err != nil {
		return Patient{}, err
	}
	if p.course.paired {
		if err := p.pair(ctx); err != nil {
			return Patient{}, err
		}
	}
	if err := p.publish(ctx); err != nil {
		return Patient{}, err
	}
	if err := p.live(ctx); err != nil {
		return Patient{}, err
	}
	s.clock.Set(s.Now)
	invite, _, err := s.app.Auth.Invite(ctx, p.therapist, id.Pairing(s.ids.At(s.Now)), p.id)
	return Patient{ID: string(p.id), Name: p.name, BirthYear: p.birthYear, PairingCode: invite.Code}, err
}

// pair connects a phone two days before the program starts and lets it receive pushes.
func (p *person) pair(ctx context.Context) error {
	p.at(-2, 15*60)
	invite, _, err := p.seeder.app.Auth.Invite(ctx, p.therapist, id.Pairing(p.newID()), p.id)
	if err != nil {
		return err
	}
	tokens, err := p.seeder.app.Auth.Redeem(ctx, auth.Redemption{
		Code: invite.Code, BirthYear: p.birthYear, Address: "demo",
		Device: auth.NewDevice{Name: "Demo phone", Platform: "android"},
	})
	if err != nil {
		return err
	}
	p.viewer.Device = tokens.Device
	return p.seeder.app.People.RegisterPush(ctx, p.viewer, people.PushTarget{
		Device: tokens.Device, Kind: "fcm", Address: fmt.Sprintf("demo-phone-%d", p.number),
	})
}
