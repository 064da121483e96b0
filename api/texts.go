package api

import (
	"maps"
	"slices"
)

// problemText is what a person reads about a problem, Dutch and English side by side.
type problemText struct{ titleNL, titleEN, detailNL, detailEN string }

func textOf(code string) problemText {
	if text, known := problemTexts[code]; known {
		return text
	}
	return problemTexts["internal"]
}

// ProblemCodes lists the codes with a page of their own.
func ProblemCodes() []string { return slices.Collect(maps.Keys(problemTexts)) }

// FieldCodes lists what can be wrong with one field.
func FieldCodes() []string { return slices.Collect(maps.Keys(fieldTexts)) }

var problemTexts = map[string]problemText{
	"invalid-input":          {"Ongeldige invoer", "Invalid input", "Niet alle velden kloppen.", "Some fields are not right."},
	"malformed-request":      {"Onleesbaar verzoek", "Malformed request", "Dit verzoek is niet te lezen.", "This request cannot be read."},
	"unauthenticated":        {"Niet aangemeld", "Not signed in", "Meld u opnieuw aan.", "Please sign in again."},
	"wrong-login":            {"Aanmelden mislukt", "Sign-in failed", "E-mailadres of wachtwoord klopt niet.", "The e-mail address or password is not right."},
	"other-draft":            {"Twee concepten", "Two drafts", "Intussen is een ander concept bewaard. Hieronder staat wat u schreef; bewaren vervangt het andere.", "Somebody stored another draft meanwhile. Below is what you wrote; saving replaces the other."},
	"wrong-code":             {"Code klopt niet", "Code not right", "De code klopt niet of is al gebruikt. Wacht op een nieuwe code, of gebruik een herstelcode.", "The code is not right or was used. Wait for a new one, or use a recovery code."},
	"second-factor-required": {"Code nodig", "Code needed", "Geef ook de code van uw authenticator-app.", "Give the code of your authenticator app as well."},
	"second-factor-missing":  {"Stel eerst een authenticator-app in", "Set up an authenticator app first", "Meld u aan op het dashboard en stel daar een authenticator-app in.", "Sign in to the dashboard and set up an authenticator app there."},
	"setup-link":             {"Link werkt niet", "Link does not work", "Deze link is gebruikt, verlopen of onvolledig. Start de server opnieuw voor een nieuwe.", "This link was used, has expired or is incomplete. Restart the server for a new one."},
	"refresh-invalid":        {"Sessie verlopen", "Session expired", "Meld u opnieuw aan.", "Please sign in again."},
	"refresh-reused":         {"Sessie beëindigd", "Session ended", "Deze sessie is voor de veiligheid beëindigd. Meld u opnieuw aan.", "This session was ended for safety. Please sign in again."},
	"forbidden":              {"Niet toegestaan", "Not allowed", "U mag dit niet doen.", "You may not do this."},
	"not-found":              {"Niet gevonden", "Not found", "Dit bestaat niet, of u kunt het niet zien.", "This does not exist, or you cannot see it."},
	"no-active-program":      {"Nog geen programma", "No program yet", "Uw therapeut heeft nog geen programma klaargezet.", "Your therapist has not published a program yet."},
	"pairing-not-found":      {"Code klopt niet", "Code not right", "De code of het geboortejaar klopt niet, of de code is verlopen. Vraag uw praktijk om een nieuwe.", "The code or year of birth is not right, or the code has expired. Ask your practice for a new one."},
	"pairing-not-open":       {"Uitnodiging gesloten", "Invite closed", "Deze uitnodiging is gebruikt, ingetrokken of verlopen.", "This invite was used, revoked or has expired."},
	"media-full":             {"Geen ruimte meer", "No room left", "De praktijk heeft geen ruimte voor meer foto's en films. Haal eerst films bij oefeningen weg.", "The practice has no room for more pictures and films. Take films from exercises first."},
	"id-reused":              {"Nummer al in gebruik", "Id already used", "Met dit id is al iets anders opgeslagen.", "Something else is stored under this id."},
	"session-deleted":        {"Sessie verwijderd", "Session deleted", "Deze sessie is verwijderd.", "This session was deleted."},
	"edit-window-closed":     {"Te laat om te wijzigen", "Too late to change", "Dit kan tot 7 dagen na het invullen. U kunt nog wel een opmerking toevoegen.", "This is possible up to 7 days after logging. You can still add a note."},
	"still-editable":         {"Nog te wijzigen", "Still editable", "Wijzig de sessie zelf; dat kan tot 7 dagen na het invullen.", "Correct the session itself; that is possible up to 7 days after logging."},
	"overlaps":               {"Al een pauze", "Already paused", "Er is al een pauze op deze dagen.", "These days are paused already."},
	"before-latest-version":  {"Latere versie bestaat", "A later version exists", "Er is al een versie die later ingaat.", "A version that starts later has been published."},
	"stale-version":          {"Intussen gewijzigd", "Changed meanwhile", "Dit is intussen gewijzigd. Lees het opnieuw.", "This was changed meanwhile. Read it again."},
	"if-match-required":      {"If-Match ontbreekt", "If-Match missing", "Stuur de ETag mee die u het laatst las.", "Send the ETag that you read last."},
	"safety-stop":            {"Eerst beoordelen", "Assess first", "Er is een veiligheidsstop. Een therapeut moet die eerst beoordelen.", "There is a safety stop. A therapist has to assess it first."},
	"needs-clinical-review":  {"Eerst beoordelen", "Review first", "Antwoorden in de intake vragen om een beoordeling.", "Answers in the intake need a review."},
	"intake-missing":         {"Nog geen intake", "No intake yet", "Er is nog geen intake ingestuurd.", "No intake has been submitted yet."},
	"already-closed":         {"Al afgehandeld", "Already closed", "Deze wens is al met een andere uitkomst afgesloten.", "This wish was closed with another outcome already."},
	"already-acted":          {"Niet meer uit te stellen", "No longer to be put off", "Deze herinnering is niet meer uit te stellen.", "This reminder can no longer be put off."},
	"already-resolved":       {"Al afgehandeld", "Already resolved", "Deze melding is al afgehandeld.", "This alert was resolved already."},
	"decision-needed":        {"Beslissing nodig", "Decision needed", "Leg een beslissing over de veiligheid vast; dan sluit deze melding.", "Record a safety decision; that closes this alert."},
	"already-decided":        {"Al beslist", "Already decided", "Over dit voorstel is al beslist.", "This proposal was decided already."},
	"nothing-changed":        {"Niets gewijzigd", "Nothing changed", "Dit is al zo.", "It is like this already."},
	"overtaken":              {"Intussen gewijzigd", "Changed meanwhile", "Deze oefening is intussen gewijzigd.", "This exercise has changed meanwhile."},
	"pain-alert-open":        {"Eerst de pijn bekijken", "Look at the pain first", "Er is een melding over pijn open. Handel die eerst af.", "An alert about pain is open. Resolve it first."},
	"flare-open":             {"Al een opvlamming", "A flare already", "Er loopt al een opvlamming.", "A flare is open already."},
	"lighter-already":        {"Al lichter", "Lighter already", "Uw programma is nu al lichter.", "Your program is lighter already."},
	"program-full":           {"Programma is vol", "Program is full", "Er staan al vier oefeningen in het programma. Haal er eerst een uit.", "There are four exercises in the program already. Take one out first."},
	"not-open-yet":           {"Nog niet open", "Not open yet", "Deze module gaat later open.", "This module opens later."},
	"locked-by-feedback":     {"Al beantwoord", "Answered already", "Uw therapeut heeft al geantwoord.", "Your therapist has answered already."},
	"nothing-submitted":      {"Nog niets ingestuurd", "Nothing submitted", "De patiënt heeft nog niets ingestuurd.", "The patient has not submitted anything yet."},
	"task-closed":            {"Niet aan de beurt", "Not due", "Deze vragenlijst is nu niet aan de beurt.", "This questionnaire is not due now."},
	"email-taken":            {"E-mailadres bestaat al", "E-mail address taken", "Iemand anders heeft dit e-mailadres.", "Somebody else has this e-mail address."},
	"too-many-streams":       {"Te veel schermen", "Too many streams", "Sluit een ander scherm en probeer het opnieuw.", "Close another screen and try again."},
	"too-many-attempts":      {"Te veel pogingen", "Too many tries", "Wacht even en probeer het dan opnieuw.", "Wait a while and try again."},
	"busy":                   {"Even geduld", "Busy", "Probeer het over enkele seconden opnieuw.", "Try again in a few seconds."},
	"overloaded":             {"Even geduld", "Busy", "Er is niets opgeslagen. Probeer het over enkele seconden opnieuw.", "Nothing was stored. Try again in a few seconds."},
	"database-unavailable":   {"Tijdelijk niet beschikbaar", "Temporarily unavailable", "Er is niets opgeslagen. Probeer het opnieuw.", "Nothing was stored. Try again."},
	"perhaps-stored":         {"Antwoord kwijtgeraakt", "Answer lost", "Misschien is het opgeslagen. Stuur hetzelfde opnieuw. Logt u in? Wacht dan op een nieuwe code.", "It may have been stored. Send the same again. Are you signing in? Then wait for a new code."},
	"method-not-allowed":     {"Methode niet toegestaan", "Method not allowed", "Deze methode bestaat hier niet.", "This path has no such method."},
	"request-timeout":        {"Te lang gewacht", "Waited too long", "Het verzoek kwam niet op tijd. Stuur het opnieuw.", "The request did not come in time. Send it again."},
	"unsupported-media-type": {"Verkeerd soort inhoud", "Wrong kind of content", "Stuur het ongecomprimeerd, en als het type dat de API-beschrijving noemt.", "Send it uncompressed, and as the type that the API description names."},
	"body-too-large":         {"Te groot", "Too large", "Dit verzoek is te groot.", "This request is too large."},
	"internal":               {"Er ging iets mis", "Something went wrong", "Dit ligt aan ons. Noem het nummer van dit verzoek als u ons belt.", "This is our fault. Name the request id if you call us."},
}

// fieldTexts says what is wrong with one field, Dutch first.
var fieldTexts = map[string][2]string{
	"required":              {"Dit veld is verplicht.", "This field is required."},
	"unknown-field":         {"Dit veld bestaat niet.", "This field does not exist."},
	"unknown-parameter":     {"Deze parameter bestaat niet.", "This parameter does not exist."},
	"wrong-type":            {"Dit is een verkeerd soort waarde.", "This is the wrong kind of value."},
	"not-a-whole-number":    {"Schrijf een heel getal, zonder punt.", "Write a whole number, without a point."},
	"out-of-range":          {"Dit getal is te klein of te groot.", "This number is too small or too large."},
	"outcome-not-chosen":    {"Kies wat er van de melding kwam.", "Choose what came of the alert."},
	"unknown-value":         {"Deze waarde is niet bekend.", "This value is not known."},
	"too-short":             {"Deze tekst is te kort.", "This text is too short."},
	"too-long":              {"Deze tekst is te lang.", "This text is too long."},
	"too-few":               {"Er ontbreekt iets in deze lijst.", "This list has too few entries."},
	"too-many":              {"Deze lijst is te lang.", "This list has too many entries."},
	"duplicate":             {"Dit staat er dubbel.", "This is there twice."},
	"duplicate-key":         {"Dit veld staat er dubbel.", "This field is there twice."},
	"invalid-format":        {"Dit is niet goed geschreven.", "This is not written correctly."},
	"invalid-json":          {"Dit is geen geldige JSON.", "This is not valid JSON."},
	"invalid-input":         {"Dit klopt niet.", "This is not right."},
	"body-required":         {"Er is niets meegestuurd.", "The request has no body."},
	"unknown-time-zone":     {"Deze tijdzone bestaat niet.", "This time zone does not exist."},
	"in-the-future":         {"Dit ligt in de toekomst.", "This lies in the future."},
	"in-the-past":           {"Dit ligt in het verleden.", "This lies in the past."},
	"too-old":               {"Dit is meer dan 30 dagen geleden.", "This is more than 30 days ago."},
	"too-long-ago":          {"Dit kan tot 7 dagen terug.", "This is possible up to 7 days back."},
	"too-far-ahead":         {"Dit ligt te ver vooruit.", "This lies too far ahead."},
	"not-the-day-performed": {"Dit is niet de dag van performed_at in deze tijdzone.", "This is not the day of performed_at in this time zone."},
	"unknown-version":       {"Deze versie van het programma bestaat niet.", "This version of the program does not exist."},
	"unknown-item":          {"Deze oefening hoort niet bij deze versie.", "This item is not part of that version."},
	"unknown-exercise":      {"Deze oefening staat niet in de bibliotheek.", "This exercise is not in the library."},
	"unknown-session":       {"Deze sessie bestaat niet.", "This session does not exist."},
	"nothing-recorded":      {"Vul in wat er gedaan is, of waarom niet.", "Say what was done, or why not."},
	"skipped-but-done":      {"Overgeslagen en gedaan gaat niet samen.", "Skipped and done do not go together."},
	"only-when-stopped":     {"Dit hoort alleen bij een gestopte sessie.", "This belongs to a stopped session only."},
	"only-about-session":    {"Dit hoort alleen bij een bericht over een sessie.", "This belongs to feedback about a session only."},
	"wrong-dose":            {"Deze oefening heeft een andere soort dosis.", "This exercise has another kind of dose."},
	"above-dose":            {"Het minimum is hoger dan de dosis.", "The minimum is higher than the dose."},
	"not-with-quota":        {"Dit hoort bij vaste dagen.", "This belongs to fixed days."},
	"not-with-days":         {"Dit hoort bij een aantal per week.", "This belongs to a weekly quota."},
	"period-too-long":       {"Deze periode is te lang. Vraag hem in delen op.", "This period is too long. Ask for it in parts."},
	"before-start":          {"Het einde ligt voor het begin.", "The end lies before the start."},
	"pause-too-long":        {"Deze pauze is te lang. Overleg met uw therapeut.", "This pause is too long. Talk to your therapist."},
	"time-or-after":         {"Kies een tijd, of iets waarna u oefent.", "Choose a time, or something after which you exercise."},
	"window-too-short":      {"Een periode duurt minstens een uur en eindigt op dezelfde dag.", "A window lasts at least an hour and ends on the same day."},
	"quiet-too-short":       {"Stille uren duren minstens 8 uur.", "Quiet hours last at least 8 hours."},
	"contradicts":           {"Dit staat ook bij wat u niet wilt.", "This is also among what you would rather not do."},
	"not-when-refused":      {"Bij een afgewezen voorstel hoort geen versie.", "A refused proposal has no version."},
	"not-as-proposed":       {"Dit wijkt af van het voorstel; kies dan 'changed'.", "This differs from the proposal; choose 'changed' then."},
	"as-proposed":           {"Dit is gelijk aan het voorstel; kies dan 'accepted'.", "This is the proposal as it stands; choose 'accepted' then."},
	"only-with-set":         {"Een dosis of schema hoort bij 'set'.", "A dose or schedule belongs to 'set'."},
	"at-the-top":            {"Dit is al de zwaarste stap.", "This is the hardest step already."},
	"at-the-bottom":         {"Dit is al de lichtste stap.", "This is the lightest step already."},
	"not-an-alternative":    {"Deze oefening is geen alternatief.", "This exercise is no alternative."},
	"only-with-episode":     {"Dit hoort bij nieuwe klachten.", "This belongs to a new episode."},
	"no-core":               {"Minstens één oefening is een kernonderdeel.", "At least one item is core."},
	"unreadable-media":      {"Dit is geen JPEG, PNG of MP4 die we kunnen lezen.", "This is no JPEG, PNG or MP4 that we can read."},
	"unplayable-film":       {"Niet elke browser toont deze film. Bewaar hem als MP4 met H.264.", "Not every browser shows this film. Save it as MP4 with H.264."},
	"too-many-pixels":       {"Deze foto heeft te veel beeldpunten. Maak hem kleiner.", "This picture has too many pixels. Make it smaller."},
	"media-too-large":       {"Een foto mag 6 MB zijn, een film 16 MB.", "A picture may be 6 MB, a film 16 MB."},
	"location-in-film":      {"In deze film staat waar hij is gemaakt. Zet de locatie uit en bewaar hem opnieuw.", "This film says where it was made. Switch the location off and save it again."},
	"unknown-media":         {"Deze foto of film is er niet.", "There is no such picture or film."},
	"core-locked":           {"Een kernonderdeel van het sjabloon ontbreekt of is gewijzigd.", "A core item of the template is missing or changed."},
	"unknown-template":      {"Dit sjabloon bestaat niet.", "This template does not exist."},
	"not-five-weeks":        {"Kies vijf weken van 1 tot 52, van vroeg naar laat.", "Choose five weeks from 1 to 52, early to late."},
	"too-common":            {"Kies een wachtwoord dat moeilijker te raden is.", "Choose a password that is harder to guess."},
}
