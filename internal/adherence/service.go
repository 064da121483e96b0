package adherence

import (
	"context"

	"cadans/internal/access"
	"cadans/internal/database"
	"cadans/internal/people"
)

// Service is the use cases of this package.
type Service struct {
	db     *database.DB
	policy *access.Policy
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy) *Service {
	return &Service{db: db, policy: policy}
}

// Mine returns the viewer's own status and language.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (status Status, l people.Language, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.GetProgress, v.Patient); err != nil {
			return err
		}
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		l = patient.Language
		status, err = StatusOf(tx, patient)
		return err
	})
	return status, l, err
}
