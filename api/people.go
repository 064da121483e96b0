package api

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// GetMe implements StrictServerInterface.
func (s *Server) GetMe(ctx context.Context, _ GetMeRequestObject) (GetMeResponseObject, error) {
	self, err := s.parts.People.Self(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	if p := self.Patient; p != nil {
		language := Language(p.Language)
		return GetMe200JSONResponse{
			ID:       ID(p.ID),
			Role:     MeRolePatient,
			Name:     p.Name,
			Language: &language,
			Practice: self.PracticeName,
		}, nil
	}
	m := self.Member
	return GetMe200JSONResponse{ID: ID(m.ID), Role: MeRole(m.Role), Name: m.Name, Practice: self.PracticeName}, nil
}

// GetPreferences implements StrictServerInterface.
func (s *Server) GetPreferences(
	ctx context.Context, _ GetPreferencesRequestObject,
) (GetPreferencesResponseObject, error) {
	p, err := s.parts.People.Preferences(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return GetPreferences200JSONResponse{toPreferencesResponse(p)}, nil
}

// PutPreferences implements StrictServerInterface.
func (s *Server) PutPreferences(
	ctx context.Context, r PutPreferencesRequestObject,
) (PutPreferencesResponseObject, error) {
	wanted, err := fromPreferences(*r.Body)
	if err != nil {
		return nil, err
	}
	if err := s.parts.People.SetPreferences(ctx, viewerOf(ctx), wanted, ifMatch(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return PutPreferences200JSONResponse{toPreferencesResponse(wanted)}, nil
}

func toPreferencesResponse(p people.Preferences) PreferencesJSONResponse {
	w := p.Reminders
	return PreferencesJSONResponse{
		Headers: PreferencesResponseHeaders{ETag: etag(p.Version())},
		Body: Preferences{
			Language: Language(p.Language), TimeZone: p.Zone, ResearchConsent: p.Research,
			Reminders: ReminderPreferences{
				PushConsent: w.Consent, AnchorTime: w.Anchor.String(), QuietFrom: w.Quiet.From.String(),
				QuietUntil: w.Quiet.Until.String(), MaxPerDay: w.MaxPerDay, MaxPerWeek: w.MaxPerWeek,
				Days: mapped(w.Days.List(), func(d time.Weekday) Weekday { return Weekday(program.WeekdayName(d)) }),
				Windows: mapped(w.Windows, func(w localtime.Window) ReminderWindow {
					return ReminderWindow{From: w.From.String(), Until: w.Until.String()}
				}),
			},
		},
	}
}

func fromPreferences(p Preferences) (people.Preferences, error) {
	var clock clockReader
	w := p.Reminders
	days := mapped(w.Days, func(d Weekday) time.Weekday {
		day, _ := program.ParseWeekday(string(d))
		return day
	})
	return people.Preferences{
		Language: people.Language(p.Language), Zone: p.TimeZone, Research: p.ResearchConsent,
		Reminders: people.ReminderWishes{
			Consent: w.PushConsent, Anchor: clock.read(w.AnchorTime),
			Quiet: localtime.Window{From: clock.read(w.QuietFrom), Until: clock.read(w.QuietUntil)},
			Days:  people.WeekdaysOf(days...),
			Windows: mapped(w.Windows, func(w ReminderWindow) localtime.Window {
				return localtime.Window{From: clock.read(w.From), Until: clock.read(w.Until)}
			}),
			MaxPerDay: w.MaxPerDay, MaxPerWeek: w.MaxPerWeek,
		},
	}, clock.err
}

// ListMyDevices implements StrictServerInterface.
func (s *Server) ListMyDevices(ctx context.Context, _ ListMyDevicesRequestObject) (ListMyDevicesResponseObject, error) {
	viewer := viewerOf(ctx)
	devices, err := s.parts.People.Devices(ctx, viewer)
	if err != nil {
		return nil, err
	}
	return ListMyDevices200JSONResponse{Data: mapped(devices, func(d people.Device) Device {
		return Device{
			ID:         ID(d.ID),
			Name:       d.Name,
			Platform:   d.Platform,
			PairedAt:   d.PairedAt,
			LastSeenAt: d.SeenAt,
			HasPush:    d.HasPush,
			Current:    d.ID == viewer.Device,
		}
	})}, nil
}

// PutPushRegistration implements StrictServerInterface.
func (s *Server) PutPushRegistration(
	ctx context.Context, r PutPushRegistrationRequestObject,
) (PutPushRegistrationResponseObject, error) {
	err := s.parts.People.RegisterPush(ctx, viewerOf(ctx), people.PushTarget{
		Device: id.Device(r.DeviceID), Kind: string(r.Body.Kind), Address: r.Body.Address, Zone: value(r.Body.TimeZone),
	})
	return PutPushRegistration204Response{}, err
}

// DeletePushRegistration implements StrictServerInterface.
func (s *Server) DeletePushRegistration(
	ctx context.Context, r DeletePushRegistrationRequestObject,
) (DeletePushRegistrationResponseObject, error) {
	return DeletePushRegistration204Response{}, s.parts.People.UnregisterPush(ctx, viewerOf(ctx), id.Device(r.DeviceID))
}

// CreatePatient implements StrictServerInterface.
func (s *Server) CreatePatient(ctx context.Context, r CreatePatientRequestObject) (CreatePatientResponseObject, error) {
	p, created, err := s.parts.People.CreatePatient(ctx, viewerOf(ctx), people.NewPatient{
		ID:        id.Patient(r.Body.ID),
		Name:      r.Body.Name,
		BirthYear: r.Body.BirthYear,
		Complaint: people.Complaint(r.Body.Complaint),
		Language:  people.Language(r.Body.Language),
		Zone:      r.Body.TimeZone,
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return CreatePatient201JSONResponse(toPatient(p)), nil
	default:
		return CreatePatient200JSONResponse{PatientJSONResponse(toPatient(p))}, nil
	}
}

// GetPatient implements StrictServerInterface.
func (s *Server) GetPatient(ctx context.Context, r GetPatientRequestObject) (GetPatientResponseObject, error) {
	p, err := s.parts.People.Patient(ctx, viewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return GetPatient200JSONResponse{PatientJSONResponse(toPatient(p))}, nil
}

// SetPhase implements StrictServerInterface.
func (s *Server) SetPhase(ctx context.Context, r SetPhaseRequestObject) (SetPhaseResponseObject, error) {
	p, err := s.parts.People.SetPhase(ctx, viewerOf(ctx), id.Patient(r.PatientID), people.Phase(r.Body.Phase))
	if err != nil {
		return nil, err
	}
	return SetPhase200JSONResponse{PatientJSONResponse(toPatient(p))}, nil
}

func toPatient(p people.Patient) Patient {
	return Patient{
		ID: ID(p.ID), Name: p.Name, BirthYear: p.BirthYear, Complaint: Complaint(p.Complaint),
		Language: Language(p.Language), TimeZone: p.Preferences().Zone, Phase: Phase(p.Phase), CreatedAt: p.CreatedAt,
		Therapists: mapped(p.Therapists, func(m id.Member) ID { return ID(m) }),
	}
}

// AssignTherapist implements StrictServerInterface.
func (s *Server) AssignTherapist(
	ctx context.Context, r AssignTherapistRequestObject,
) (AssignTherapistResponseObject, error) {
	return AssignTherapist204Response{}, s.parts.People.Assign(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), id.Member(r.MemberID),
	)
}

// UnassignTherapist implements StrictServerInterface.
func (s *Server) UnassignTherapist(
	ctx context.Context, r UnassignTherapistRequestObject,
) (UnassignTherapistResponseObject, error) {
	return UnassignTherapist204Response{}, s.parts.People.Unassign(
		ctx, viewerOf(ctx), id.Patient(r.PatientID), id.Member(r.MemberID),
	)
}

// ListMembers implements StrictServerInterface.
func (s *Server) ListMembers(ctx context.Context, _ ListMembersRequestObject) (ListMembersResponseObject, error) {
	members, err := s.parts.People.Members(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return ListMembers200JSONResponse{Data: mapped(members, toMember)}, nil
}

// CreateMember implements StrictServerInterface.
func (s *Server) CreateMember(ctx context.Context, r CreateMemberRequestObject) (CreateMemberResponseObject, error) {
	m, created, err := s.parts.People.CreateMember(ctx, viewerOf(ctx), people.NewMember{
		ID:       id.Member(r.Body.ID),
		Name:     r.Body.Name,
		Email:    r.Body.Email,
		Password: r.Body.Password,
		Role:     access.Role(r.Body.Role),
	})
	switch {
	case err != nil:
		return nil, err
	case created:
		return CreateMember201JSONResponse(toMember(m)), nil
	default:
		return CreateMember200JSONResponse{MemberJSONResponse(toMember(m))}, nil
	}
}

func toMember(m people.Member) Member {
	return Member{ID: ID(m.ID), Name: m.Name, Email: m.Email, Role: MemberRole(m.Role)}
}
