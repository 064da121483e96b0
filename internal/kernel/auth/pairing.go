package auth

import (
	"context"
	"crypto/hmac"
	"strings"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// PairingState is the state of an invite.
type PairingState string

// The states of an invite; only a pending one works.
const (
	Pending  PairingState = "pending"
	Redeemed PairingState = "redeemed"
	Revoked  PairingState = "revoked"
	Expired  PairingState = "expired"
)

// Pairing is an invite for one patient's phone. Code and QRPayload are set only for the member who created it.
type Pairing struct {
	ID        id.Pairing
	Patient   id.Patient
	State     PairingState
	ExpiresAt time.Time
	Code      string
	QRPayload string
}

// Invite creates an invite and ends the patient's older ones. Repeating the request with the same id returns the same
// code while the invite is pending, and ErrPairingGone after that.
func (s *Service) Invite(
	ctx context.Context, v access.Viewer, pairing id.Pairing, patient id.Patient,
) (Pairing, bool, error) {
	ask := v.Asks(access.CreatePairing, patient)
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Pairing, bool, error) {
		row := s.newPairingRow(tx, v, pairing, patient)
		created, err := newStore(tx).insertPairing(row)
		if err != nil {
			return Pairing{}, false, err
		}
		if !created {
			p, err := s.repeatInvite(tx, pairing, patient)
			return p, false, err
		}
		return s.withCode(row.toPairing(tx.Now())), true, nil
	})
}

func (s *Service) repeatInvite(tx *database.Tx, pairing id.Pairing, patient id.Patient) (Pairing, error) {
	row, err := newStore(tx).pairing(pairing)
	if err != nil {
		return Pairing{}, err
	}
	stored := row.toPairing(tx.Now())
	if stored.Patient != patient {
		return Pairing{}, database.ErrIDReused
	}
	if stored.State != Pending {
		return Pairing{}, ErrPairingGone
	}
	return s.withCode(stored), nil
}

func (s *Service) newPairingRow(tx *database.Tx, v access.Viewer, pairing id.Pairing, patient id.Patient) pairingRow {
	return pairingRow{
		ID: string(pairing), PatientID: string(patient), CreatedBy: string(v.Member),
		CodeHash:   s.keys.pairingHash(s.keys.pairingCode(pairing)),
		SecretHash: s.keys.pairingHash(s.keys.pairingSecret(pairing)),
		CreatedAt:  database.At(tx.Now()), ExpiresAt: database.At(tx.Now().Add(InviteTTL)),
	}
}

func (s *Service) withCode(p Pairing) Pairing {
	p.Code = grouped(s.keys.pairingCode(p.ID))
	p.QRPayload = strings.TrimSuffix(s.issuer, "/") + "/p#" + s.keys.pairingSecret(p.ID)
	return p
}

// Pairing returns an invite without its code.
func (s *Service) Pairing(ctx context.Context, v access.Viewer, pairing id.Pairing) (Pairing, error) {
	ask := v.AsksAbout(access.GetPairing, patientOf(pairing))
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (Pairing, error) {
		row, err := newStore(tx).pairing(pairing)
		if err != nil {
			return Pairing{}, err
		}
		return row.toPairing(tx.Now()), nil
	})
}

// RevokePairing revokes a pending invite. Revoking it again changes nothing.
func (s *Service) RevokePairing(ctx context.Context, v access.Viewer, pairing id.Pairing) error {
	ask := v.AsksAbout(access.RevokePairing, patientOf(pairing))
	return access.Change(ctx, s.guard, ask, func(tx *database.Tx) error {
		return newStore(tx).revokePairing(pairing)
	})
}

func patientOf(pairing id.Pairing) func(*database.Tx) (id.Patient, error) {
	return func(tx *database.Tx) (id.Patient, error) {
		row, err := newStore(tx).pairing(pairing)
		return id.Patient(row.PatientID), err
	}
}

// Redemption is what a patient presents to pair a phone.
type Redemption struct {
	Code      string // typed code or QR secret
	BirthYear int
	Device    NewDevice
	Address   string // where the request came from
}

// Redeem pairs a phone. Wrong, used, expired and revoked codes and a wrong year of birth all return ErrPairing; five
// wrong years end the invite. If the phone has an id, the same request within 5 minutes gets the same answer.
func (s *Service) Redeem(ctx context.Context, r Redemption) (tokens Tokens, err error) {
	var refused error
	err = s.db.Write(ctx, func(tx *database.Tx) (err error) {
		network := networkOf(r.Address)
		if err := pairingLimit.take(tx, network); err != nil {
			return err
		}
		if tokens, refused, err = s.redeem(tx, r); err != nil || refused != nil {
			return err
		}
		return pairingLimit.giveBack(tx, network)
	})
	if err != nil {
		return Tokens{}, err
	}
	return tokens, refused // a refusal is committed too: the try counts
}

// redeem returns tokens, or the reason for a refusal. An err undoes the transaction.
func (s *Service) redeem(tx *database.Tx, r Redemption) (_ Tokens, refused, err error) {
	store := newStore(tx)
	row, err := store.pairingByHash(s.keys.pairingHash(normalize(r.Code)))
	if fault.Is(err, fault.NotFound) {
		return Tokens{}, ErrPairing, nil
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	switch row.toPairing(tx.Now()).State {
	case Pending:
	case Redeemed:
		return s.redeemedBefore(store, row, r)
	default:
		return Tokens{}, ErrPairing, nil
	}
	patient := id.Patient(row.PatientID)
	practice, birthYear, err := s.directory.PatientIdentity(tx, patient)
	if err != nil {
		return Tokens{}, nil, err
	}
	if birthYear != r.BirthYear {
		return Tokens{}, ErrPairing, store.countWrongYear(row)
	}
	device, err := s.directory.AddDevice(tx, patient, r.Device)
	if err != nil {
		return Tokens{}, nil, err
	}
	session, hash := id.AuthSession(id.New()), s.keys.redemptionHash(r)
	if err := store.redeemPairing(row.ID, session, hash); err != nil {
		return Tokens{}, nil, err
	}
	v := access.Viewer{Role: access.Patient, Practice: practice, Patient: patient, Device: device, Session: session}
	tokens, err := s.begin(tx, v)
	return tokens, nil, err
}

// answerKept is how long a phone that lost the answer to its pairing may retry.
const answerKept = 5 * time.Minute

// redeemedBefore answers a repetition of a request by the same phone, until the phone renews its tokens. The request
// counts as the same only by the id that the phone gave itself, which nobody else knows: many phones have the same
// name.
func (s *Service) redeemedBefore(store store, row pairingRow, r Redemption) (_ Tokens, refused, err error) {
	isSame := r.Device.ID != "" && row.SessionID != nil &&
		hmac.Equal([]byte(deref(row.RedemptionHash)), []byte(s.keys.redemptionHash(r)))
	if !isSame || store.tx.Now().Sub(row.RedeemedAt.Time()) > answerKept {
		return Tokens{}, ErrPairing, nil
	}
	issued, err := store.firstRefresh(*row.SessionID)
	if err != nil {
		return Tokens{}, nil, err
	}
	first, known := s.keys.issued(issued)
	session, err := store.session(*row.SessionID)
	if err != nil {
		return Tokens{}, nil, err
	}
	if !known || issued.UsedAt != nil || session.RevokedAt != nil {
		return Tokens{}, ErrPairing, nil
	}
	tokens, err := s.tokens(store.tx, session.viewer(), first)
	return tokens, nil, err
}
