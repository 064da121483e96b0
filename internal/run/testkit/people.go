package testkit

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// Member is a member of a practice with a client that is logged in.
type Member struct {
	*client.ClientWithResponses
	ID    id.Member
	Email string
	sys   *System
	token *tokens
}

// Patient is a patient with a paired phone.
type Patient struct {
	*client.ClientWithResponses
	ID        id.Patient
	Name      string
	BirthYear int
	Device    id.Device
	Zone      *time.Location
	Version   client.ProgramVersion
	address   string
	sys       *System
	token     *tokens
}

func (s *System) logIn(member id.Member, email string) *Member {
	s.t.Helper()
	m := &Member{
		ID:    member,
		Email: email,
		sys:   s,
		token: &tokens{signIn: fmt.Sprintf(`{"email":%q,"password":%q}`, email, Password)},
	}
	m.ClientWithResponses = s.client(m.token)
	answer, err := m.LogInWithResponse(context.Background(), client.LogIn{Email: email, Password: Password})
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, answer.StatusCode(), string(answer.Body))
	m.token.set(answer.JSON201.AccessToken, answer.JSON201.RefreshToken)
	return m
}

// Token returns an access token that is valid now.
func (m *Member) Token() string {
	_, err := m.GetMeWithResponse(context.Background()) // renews an old one
	require.NoError(m.sys.t, err)
	return m.token.get()
}

// Token returns an access token that is valid now, unless the phone was logged out.
func (p *Patient) Token() string {
	_, err := p.GetMeWithResponse(context.Background())
	require.NoError(p.sys.t, err)
	return p.token.get()
}

// Therapist adds a therapist to an admin's practice.
func (s *System) Therapist(admin *Member, name string) *Member {
	s.t.Helper()
	n := client.NewMember{
		ID:       s.NewID(),
		Name:     name,
		Email:    s.NewID() + "@praktijk.example",
		Password: Password,
		Role:     client.NewMemberRoleTherapist,
	}
	answer, err := admin.CreateMemberWithResponse(context.Background(), n)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, answer.StatusCode(), string(answer.Body))
	return s.logIn(id.Member(n.ID), n.Email)
}

// NewPatient registers a patient of the therapist in a zone and pairs a phone that gets pushes.
func (m *Member) NewPatient(name, zone string) *Patient {
	p := m.newPatient(name, zone)
	p.isPushedTo()
	return p
}

// newPatient registers a patient and pairs a phone that gets no pushes.
func (m *Member) newPatient(name, zone string) *Patient {
	s := m.sys
	s.t.Helper()
	location, err := localtime.LoadZone(zone)
	require.NoError(s.t, err)
	p := &Patient{ID: id.Patient(s.NewID()), Name: name, BirthYear: 1971, Zone: location, sys: s, token: &tokens{}}
	created, err := m.CreatePatientWithResponse(context.Background(), client.NewPatient{
		ID:        string(p.ID),
		Name:      name,
		BirthYear: p.BirthYear,
		Language:  client.Nl,
		TimeZone:  zone,
		Complaint: client.ComplaintLowBack,
	})
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, created.StatusCode(), string(created.Body))
	p.ClientWithResponses = s.client(p.token)
	p.pair(m)
	return p
}

// Pair pairs a phone with an invite of the therapist and registers it for pushes.
func (p *Patient) Pair(m *Member) {
	p.pair(m)
	p.isPushedTo()
}

func (p *Patient) pair(m *Member) {
	s := p.sys
	s.t.Helper()
	ctx := context.Background()
	invite, err := m.CreatePairingWithResponse(ctx, client.NewPairing{ID: s.NewID(), PatientID: string(p.ID)})
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, invite.StatusCode(), string(invite.Body))
	paired, err := p.RedeemPairingWithResponse(ctx, client.PairingRedemption{
		Code:      invite.JSON201.Code,
		BirthYear: p.BirthYear,
		Device:    client.NewDevice{Name: "Test phone", Platform: client.NewDevicePlatformAndroid},
	})
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, paired.StatusCode(), string(paired.Body))
	p.token.set(paired.JSON201.AccessToken, paired.JSON201.RefreshToken)
	p.Device, p.address = id.Device(paired.JSON201.DeviceID), "phone-of-"+string(p.ID)
}

func (p *Patient) isPushedTo() {
	s := p.sys
	s.t.Helper()
	registered, err := p.PutPushRegistrationWithResponse(
		context.Background(), string(p.Device), client.PushRegistration{Kind: client.Fcm, Address: p.address},
	)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusNoContent, registered.StatusCode(), string(registered.Body))
}

// Publishes publishes a program of three exercises a number of days a week, from the patient's today on.
func (m *Member) Publishes(p *Patient, perWeek int) {
	s := m.sys
	s.t.Helper()
	n := client.NewProgramVersion{ID: s.NewID(), EffectiveFrom: p.Today().String()}
	sets, reps, hold := 3, 10, 2
	for _, slug := range []string{"bridge", "bird-dog-leg", "knee-rolls-lying"} {
		n.Items = append(n.Items, client.NewProgramItem{
			ID: s.NewID(), Exercise: slug, Dose: client.Dose{Sets: &sets, Reps: &reps, HoldS: &hold},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &perWeek},
		})
	}
	p.Version = m.PublishesVersion(p, n)
	if !s.unanswered {
		p.AnswersQuestions()
	}
}

// AnswersQuestions answers every open questionnaire with the best possible score.
func (p *Patient) AnswersQuestions() {
	s, ctx := p.sys, context.Background()
	s.t.Helper()
	tasks, err := p.ListQuestionnaireTasksWithResponse(ctx)
	require.NoError(s.t, err)
	for _, task := range tasks.JSON200.Data {
		form, err := p.GetQuestionnaireWithResponse(ctx, task.Questionnaire)
		require.NoError(s.t, err)
		answers := map[string]int{}
		for _, item := range form.JSON200.Items {
			answers[item.Key] = item.Minimum
			if form.JSON200.Direction == client.HigherIsBetter {
				answers[item.Key] = item.Maximum
			}
		}
		answered, err := p.AnswerQuestionnaireWithResponse(
			ctx, client.QuestionnaireResponse{ID: s.NewID(), Task: task.Task, Answers: answers},
		)
		require.NoError(s.t, err)
		require.Equal(s.t, http.StatusCreated, answered.StatusCode(), string(answered.Body))
	}
}

// PublishesVersion publishes a version on top of the current one.
func (m *Member) PublishesVersion(p *Patient, n client.NewProgramVersion) client.ProgramVersion {
	s := m.sys
	s.t.Helper()
	listed, err := m.ListProgramVersionsWithResponse(context.Background(), string(p.ID))
	require.NoError(s.t, err)
	etag := listed.HTTPResponse.Header.Get("ETag")
	published, err := m.PublishProgramVersionWithResponse(
		context.Background(), string(p.ID), &client.PublishProgramVersionParams{IfMatch: &etag}, n,
	)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusCreated, published.StatusCode(), string(published.Body))
	return *published.JSON201
}

// Today returns the patient's local date.
func (p *Patient) Today() localtime.Date { return localtime.Today(p.sys.Clock.Now(), p.Zone) }

// FullSession returns a session with every item done, at a moment, with pain before and after.
func (p *Patient) FullSession(performed time.Time, before, after int) client.NewSession {
	n := client.NewSession{
		ID:               p.sys.NewID(),
		PerformedAt:      performed.In(p.Zone),
		TimeZone:         p.Zone.String(),
		LocalDate:        localtime.DateOf(performed.In(p.Zone)).String(),
		ProgramVersionID: p.Version.ID,
		Status:           client.SessionStatusCompleted,
		PainBefore:       &before,
		PainAfter:        &after,
	}
	for _, item := range p.Version.Items {
		n.Items = append(n.Items, client.SessionItem{ItemID: item.ID, Sets: item.Dose.Sets, Reps: item.Dose.Reps})
	}
	return n
}

// Logs sends a session and expects the status.
func (p *Patient) Logs(n client.NewSession, status int) *client.LogSessionResponse {
	p.sys.t.Helper()
	answer, err := p.LogSessionWithResponse(context.Background(), n)
	require.NoError(p.sys.t, err)
	require.Equal(p.sys.t, status, answer.StatusCode(), string(answer.Body))
	return answer
}

// ExpectPush expects exactly one push, of this kind, since the last check.
func (p *Patient) ExpectPush(kind reminder.Kind) reminder.Message {
	p.sys.t.Helper()
	messages := p.Pushes()
	require.Len(p.sys.t, messages, 1, "%v", describe(messages))
	require.Equal(p.sys.t, kind, messages[0].Kind)
	return messages[0]
}

// ExpectPushes expects pushes of these kinds since the last check, in this order.
func (p *Patient) ExpectPushes(kinds ...reminder.Kind) {
	p.sys.t.Helper()
	var got []reminder.Kind
	for _, m := range p.Pushes() {
		got = append(got, m.Kind)
	}
	require.Equal(p.sys.t, kinds, got)
}

// ExpectFew expects at most what one day may bring since the last check: one reminder and one other push, unless the
// patient allowed more.
func (p *Patient) ExpectFew() []reminder.Message {
	p.sys.t.Helper()
	messages := p.Pushes()
	reminders := 0
	for _, m := range messages {
		if m.Kind == reminder.Cue || m.Kind == reminder.Rescue || m.Kind == reminder.Lapse {
			reminders++
		}
	}
	require.LessOrEqual(p.sys.t, len(messages), 2, "%v", describe(messages))
	require.LessOrEqual(p.sys.t, reminders, 1, "%v", describe(messages))
	return messages
}

// ExpectNoPush expects no push since the last check.
func (p *Patient) ExpectNoPush() {
	p.sys.t.Helper()
	require.Empty(p.sys.t, describe(p.Pushes()))
}

// Pushes returns the pushes since the last check.
func (p *Patient) Pushes() []reminder.Message { return p.sys.phones.take(p.address) }

// Row returns the patient's row in the therapist's caseload.
func (m *Member) Row(p *Patient, language string) client.CaseloadRow {
	s := m.sys
	s.t.Helper()
	answer, err := m.GetCaseloadWithResponse(context.Background(), nil, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept-Language", language)
		return nil
	})
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, answer.StatusCode(), string(answer.Body))
	for _, row := range answer.JSON200.Data {
		if row.PatientID == string(p.ID) {
			return row
		}
	}
	require.Fail(s.t, "the patient is not in the caseload")
	return client.CaseloadRow{}
}
