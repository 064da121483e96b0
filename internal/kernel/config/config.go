// Package config reads the environment into one validated value. It refuses to guess: an invalid value stops the
// program before it listens, and all invalid values are reported at once.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is what an operator can set. A secret has a second variable with the suffix _FILE, which names a file with
// the secret.
type Config struct {
	Addr string `env:"CADANS_ADDR" envDefault:"127.0.0.1:8080" desc:"where the API listens, host:port"`
	// OperatorAddr is empty when the operator's listener is off. Its variable is named after /metrics, which it served
	// first.
	OperatorAddr        string        `env:"CADANS_METRICS_ADDR" envDefault:"127.0.0.1:9090" desc:"the operator's listener: /metrics, /healthz and /readyz, host:port; off for nowhere"`
	PublicURL           string        `env:"CADANS_PUBLIC_URL" envDefault:"http://127.0.0.1:8080" desc:"how phones reach this server; stands in QR codes and tokens"`
	DatabasePath        string        `env:"CADANS_DATABASE_PATH" envDefault:"cadans.db" desc:"SQLite file, used when CADANS_DATABASE_URL is empty"`
	AnchorPath          string        `env:"CADANS_ANCHOR_PATH" desc:"file that counts the commits of the SQLite file, best on another disk; beside it when empty"`
	DatabaseURL         string        `env:"CADANS_DATABASE_URL" desc:"PostgreSQL, postgres://user:password@host/name"`
	DatabaseURLFile     string        `env:"CADANS_DATABASE_URL_FILE,file" desc:"file that holds CADANS_DATABASE_URL"`
	DatabasePool        int           `env:"CADANS_DATABASE_CONNECTIONS" envDefault:"18" desc:"connections to PostgreSQL at most, 4 to 500, beside one that listens"`
	DatabaseIdle        time.Duration `env:"CADANS_DATABASE_IDLE" envDefault:"5m" desc:"how long an unused connection stays open, 1s to 12h"`
	DatabaseStatement   time.Duration `env:"CADANS_DATABASE_STATEMENT" envDefault:"30s" desc:"how long PostgreSQL may work on one statement, 1s to 30s"`
	SigningKey          string        `env:"CADANS_SIGNING_KEY" desc:"32 bytes in base64; with SQLite made beside the file when empty"`
	SigningKeyFile      string        `env:"CADANS_SIGNING_KEY_FILE,file" desc:"file that holds CADANS_SIGNING_KEY"`
	PreviousSigningKey  string        `env:"CADANS_PREVIOUS_SIGNING_KEY" desc:"key before the last rotation; its access tokens stay valid"`
	SecondFactor        string        `env:"CADANS_SECOND_FACTOR" envDefault:"required" desc:"whether members need an authenticator app: required, or optional for a trial"`
	FirebaseCredentials string        `env:"CADANS_FIREBASE_CREDENTIALS_FILE" desc:"service account file of Firebase; without it no push can be sent"`
	BehindProxy         bool          `env:"CADANS_BEHIND_PROXY" envDefault:"false" desc:"trust the last entry of X-Forwarded-For; only behind a proxy that appends it"`
	LogLevel            slog.Level    `env:"CADANS_LOG_LEVEL" envDefault:"INFO" desc:"DEBUG (one line a request), INFO, WARN or ERROR"`
	SweepInterval       time.Duration `env:"CADANS_SWEEP_INTERVAL" envDefault:"20s" desc:"how often due reminders are looked for, 1s to 5m"`
	DrainWait           time.Duration `env:"CADANS_DRAIN_WAIT" envDefault:"5s" desc:"how long /readyz answers 503 before the server stops, 0s to 1m"`
}

// Load reads and checks the environment.
func Load(environ map[string]string) (Config, error) {
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: environ}); err != nil {
		return Config{}, fmt.Errorf("config: %w", withoutValues(err))
	}
	c.DatabaseURL = either(c.DatabaseURL, c.DatabaseURLFile)
	c.SigningKey = either(c.SigningKey, c.SigningKeyFile)
	if c.OperatorAddr == off { // an empty variable counts as unset, so it cannot say "nowhere"
		c.OperatorAddr = ""
	}
	return c, errors.Join(c.check(), c.checkPool())
}

// Required is the value of CADANS_SECOND_FACTOR that allows no sign-in by password alone.
const Required = "required"

// off turns a listener off.
const off = "off"

func either(value, fromFile string) string {
	if value != "" {
		return value
	}
	return strings.TrimSpace(fromFile)
}

// withoutValues names the variables that cannot be parsed, without their values, which may be secrets.
func withoutValues(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var named []error
	for _, one := range all.Errors {
		var parse env.ParseError
		if errors.As(one, &parse) {
			field, _ := reflect.TypeFor[Config]().FieldByName(parse.Name)
			one = fmt.Errorf("%s: %s", field.Tag.Get("env"), field.Tag.Get("desc"))
		}
		named = append(named, one)
	}
	return errors.Join(named...)
}

func (c Config) check() error {
	var wrong []error
	refuse := func(name, why string) { wrong = append(wrong, fmt.Errorf("config: %s: %s", name, why)) }
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		refuse("CADANS_ADDR", "not host:port")
	}
	if _, _, err := net.SplitHostPort(c.OperatorAddr); err != nil && c.OperatorAddr != "" {
		refuse("CADANS_METRICS_ADDR", "not host:port")
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		u.RawQuery != "" || u.Fragment != "" {
		refuse("CADANS_PUBLIC_URL", "not an http or https address")
	}
	if u, err := url.Parse(c.DatabaseURL); c.DatabaseURL != "" &&
		(err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql") {
		refuse("CADANS_DATABASE_URL", "not a postgres:// address")
	}
	if c.DatabaseURL == "" && c.DatabasePath == "" {
		refuse("CADANS_DATABASE_PATH", "neither a SQLite file nor a PostgreSQL address is given")
	}
	if c.DatabaseURL != "" && c.SigningKey == "" {
		refuse("CADANS_SIGNING_KEY", "needed with PostgreSQL, as every replica must have the same")
	}
	if c.SecondFactor != Required && c.SecondFactor != "optional" {
		refuse("CADANS_SECOND_FACTOR", "neither required nor optional")
	}
	if c.SweepInterval < time.Second || c.SweepInterval > 5*time.Minute {
		refuse("CADANS_SWEEP_INTERVAL", "not between 1s and 5m")
	}
	if c.DrainWait < 0 || c.DrainWait > time.Minute {
		refuse("CADANS_DRAIN_WAIT", "not between 0s and 1m")
	}
	return errors.Join(wrong...)
}

func (c Config) checkPool() error {
	var wrong []error
	refuse := func(name, why string) { wrong = append(wrong, fmt.Errorf("config: %s: %s", name, why)) }
	if c.DatabasePool < 4 || c.DatabasePool > 500 {
		refuse("CADANS_DATABASE_CONNECTIONS", "not between 4 and 500")
	}
	if c.DatabaseIdle < time.Second || c.DatabaseIdle > 12*time.Hour {
		refuse("CADANS_DATABASE_IDLE", "not between 1s and 12h")
	}
	if c.DatabaseStatement < time.Second || c.DatabaseStatement > 30*time.Second {
		refuse("CADANS_DATABASE_STATEMENT", "not between 1s and 30s")
	}
	return errors.Join(wrong...)
}

// Describe lists every variable with its default, for --help.
func Describe() string {
	var b strings.Builder
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		name, _, _ := strings.Cut(tag.Get("env"), ",")
		fmt.Fprintf(&b, "  %-34s %s", name, tag.Get("desc"))
		if value := tag.Get("envDefault"); value != "" {
			fmt.Fprintf(&b, " (default %s)", value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
