package api

import (
	"context"
	"time"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// GetMe implements StrictServerInterface.
func (s *Server) GetMe(ctx context.Context, _ wire.GetMeRequestObject) (wire.GetMeResponseObject, error) {
	self, err := s.parts.People.Self(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	if p := self.Patient; p != nil {
		language := wire.Language(p.Language)
		return wire.GetMe200JSONResponse{
			ID:       wire.ID(p.ID),
			Role:     wire.MeRolePatient,
			Name:     p.Name,
			Language: &language,
			Practice: self.PracticeName,
		}, nil
	}
	m := self.Member
	return wire.GetMe200JSONResponse{
		ID:       wire.ID(m.ID),
		Role:     wire.MeRole(m.Role),
		Name:     m.Name,
		Practice: self.PracticeName,
	}, nil
}

// GetPreferences implements StrictServerInterface.
func (s *Server) GetPreferences(
	ctx context.Context, _ wire.GetPreferencesRequestObject,
) (wire.GetPreferencesResponseObject, error) {
	p, err := s.parts.People.Preferences(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.GetPreferences200JSONResponse{PreferencesJSONResponse: toPreferencesResponse(p)}, nil
}

// PutPreferences implements StrictServerInterface.
func (s *Server) PutPreferences(
	ctx context.Context, r wire.PutPreferencesRequestObject,
) (wire.PutPreferencesResponseObject, error) {
	wanted, err := fromPreferences(*r.Body)
	if err != nil {
		return nil, err
	}
	if err := s.parts.People.SetPreferences(ctx, door.ViewerOf(ctx), wanted, ifMatch(r.Params.IfMatch)); err != nil {
		return nil, err
	}
	return wire.PutPreferences200JSONResponse{PreferencesJSONResponse: toPreferencesResponse(wanted)}, nil
}

func toPreferencesResponse(p people.Preferences) wire.PreferencesJSONResponse {
	w := p.Reminders
	return wire.PreferencesJSONResponse{
		Headers: wire.PreferencesResponseHeaders{ETag: etag(p.Version())},
		Body: wire.Preferences{
			Language: wire.Language(p.Language), TimeZone: p.Zone, ResearchConsent: p.Research,
			Reminders: wire.ReminderPreferences{
				PushConsent: w.Consent, AnchorTime: w.Anchor.String(), QuietFrom: w.Quiet.From.String(),
				QuietUntil: w.Quiet.Until.String(), MaxPerDay: w.MaxPerDay, MaxPerWeek: w.MaxPerWeek,
				Days: mapped(
					w.Days.List(), func(d time.Weekday) wire.Weekday { return wire.Weekday(program.WeekdayName(d)) },
				),
				Windows: mapped(w.Windows, func(w localtime.Window) wire.ReminderWindow {
					return wire.ReminderWindow{From: w.From.String(), Until: w.Until.String()}
				}),
			},
		},
	}
}

func fromPreferences(p wire.Preferences) (people.Preferences, error) {
	var clock clockReader
	w := p.Reminders
	days := mapped(w.Days, func(d wire.Weekday) time.Weekday {
		day, _ := program.ParseWeekday(string(d))
		return day
	})
	return people.Preferences{
		Language: people.Language(p.Language), Zone: p.TimeZone, Research: p.ResearchConsent,
		Reminders: people.ReminderWishes{
			Consent: w.PushConsent, Anchor: clock.read(w.AnchorTime),
			Quiet: localtime.Window{From: clock.read(w.QuietFrom), Until: clock.read(w.QuietUntil)},
			Days:  people.WeekdaysOf(days...),
			Windows: mapped(w.Windows, func(w wire.ReminderWindow) localtime.Window {
				return localtime.Window{From: clock.read(w.From), Until: clock.read(w.Until)}
			}),
			MaxPerDay: w.MaxPerDay, MaxPerWeek: w.MaxPerWeek,
		},
	}, clock.err
}

// ListMyDevices implements StrictServerInterface.
func (s *Server) ListMyDevices(
	ctx context.Context, _ wire.ListMyDevicesRequestObject,
) (wire.ListMyDevicesResponseObject, error) {
	viewer := door.ViewerOf(ctx)
	devices, err := s.parts.People.Devices(ctx, viewer)
	if err != nil {
		return nil, err
	}
	return wire.ListMyDevices200JSONResponse{Data: mapped(devices, func(d people.Device) wire.Device {
		return wire.Device{
			ID:         wire.ID(d.ID),
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
	ctx context.Context, r wire.PutPushRegistrationRequestObject,
) (wire.PutPushRegistrationResponseObject, error) {
	err := s.parts.People.RegisterPush(ctx, door.ViewerOf(ctx), people.PushTarget{
		Device: id.Device(r.DeviceID), Kind: string(r.Body.Kind), Address: r.Body.Address, Zone: value(r.Body.TimeZone),
	})
	return wire.PutPushRegistration204Response{}, err
}

// DeletePushRegistration implements StrictServerInterface.
func (s *Server) DeletePushRegistration(
	ctx context.Context, r wire.DeletePushRegistrationRequestObject,
) (wire.DeletePushRegistrationResponseObject, error) {
	return wire.DeletePushRegistration204Response{}, s.parts.People.UnregisterPush(
		ctx, door.ViewerOf(ctx), id.Device(r.DeviceID),
	)
}

// CreatePatient implements StrictServerInterface.
func (s *Server) CreatePatient(
	ctx context.Context, r wire.CreatePatientRequestObject,
) (wire.CreatePatientResponseObject, error) {
	p, created, err := s.parts.People.CreatePatient(ctx, door.ViewerOf(ctx), people.NewPatient{
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
		return wire.CreatePatient201JSONResponse(toPatient(p)), nil
	default:
		return wire.CreatePatient200JSONResponse{PatientJSONResponse: wire.PatientJSONResponse(toPatient(p))}, nil
	}
}

// GetPatient implements StrictServerInterface.
func (s *Server) GetPatient(
	ctx context.Context, r wire.GetPatientRequestObject,
) (wire.GetPatientResponseObject, error) {
	p, err := s.parts.People.Patient(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID))
	if err != nil {
		return nil, err
	}
	return wire.GetPatient200JSONResponse{PatientJSONResponse: wire.PatientJSONResponse(toPatient(p))}, nil
}

// SetPhase implements StrictServerInterface.
func (s *Server) SetPhase(ctx context.Context, r wire.SetPhaseRequestObject) (wire.SetPhaseResponseObject, error) {
	p, err := s.parts.People.SetPhase(ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), people.Phase(r.Body.Phase))
	if err != nil {
		return nil, err
	}
	return wire.SetPhase200JSONResponse{PatientJSONResponse: wire.PatientJSONResponse(toPatient(p))}, nil
}

func toPatient(p people.Patient) wire.Patient {
	return wire.Patient{
		ID: wire.ID(p.ID), Name: p.Name, BirthYear: p.BirthYear, Complaint: wire.Complaint(p.Complaint),
		Language: wire.Language(p.Language), TimeZone: p.Preferences().Zone, Phase: wire.Phase(p.Phase),
		CreatedAt:  p.CreatedAt,
		Therapists: mapped(p.Therapists, func(m id.Member) wire.ID { return wire.ID(m) }),
	}
}

// AssignTherapist implements StrictServerInterface.
func (s *Server) AssignTherapist(
	ctx context.Context, r wire.AssignTherapistRequestObject,
) (wire.AssignTherapistResponseObject, error) {
	return wire.AssignTherapist204Response{}, s.parts.People.Assign(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Member(r.MemberID),
	)
}

// UnassignTherapist implements StrictServerInterface.
func (s *Server) UnassignTherapist(
	ctx context.Context, r wire.UnassignTherapistRequestObject,
) (wire.UnassignTherapistResponseObject, error) {
	return wire.UnassignTherapist204Response{}, s.parts.People.Unassign(
		ctx, door.ViewerOf(ctx), id.Patient(r.PatientID), id.Member(r.MemberID),
	)
}

// ListMembers implements StrictServerInterface.
func (s *Server) ListMembers(
	ctx context.Context, _ wire.ListMembersRequestObject,
) (wire.ListMembersResponseObject, error) {
	members, err := s.parts.People.Members(ctx, door.ViewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return wire.ListMembers200JSONResponse{Data: mapped(members, toMember)}, nil
}

// CreateMember implements StrictServerInterface.
func (s *Server) CreateMember(
	ctx context.Context, r wire.CreateMemberRequestObject,
) (wire.CreateMemberResponseObject, error) {
	m, created, err := s.parts.People.CreateMember(ctx, door.ViewerOf(ctx), people.NewMember{
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
		return wire.CreateMember201JSONResponse(toMember(m)), nil
	default:
		return wire.CreateMember200JSONResponse{MemberJSONResponse: wire.MemberJSONResponse(toMember(m))}, nil
	}
}

func toMember(m people.Member) wire.Member {
	return wire.Member{ID: wire.ID(m.ID), Name: m.Name, Email: m.Email, Role: wire.MemberRole(m.Role)}
}
